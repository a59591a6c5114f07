"""Coverage 值班在岗: every post as a strip of thirteen hours, and the gaps in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from commandpost.board import lines
from commandpost.board.lines import Span
from commandpost.board.panes.common import (
    GUTTER,
    Body,
    Count,
    Drawn,
    Head,
    Pen,
    column,
    gutter,
    head_of,
    waiting,
)
from commandpost.desks.duty.picture import DutyPicture, Gap, PostRow
from commandpost.desks.duty.picture import Span as Stretch

HOURS = 13
_COMPOUND = frozenset(
    [
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "司空",
        "东方",
        "独孤",
        "南宫",
        "端木",
        "百里",
        "呼延",
        "轩辕",
        "长孙",
        "宇文",
    ]
)


def head(duty: DutyPicture, pen: Pen) -> Head:
    word = pen.words.short
    counts = [
        Count(word("head", "on"), f"{duty.on}/{duty.need}", "warning" if duty.covered < duty.posts else None),
        Count(word("head", "gap 12h"), str(duty.gaps_soon), "critical"),
    ]
    if duty.next_handover:
        counts.append(Count(word("head", "next"), pen.clock(duty.next_handover.at)))
    ends = [row.roster_until for row in duty.rows if row.roster_ends]
    if None in ends:
        counts.append(Count(word("head", "roster to"), "?", "warning"))
    elif ends:
        until = pen.local(min(end for end in ends if end is not None))
        counts.append(Count(word("head", "roster to"), f"{until:%m-%d %H:%M}", "warning"))
    return head_of(pen, "3", "Duty", tuple(counts), duty.freshness)


def strip_start(moment: datetime) -> datetime:
    """The whole hour before the one that ended last: the strip's left edge."""
    return moment.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)


def surname(name: str) -> str:
    """The Chinese surname; a name in other letters has no short form and is returned whole."""
    if name.isascii():
        return name
    return name[:2] if name[:2] in _COMPOUND else name[:1]


def names(people: tuple[str, ...], cells: int, pen: Pen) -> str:
    """Full names, else surnames, else how many, else nothing: never a cut name."""
    clean = [lines.safe(person) for person in people]
    forms = [" ".join(clean), " ".join(map(surname, clean))]
    forms.append(pen.words.short("people", "{n}p").format(n=len(clean)))
    return next((form for form in forms if lines.width(form) <= cells), "")


class _Strip:
    """A row of cells that people, gaps and grounds are put on."""

    def __init__(self, cells: int) -> None:
        self.signs = [Span(" ")] * cells

    def fill(self, start: int, end: int, sign: Span) -> None:
        for cell in range(start, end):
            self.signs[cell] = sign

    def write(self, start: int, text: str, tone: str) -> None:
        """Text over the cells from `start`; the ground of a wide character is that of its first cell."""
        cell = start
        for char in text:
            size = lines.width(char)
            self.signs[cell] = Span(char, tone, self.signs[cell].ground)
            if size == 2:
                self.signs[cell + 1] = Span("")
            cell += size

    def spans(self) -> list[Span]:
        merged: list[Span] = []
        for sign in self.signs:
            if not sign.text:
                continue
            if merged and merged[-1][1:] == sign[1:]:
                merged[-1] = merged[-1]._replace(text=merged[-1].text + sign.text)
            else:
                merged.append(sign)
        return merged


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M}" if moment.minute else f"{moment:%H}"


def _gap_words(start: datetime, end: datetime, cells: int, pen: Pen) -> str:
    word = pen.words.short("gap", "NOBODY")
    times = f"{_time(pen.local(start))}–{_time(pen.local(end))}"
    forms = (f" {word} {times} ", f" {word} ", word)
    return next((form for form in forms if lines.width(form) <= cells), "")


def _gap_of(duty: DutyPicture, post: PostRow, part: Stretch) -> Gap:
    """The gap itself: the strip ends before some gaps do. One that is over is nobody's any more."""
    for gap in duty.gaps:
        if gap.post == post.name and gap.start < part.end and part.start < gap.end:
            return gap
    return Gap(post.name, post.english, part.start, part.end)


def strip(duty: DutyPicture, post: PostRow, pen: Pen, each: int) -> list[Span]:
    """The post's thirteen hours at `each` cells an hour."""
    total = HOURS * each
    start = strip_start(pen.moment)

    def cell(moment: datetime) -> int:
        return min(max(int((moment - start).total_seconds() * each // 3600), 0), total)

    drawing = _Strip(total)
    now = cell(pen.moment)
    for index, part in enumerate(post.spans):
        left = 0 if index == 0 and part.start - start < timedelta(hours=2) else cell(part.start)
        right = cell(part.end)
        if index == len(post.spans) - 1 and part.end >= pen.moment + timedelta(hours=HOURS - 2):
            right = total
        if right <= left:
            continue
        current = part.start <= pen.moment < part.end
        if part.unknown:
            drawing.fill(left, right, Span("?", "muted"))
        elif part.people:
            ground = "shift-now" if current else "shift-later" if part.start > pen.moment else ""
            drawing.fill(max(left, now) if current else left, right, Span(" ", "text", ground))
            tone = "warning" if part.short else "strong" if current else "text"
            drawing.write(left, "▌", "shift-edge")
            drawing.write(left + 1, names(part.people, right - left - 1, pen), tone)
        elif part.gap:
            gap, over = _gap_of(duty, post, part), part.end <= pen.moment
            loud = gap.severity == "critical" and not over
            hatch = "gap" if loud else "muted" if over else "warning"
            tone = "muted" if over else f"{gap.severity}-block"
            drawing.fill(left, right, Span("░", hatch, "critical-row" if loud else ""))
            label = _gap_words(gap.start, gap.end, right - left, pen)
            at = left + (right - left - lines.width(label)) // 2
            drawing.fill(at, at + lines.width(label), Span(" ", tone))
            drawing.write(at, label, tone)
        else:
            drawing.fill(left, right, Span("·", "muted"))
    return drawing.spans()


def _each(width: int) -> int:
    """Cells an hour: 4 in the wide forms, 3 in a pane of 58."""
    return 4 if width >= 72 else 3


def _post_cells(pen: Pen) -> int:
    return 8 if pen.chinese else 9


def _axis(pen: Pen, each: int) -> list[Span]:
    start = strip_start(pen.moment)
    marker = f"▼{pen.moment:%H:%M}"
    now = int((pen.moment - start).total_seconds() * each // 3600)
    after = now + len(marker)
    scale = " " * now + marker
    for hour in range(HOURS):
        moment = start + timedelta(hours=hour)
        if moment.hour % 2 == 0 and hour * each > after:
            scale = scale.ljust(hour * each) + f"{moment:%H}"
    scale = scale[: HOURS * each].ljust(HOURS * each)
    return [
        Span(" " * (GUTTER + _post_cells(pen) + 1)),
        Span(scale[:now]),
        Span(scale[now:after], "info"),
        Span(scale[after:], "muted"),
        Span(" "),
        Span(pen.column("on/n"), "muted"),
    ]


def _row(duty: DutyPicture, post: PostRow, pen: Pen, each: int, cursor: bool) -> list[Span]:
    tone = "strong" if post.severity in ("critical", "warning") else "text"
    figures = f"{post.on}/{post.need}" if post.declared and post.hours_declared else f"{post.on}/—"
    return [
        *gutter(post.severity, cursor),
        *column(pen.name(post.name, post.english), _post_cells(pen), tone),
        *strip(duty, post, pen, each),
        Span(" "),
        Span(
            figures,
            "warning" if post.severity and post.on < post.need else "strong" if post.declared else "muted",
        ),
    ]


def _below(duty: DutyPicture, pen: Pen, room: int) -> list[str]:
    """Who comes next and who can stand in: of these as many as fit into `room` cells, none cut."""
    told = []
    if duty.next_handover:
        change = duty.next_handover
        told.append(
            "{} {} {} {} → {}".format(
                pen.words("next hand-over"),
                pen.clock(change.at),
                pen.name(change.post, change.english),
                " ".join(map(lines.safe, change.leaving)) or "—",
                " ".join(map(lines.safe, change.coming)) or "?",
            )
        )
    if duty.stand_ins:
        line = pen.words("can stand in")
        for n, person in enumerate(duty.stand_ins):
            rested = pen.words("{name} rested {hours}h", name=person.person, hours=person.rested_hours)
            rested = lines.safe(rested) + ("" if person.enough else pen.words.short("rest", " (<10h)"))
            longer = line + ("  " if n else " ") + rested
            if n and lines.width(longer) > room:
                break
            line = longer
        told.append(line)
    return told


def draw(duty: DutyPicture, pen: Pen, width: int, height: int) -> Drawn:
    body = Body(pen, width, height)
    each = _each(width)
    body.add(_axis(pen, each))
    if not duty.rows:
        waiting(body, duty.freshness)
    below = _below(duty, pen, width - GUTTER) if height >= 10 else []
    room = body.room - (len(below) + 1 if below else 0)
    spaced = 2 if height >= 16 and len(duty.rows) * 2 <= room else 1
    if spaced == 1:
        body.rows(len(duty.rows), room, lambda index, cursor: _row(duty, duty.rows[index], pen, each, cursor))
    else:
        for index, post in enumerate(duty.rows):
            body.add(_row(duty, post, pen, each, index == pen.cursor), index)
            body.blank()
    if below:
        if spaced == 1:
            body.blank()
        for line in below:
            body.text(line)
    return body.drawn()
