"""The rows of a pane: where they are in a picture, which table they are versions of, what a filter reads."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commandpost.board.frame import Pane
    from commandpost.picture import Picture

ROUND: tuple[Pane, ...] = ("todo", "flow", "term", "coverage", "request", "intake")
"""The panes in the order in which ← → and Tab go round."""
TABLES: dict[Pane, str] = {"flow": "gate_pass", "term": "isolation", "request": "supply_request"}
"""Pane → the table its rows are versions of."""
OF_DESK: dict[str, Pane] = {"gate": "flow", "isolation": "term", "duty": "coverage", "supply": "request"}
DESK_OF: dict[Pane, str] = {pane: desk for desk, pane in OF_DESK.items()}
"""Pane → its part of the picture and the name of its desk."""


def rows_of(picture: Picture, pane: Pane) -> tuple[Any, ...]:
    if pane == "todo":
        return picture.todo
    if pane == "intake":
        return picture.drops.rows
    return tuple(getattr(picture, DESK_OF[pane]).rows)


def with_rows(picture: Picture, pane: Pane, rows: tuple[Any, ...]) -> Picture:
    """The picture with other rows in one pane."""
    if pane == "todo":
        return replace(picture, todo=rows)
    name = "drops" if pane == "intake" else DESK_OF[pane]
    return replace(picture, **{name: replace(getattr(picture, name), rows=rows)})


def kept(picture: Picture, pane: Pane, wanted: str) -> tuple[Any, ...]:
    """The rows of a pane that meet a filter; all when it is empty."""
    from commandpost.desks.shapes.browse import meets

    return tuple(row for row in rows_of(picture, pane) if meets(_texts(row), wanted))


def _texts(row: Any) -> list[str]:
    return [value for field in fields(row) if isinstance(value := getattr(row, field.name), str)]
