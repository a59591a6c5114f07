"""The intake pane 接收: what came with what result, and which team is late."""

from __future__ import annotations

from commandpost.board import lines
from commandpost.board.lines import Span
from commandpost.board.panes.common import Body, Count, Drawn, Head, Pen, column, gutter, span_words
from commandpost.board.panes.edges import drop_name, short_number
from commandpost.picture import DropRow, Picture, TeamRow


def head(picture: Picture, pen: Pen) -> Head:
    word = pen.words.short
    drops = picture.drops
    counts = (
        Count(word("head", "today"), str(drops.today)),
        Count(word("head", "rows back"), str(drops.rejected_rows), "warning"),
        Count(word("head", "asks"), str(drops.asking), "warning"),
        *([Count(word("head", "held"), str(drops.held), "info")] if drops.held else []),
    )
    return Head("5", word("pane", "Intake"), counts, drops.last_received)


def _labels(pen: Pen) -> tuple[tuple[str, int], ...]:
    """What stands before the new, the repeated and the returned, and the cells of each figure."""
    word = pen.words.short
    return (word("drop column", "new"), 3), (word("drop column", "dup"), 4), (word("drop column", "back"), 3)


def _figure_cells(pen: Pen) -> int:
    return sum(lines.width(label) + cells + 1 for label, cells in _labels(pen)) - 1


def _result(row: DropRow, pen: Pen) -> list[Span]:
    word = pen.words.short
    if not row.stands:
        return [Span(word("verdict of a drop", "undone"), "muted")]
    if not row.verdict:
        return [Span(word("verdict of a drop", "loading"), "info")]
    if row.verdict in ("held", "asks", "refused"):
        why = pen.words.say(row.why) if row.why else ""
        return [Span(word("verdict of a drop", row.verdict) + " ", "warning"), lines.data(why, "muted")]
    spans = [Span(lines.pad(short_number(row.rows), 4, True))]
    figures = (
        (row.new, "text"),
        (row.duplicate, "text"),
        (row.rejected, "warning" if row.rejected else "muted"),
    )
    for (label, cells), (number, tone) in zip(_labels(pen), figures, strict=True):
        figure = short_number(number)
        spans.append(Span(" " + label + lines.pad(figure, max(cells, len(figure)), True), tone))
    return spans


def _row(row: DropRow, pen: Pen, width: int, cursor: bool) -> list[Span]:
    result = _result(row, pen)
    # The name gives way to figures, a reason gives way to the name.
    room = width - 8 - (lines.length(result) if row.verdict == "taken" else _figure_cells(pen) + 5)
    return [
        Span("▌" if cursor else " ", "cursor"),
        *column(pen.clock(row.received), 5),
        *column(drop_name(row, pen), max(room, 8), "text" if row.stands else "muted"),
        *result,
    ]


def _team(team: TeamRow, pen: Pen) -> list[Span]:
    word = pen.words.short
    kinds = lines.safe(" ".join(pen.words.short("kind", kind) for kind in team.kinds))
    tone = "warning" if team.late else "text"
    due = "" if team.due is None else word("team", "due {time}").format(time=pen.clock(team.due))
    if team.late and team.due is not None:
        state = word("timing", "{span} late").format(span=span_words(pen.words, pen.moment - team.due))
    else:
        state = pen.clock(team.last_received) if team.last_received else "—"
    return [
        *gutter("warning" if team.late else None)[:2],
        *column(pen.name(team.label or team.name, team.english), 8, tone),
        *column(kinds, 10, tone),
        *column(due, 8 if pen.chinese else 9, tone),
        Span(state, tone),
    ]


def draw(picture: Picture, pen: Pen, width: int, height: int) -> Drawn:
    body = Body(pen, width, height)
    drops = picture.drops
    if not drops.rows:
        body.text(pen.words("Nothing received yet"))
    teams = sorted(drops.teams, key=lambda team: not team.late)
    kept = min(len(teams) + 2, height // 2) if teams and height >= 8 else 0
    body.rows(
        len(drops.rows), body.room - kept, lambda index, cursor: _row(drops.rows[index], pen, width, cursor)
    )
    if kept:
        body.blank()
        body.add((Span(" "), Span(pen.words("Expected of the teams"), "muted")))
        for team in teams:
            body.add(_team(team, pen))
    return body.drawn()
