"""The whole board as lines: where everything stands at a size, and everything drawn there.

Pure: a picture, a view, a size and a language make the same lines always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from commandpost.board import lines
from commandpost.board.lines import Line
from commandpost.board.panes import coverage, digits, edges, flow, intake, request, term, todo
from commandpost.board.panes.common import Drawn, Head, Pen, band, boxed
from commandpost.board.panes.edges import IntakeState, Key
from commandpost.desks.shapes.common import Freshness
from commandpost.picture import Picture
from commandpost.words import Words

Pane = Literal["todo", "flow", "term", "coverage", "request", "intake"]
Place = Literal[
    "header", "digits", "todo", "flow", "term", "coverage", "request", "intake", "latest", "footer"
]
Form = Literal["bands", "grid", "wall", "single", "small"]
PANES: tuple[Pane, ...] = ("flow", "term", "coverage", "request")
"""Keys 1 to 4."""
SMALLEST = (80, 24)
GRID = (120, 36)
WALL = (200, 60)
RIGHT = 52
"""Cells of the wall's right column."""


class Region(NamedTuple):
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    form: Form
    width: int
    height: int
    regions: Mapping[Place, Region]


@dataclass(frozen=True, slots=True)
class View:
    """How someone looks at the board; everything that is not the picture."""

    focus: Pane = "flow"
    cursors: Mapping[Pane, int] = field(default_factory=dict)
    """Index of the row under each pane's cursor; 0 when not there."""
    offsets: Mapping[Pane, int] = field(default_factory=dict)
    """First row each pane showed last (`Drawn.offset`)."""
    filters: Mapping[Pane, str] = field(default_factory=dict)
    """Words a pane's rows are narrowed to, said in its head; the rows in the picture already are."""
    keys: tuple[Key, ...] = ()
    """The footer's."""
    kiosk: bool = False
    readonly: bool = False
    rotate: int = 0
    """The kiosk on a small screen: which pane, 0 to 3."""
    rotate_in: int = 0
    """Seconds until the next."""
    intake: IntakeState = IntakeState()
    folder: str = ""
    """Where sheets are put, said while nothing has come."""
    now: datetime | None = None
    """The present, when the picture is of the past."""
    ascii: bool = False
    """Frames, bars and signs in ASCII."""


def _bands(width: int, height: int, focus: Pane, todo_lines: int) -> dict[Place, Region]:
    """Four bands under the to-do: the focused 6 lines and its head, the others 3; what is left is shared,
    the focused first."""
    free = height - 2 - todo_lines - 4
    bodies = dict.fromkeys(PANES, 3)
    target: Pane = focus if focus in PANES else "flow"
    bodies[target] = 6
    spare = free - sum(bodies.values())
    while spare > 0:
        for pane in (target, *(other for other in PANES if other != target)):
            if spare:
                bodies[pane] += 1
                spare -= 1
    regions: dict[Place, Region] = {"header": Region(0, 0, width, 1), "todo": Region(0, 1, width, todo_lines)}
    y = 1 + todo_lines
    for pane in PANES:
        regions[pane] = Region(0, y, width, bodies[pane] + 1)
        y += bodies[pane] + 1
    regions["footer"] = Region(0, height - 1, width, 1)
    return regions


def _two_by_two(regions: dict[Place, Region], y: int, width: int, height: int) -> None:
    left, top = width // 2, (height + 1) // 2
    regions["flow"] = Region(0, y, left, top)
    regions["term"] = Region(left, y, width - left, top)
    regions["coverage"] = Region(0, y + top, left, height - top)
    regions["request"] = Region(left, y + top, width - left, height - top)


def layout(width: int, height: int, focus: Pane = "flow", kiosk: bool = False, rotate: int = 0) -> Layout:
    """Where everything stands. The form follows the size: bands from 80×24, a grid from 120×36, the wall
    from 200×60; a kiosk too small for the grid shows one pane at a time."""
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return Layout("small", width, height, {})
    bottom: dict[Place, Region] = {
        "latest": Region(0, height - 2, width, 1),
        "footer": Region(0, height - 1, width, 1),
    }
    if width >= WALL[0] and height >= WALL[1]:
        regions: dict[Place, Region] = {
            "header": Region(0, 0, width, 1),
            "digits": Region(0, 1, width, digits.HEIGHT),
            **bottom,
        }
        y, tall = 1 + digits.HEIGHT, height - digits.HEIGHT - 3
        _two_by_two(regions, y, width - RIGHT, tall)
        top = (tall + 1) // 2
        regions["todo"] = Region(width - RIGHT, y, RIGHT, top)
        regions["intake"] = Region(width - RIGHT, y + top, RIGHT, tall - top)
        return Layout("wall", width, height, regions)
    if width >= GRID[0] and height >= GRID[1]:
        todo_lines = 4 + max(height - 44, 0) // 4
        regions = {"header": Region(0, 0, width, 1), "todo": Region(0, 1, width, todo_lines), **bottom}
        _two_by_two(regions, 1 + todo_lines, width, height - todo_lines - 3)
        return Layout("grid", width, height, regions)
    todo_lines = 3 + max(height - 28, 0) // 5
    if kiosk:
        pane = PANES[rotate % len(PANES)]
        regions = {
            "header": Region(0, 0, width, 1),
            "todo": Region(0, 1, width, todo_lines),
            pane: Region(0, 1 + todo_lines, width, height - todo_lines - 3),
            **bottom,
        }
        return Layout("single", width, height, regions)
    return Layout("bands", width, height, _bands(width, height, focus, todo_lines))


def pen_for(picture: Picture, view: View, words: Words, pane: Pane | None = None) -> Pen:
    """The pen a pane is drawn with: its cursor when it has the focus, its staleness."""
    moment = picture.moment.astimezone(ZoneInfo(picture.zone))
    gates = {gate.name: gate.english for gate in picture.gate.gates}
    pen = Pen(words, moment, past=view.now is not None, gates=gates)
    if pane is None:
        return pen
    focused = view.focus == pane and not view.kiosk
    return replace(
        pen,
        cursor=max(min(view.cursors.get(pane, 0), pane_rows(picture, pane) - 1), 0) if focused else None,
        focus=focused,
        offset=view.offsets.get(pane, 0),
        stale=_freshness(picture, pane).stale,
    )


def _freshness(picture: Picture, pane: Pane) -> Freshness:
    known = {
        "flow": picture.gate.freshness,
        "term": picture.isolation.freshness,
        "coverage": picture.duty.freshness,
        "request": picture.supply.freshness,
    }
    return known.get(pane, Freshness())


def _head(pane: Pane, picture: Picture, pen: Pen) -> Head:
    match pane:
        case "flow":
            return flow.head(picture.gate, pen)
        case "term":
            return term.head(picture.isolation, pen)
        case "coverage":
            return coverage.head(picture.duty, pen)
        case "request":
            return request.head(picture.supply, pen)
        case "todo":
            return todo.head(picture, pen)
        case "intake":
            return intake.head(picture, pen)


def _body(pane: Pane, picture: Picture, pen: Pen, width: int, height: int, folder: str) -> Drawn:
    match pane:
        case "flow":
            return flow.draw(picture.gate, pen, width, height)
        case "term":
            return term.draw(picture.isolation, pen, width, height)
        case "coverage":
            return coverage.draw(picture.duty, pen, width, height)
        case "request":
            return request.draw(picture.supply, pen, width, height)
        case "todo":
            return todo.column(picture, pen, width, height, folder)
        case "intake":
            return intake.draw(picture, pen, width, height)


def pane_rows(picture: Picture, pane: Pane) -> int:
    """How many rows a pane's cursor can go over."""
    return {
        "todo": len(picture.todo),
        "flow": len(picture.gate.rows),
        "term": len(picture.isolation.rows),
        "coverage": len(picture.duty.rows),
        "request": len(picture.supply.rows),
        "intake": len(picture.drops.rows),
    }[pane]


def draw(place: Place, where: Layout, picture: Picture, view: View, words: Words) -> Drawn:
    """One region's lines, exactly as wide and as many as the region."""
    region = where.regions[place]
    drawn = _draw(place, region, where.form, picture, view, words)
    return drawn._replace(lines=lines.ascii_only(drawn.lines)) if view.ascii else drawn


def _draw(place: Place, region: Region, form: Form, picture: Picture, view: View, words: Words) -> Drawn:
    width, height = region.width, region.height
    pen = pen_for(picture, view, words)
    match place:
        case "header":
            line = edges.header(
                picture,
                pen,
                width,
                kiosk=view.kiosk,
                readonly=view.readonly,
                intake=view.intake,
                now=view.now,
            )
            return Drawn((line,), (None,))
        case "digits":
            return Drawn(digits.draw(picture, pen, width, view.ascii), (None,) * height)
        case "latest":
            return Drawn((edges.latest(picture, pen, width),), (None,))
        case "footer":
            if not view.kiosk:
                return Drawn((edges.footer(view.keys, width),), (None,))
            page = view.rotate % len(PANES) if form == "single" else None
            line = edges.kiosk_footer(
                picture, pen, width, page=page, pages=len(PANES), seconds=view.rotate_in
            )
            return Drawn((line,), (None,))
        case "todo" if form != "wall":
            pen = pen_for(picture, view, words, "todo")
            return todo.draw(picture, pen, width, height, view.folder)
        case _:
            pen = pen_for(picture, view, words, place)
            if place == "todo" and view.kiosk:
                pen = replace(pen, focus=True)
            head = _titled(place, picture, view, pen)
            if form == "bands":
                return band(pen, head, _body(place, picture, pen, width, height - 1, view.folder))
            body = _body(place, picture, pen, width - 2, height - 2, view.folder)
            return boxed(pen, head, body, width)


def _titled(pane: Pane, picture: Picture, view: View, pen: Pen) -> Head:
    head = _head(pane, picture, pen)
    wanted = lines.cut(lines.safe(view.filters.get(pane, "")), 16)
    return replace(head, title=f"{head.title} /{wanted}") if wanted else head


def box(pane: Pane, picture: Picture, size: tuple[int, int], view: View, words: Words) -> Drawn:
    """One pane in a frame of any size from 58×4: a desk zoomed, the whole to-do list, the intake."""
    width, height = size
    pen = pen_for(picture, view, words, pane)
    head = _titled(pane, picture, view, pen)
    if pane == "todo" and width >= SMALLEST[0] - 2:
        body = todo.draw(picture, pen, width - 2, height - 2, view.folder)
    else:
        body = _body(pane, picture, pen, width - 2, height - 2, view.folder)
    drawn = boxed(pen, head, body, width)
    return drawn._replace(lines=lines.ascii_only(drawn.lines)) if view.ascii else drawn


def whole(picture: Picture, size: tuple[int, int], view: View, words: Words) -> tuple[Line, ...]:
    """The whole board: `size[1]` lines, each exactly `size[0]` cells."""
    width, height = size
    where = layout(width, height, view.focus, view.kiosk, view.rotate)
    if where.form == "small":
        shown = edges.too_small(pen_for(picture, view, words), width, height, SMALLEST)
        return lines.ascii_only(shown) if view.ascii else shown
    rows: list[list[tuple[int, Line]]] = [[] for _ in range(height)]
    for place, region in where.regions.items():
        for index, line in enumerate(draw(place, where, picture, view, words).lines):
            rows[region.y + index].append((region.x, line))
    return tuple(
        lines.fit((span for _, line in sorted(row, key=lambda part: part[0]) for span in line), width)
        for row in rows
    )


LATEST = 12
"""Passes that are printed: more of a log would hide the other panes above the terminal's edge."""


def four_panes(picture: Picture, words: Words, width: int = 80) -> str:
    """The four panes as text, for a terminal that cannot show the board: in full, of the passes the latest."""
    view = View(kiosk=True)
    told: list[Line] = [edges.header(picture, pen_for(picture, view, words), width)]
    told.extend(
        _draw("todo", Region(0, 0, width, len(picture.todo) or 2), "bands", picture, view, words).lines
    )
    for pane in PANES:
        count = pane_rows(picture, pane)
        if pane == "flow":
            count = min(count, LATEST)
        # Twelve lines of chart, totals and heads; of a few isolations also two of reports each.
        height = count + 12 + (2 * count if pane == "term" and count <= 12 else 0)
        region = Region(0, 0, width, height)
        pane_lines = list(_draw(pane, region, "bands", picture, view, words).lines)
        while len(pane_lines) > 1 and not lines.text_of(pane_lines[-1]).strip():
            pane_lines.pop()
        told.extend(pane_lines)
    return lines.as_text(told)
