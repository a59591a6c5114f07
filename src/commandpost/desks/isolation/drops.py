"""The isolation register as teams keep it (隔离台账)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from commandpost.contract.kind import Column, Expanded, Kind, Row
from commandpost.contract.reading import Bad, Context, Flagged
from commandpost.contract.values.dates import date_, midnight
from commandpost.contract.values.daycounts import days
from commandpost.contract.values.modes import ForDays, mode_and_days
from commandpost.contract.values.numbers import meant
from commandpost.contract.values.people import Several, passers, person_key
from commandpost.contract.values.places import address, room
from commandpost.contract.values.text import text
from commandpost.contract.values.words import CATEGORIES, ISOLATION_STATES, one_of
from commandpost.contract.values.yearless import Yearless, marked, not_after, not_before, plain_day
from commandpost.desks.isolation.tables import Isolation
from commandpost.desks.shapes.columns import BUILDING, ID_NUMBER, PHONE, ROOM_NUMBER, UNIT, UPDATED
from commandpost.words import Message, message

_MOVES = {
    "ORDERED": {"RELEASED", "TRANSFERRED", "CONVERTED", "LOST", "CANCELLED"},
    "LOST": {"ORDERED", "RELEASED", "TRANSFERRED", "CONVERTED", "CANCELLED"},
}
"""Legal moves (domain §3); every other state is an end."""


def moves(known: Row, row: Row) -> Bad | None:
    """Why an isolation may not go from its known state to the row's."""
    before, after = known["state"], row["state"]
    if before == after or after in _MOVES.get(before, ()):
        return None
    return Bad(
        "state",
        message("The isolation has ended already ({state}).", state=Message(before)),
        message("If it was ended by mistake, tell the duty officer."),
        "state",
    )


def _isolations(row: Row, context: Context) -> Expanded:
    """One isolation a person. Of several in one cell nobody knows whose the phone and the ID are."""
    if isinstance(mode := row["mode"], ForDays):
        row = {**row, "mode": mode.mode, "days": row.get("days", mode.days)}
    span = _span(row, context)
    if isinstance(span, Bad):
        return span
    flags = _doubts(row, span, context)
    who = row["name"]
    if not isinstance(who, Several):
        return [_isolation(row, span, context)], flags
    same = {k: v for k, v in row.items() if len(who.names) == 1 or k not in ("phone", "id_number")}
    return [_isolation({**same, "name": one}, span, context) for one in who.names], flags


@dataclass(frozen=True, slots=True)
class _Span:
    """From when until when, as it is counted."""

    start: date
    due: date | None
    """Until when it is ordered, where the row says so."""
    released: date | None
    state: str | None
    overdue: bool
    """解除日期 is past, and the row says that it goes on."""


def _span(row: Row, context: Context) -> _Span | Bad:
    """A 解除日期 that lies ahead is when it is due; one that is past, a release the team states: unless it says
    beside it that the isolation goes on, which is then overdue. A year that is not written is the one that
    brings start and end together."""
    written = [row[name] for name in ("end", "due") if isinstance(row.get(name), date)]
    start = not_after(row["start"], min(written)) if written else plain_day(row["start"])
    end, due = (not_before(row[name], start) if name in row else None for name in ("end", "due"))
    for day, field in ((end, "end"), (due, "due")):
        if day is not None and (wrong := _at_odds(start, day, row.get("days"), field)):
            return wrong
    released, state, overdue = None, row.get("state"), False
    if end is not None:
        ahead = end >= context.received.astimezone(context.zone).date()
        if state == "ORDERED" or (ahead and state != "RELEASED"):
            due, overdue = due or end, not ahead
        else:
            released = end
            state = state or "RELEASED"
    return _Span(start, due, released, state, overdue)


_OFF = 2
"""Days an end may differ from start and days: the first and the last day count, or do not."""
_TOO_FAR = 92
"""Days beyond which no extension explains it."""
_LONG = 60
"""Days: no policy orders as many (domain: 14 + 7)."""
_A_YEAR = 366


def _so_many(n: int, days: int) -> Message:
    return message("The dates are {n} days apart, and {days} days are said.", n=n, days=days)


def _at_odds(start: date, end: date, days: int | None, field: str) -> Bad | None:
    """Why a row contradicts itself: it ends before it starts, or an age after its days."""
    apart = (end - start).days
    if apart < 0:
        return Bad("order", message("It ends before it starts."), message("Check both dates."), field)
    if days is None:
        if apart <= _A_YEAR:
            return None
        return Bad("date", message("The dates are more than a year apart."), _CHECK, field)
    if apart - days <= _TOO_FAR and days - apart <= _TOO_FAR:
        return None
    due = start + timedelta(days=days)
    likely = not_before(Yearless(end), start)
    hint = meant(likely.isoformat()) if abs((likely - due).days) <= _OFF else _CHECK
    return Bad("date", _so_many(apart, days), hint, field)


_CHECK = message("Check both dates and the days.")


def _doubts(row: Row, span: _Span, context: Context) -> list[Flagged | Bad]:
    """What a person should look at: days that the dates do not make, days without a year long past, an
    isolation that goes on after its end."""
    found: list[Flagged | Bad] = []
    days = row.get("days")
    last = span.due or span.released
    if isinstance(days, int) and last is not None:
        apart = (last - span.start).days
        # Who is released early was released; who was to be is written wrong.
        if apart - days > _OFF or (span.released is None and days - apart > _OFF):
            found.append(Flagged(None, "date", _so_many(apart, days)))
    if isinstance(days, int) and days > _LONG:
        found.append(Flagged(None, "value", message("{days} days are a long isolation.", days=days)))
    if span.overdue:
        found.append(
            Flagged(None, "date", message("Its end is past, and it is said to go on: counted as overdue."))
        )
    received = context.received.astimezone(context.zone).date()
    if isinstance(row["start"], Yearless) and (received - span.start).days > _LONG_AGO:
        found.append(
            Flagged(
                None,
                "date",
                message("Taken as {day}: write the year if it is another.", day=span.start.isoformat()),
            )
        )
    return found


_LONG_AGO = 183
"""Days: a start without its year that is further back is doubtful."""


def _isolation(row: Row, span: _Span, context: Context) -> dict[str, Any]:
    place = address(row.get("building"), row.get("staircase"), row.get("room"), row.get("place"))
    person = person_key(row["name"], row.get("id_number"), row.get("phone"), place)
    return {
        **{k: v for k, v in row.items() if k not in ("start", "end", "building", "staircase", "room")},
        "place": place,
        "event_at": midnight(span.start, context.zone),
        "person": person,
        "due": span.due,
        "released": span.released,
        "state": span.state,
    }


ISOLATIONS = Kind(
    name="isolations",
    chinese="隔离台账",
    desk="isolation",
    rule="register",
    table=Isolation,
    columns=(
        Column(
            "name", "姓名", "Name", passers(),
            ("人员姓名", "隔离人员", "隔离人员姓名", "被隔离人", "管控人员", "管控对象", "名字", "person",
             "full name", "resident", "resident name", "patient", "patient name", "name of person", "居民姓名",
             "隔离对象"),
            required=True, key=True, example="张某",
        ),
        Column(
            "mode", "管控方式", "Mode", mode_and_days(),
            ("隔离类型", "隔离方式", "管控类型", "管控措施", "隔离形式", "隔离措施", "方式", "隔离管控方式",
             "type", "isolation type", "isolation mode", "type of isolation", "quarantine type",
             "type of quarantine", "quarantine", "isolation", "观察方式", "隔离观察方式", "医学观察方式", "隔离性质"),
            required=True, titled="label", key=True, example="居家隔离",
        ),
        Column(
            "start", "开始日期", "Start", marked(date_(planned=True, ahead=31)),
            ("起始时间", "开始时间", "起始日期", "隔离开始日期", "隔离开始时间", "隔离起始日期", "隔离起始时间",
             "开始隔离日期", "开始隔离时间", "管控开始日期", "管控开始时间", "管控起始日期", "隔离日期", "start date",
             "isolation start", "isolation start date", "quarantine start", "quarantine start date",
             "start of isolation", "start of quarantine", "date started", "isolated since", "from",
             "观察开始日期", "观察起始日期", "起始", "开始", "管控日期", "隔离起始", "观察开始时间", "隔离开始",
             "入住日期", "入住时间", "入住隔离点时间", "集中隔离日期", "管控起始", "管控开始", "居家隔离开始日期"),
            required=True, key=True, example="2022-03-28",
        ),
        Column(
            "category", "类别", "Category", one_of(CATEGORIES),
            ("人员类别", "人员类型", "人员分类", "类型", "风险类别", "隔离原因", "管控原因", "管控类别",
             "reason", "reason for isolation", "contact type", "隔离事由", "隔离类别"), example="密接",
        ),
        Column("origin", "来源地", "Origin", text(), ("来源", "出发地", "来自", "途经地", "旅居地", "旅居史", "返回地",
             "travelled from", "traveled from", "arrived from", "coming from", "travel history", "何地返回",
             "来源地区")),
        Column(
            "days", "隔离天数", "Days", days(),
            ("天数", "管控天数", "隔离期", "隔离期限", "期限", "隔离时长",
             "duration", "no of days", "number of days", "isolation days", "quarantine days",
             "days of isolation", "观察天数", "应隔离天数"), example="14",
        ),
        Column(
            "end", "解除日期", "End", marked(date_(planned=True)),
            ("解除时间", "解除隔离日期", "解除隔离时间", "结束日期", "结束时间", "隔离结束日期", "隔离结束时间", "解除管控日期",
             "解除管控时间", "隔离解除日期", "隔离解除时间", "管控解除日期", "管控解除时间", "管控结束日期", "管控结束时间",
             "end date", "released",
             "isolation end", "isolation end date", "quarantine end", "quarantine end date",
             "end of isolation", "release date", "date released", "released on", "until", "观察结束日期", "隔离结束",
             "解除观察日期",
             "管控结束", "管控解除", "离店日期", "解除集中隔离日期"),
            example="2022-04-11",
        ),
        Column(
            "due", "预计解除日期", "Due", marked(date_(planned=True)),
            ("预计解除时间", "到期日期", "到期时间", "应解除日期", "拟解除日期", "计划解除日期", "预计结束日期", "预计解除隔离日期",
             "期满日期", "due date",
             "expected end", "expected end date", "expected release", "expected release date",
             "planned end", "planned release", "预计解除", "应解除时间", "预计解隔日期"),
        ),
        Column(
            "place", "地点", "Place", room(),
            ("隔离地点", "隔离点", "隔离地址", "管控地点", "隔离酒店", "酒店", "地点/房号", "楼栋房号", "现住址", "居住地址", "住址", "地址",
             "家庭住址", "address",
             "location", "place of isolation", "isolation place", "isolation address",
             "isolation location", "home address", "观察地点", "隔离住址"),
            key=True, example="3栋2单元501",
        ),
        ROOM_NUMBER,
        BUILDING,
        UNIT,
        Column("needs", "需求", "Needs", text(), ("特殊需求", "生活需求", "物资需求", "困难需求",
             "special needs", "生活物资需求")),
        PHONE,
        ID_NUMBER,
        Column(
            "state", "状态", "State", one_of(ISOLATION_STATES),
            ("管控状态", "当前状态", "隔离状态", "目前状态", "是否解除",
             "status", "current status", "isolation status"), example="隔离中",
        ),
        UPDATED,
    ),
    expand=_isolations,
    moves=moves,
    identity="person",
    keeps="state",
)  # fmt: skip
