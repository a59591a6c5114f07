"""All posts, with their strips."""

from __future__ import annotations

from commandpost.desks.duty.picture import PostRow, post_rows
from commandpost.desks.shapes.browse import meets
from commandpost.desks.shapes.common import Look


def _found(look: Look, filter: str) -> list[PostRow]:
    return [
        row
        for row in post_rows(look)
        if meets(
            (row.name, row.english, row.organisation, *(name for span in row.spans for name in span.people)),
            filter,
        )
    ]


def count(look: Look, filter: str) -> int:
    return len(_found(look, filter))


def page(look: Look, filter: str, offset: int, limit: int) -> list[PostRow]:
    return _found(look, filter)[offset : offset + limit]
