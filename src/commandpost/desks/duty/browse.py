"""All posts, with their strips."""

from __future__ import annotations

from commandpost.desks.duty.picture import PostRow, post_rows
from commandpost.desks.shapes.browse import meets
from commandpost.desks.shapes.common import Look
from commandpost.desks.shapes.coverage import UnfitOf


def _found(look: Look, unfit_of: UnfitOf, filter: str) -> list[PostRow]:
    return [
        row
        for row in post_rows(look, unfit_of)
        if meets(
            (row.name, row.english, row.organisation, *(name for span in row.spans for name in span.people)),
            filter,
        )
    ]


def count(look: Look, unfit_of: UnfitOf, filter: str) -> int:
    return len(_found(look, unfit_of, filter))


def page(look: Look, unfit_of: UnfitOf, filter: str, offset: int, limit: int) -> list[PostRow]:
    return _found(look, unfit_of, filter)[offset : offset + limit]
