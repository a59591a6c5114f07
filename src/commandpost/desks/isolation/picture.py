"""What isolation shows: who is open, on which day of how many, due when, reports made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from commandpost.desks.isolation.cases import Case
from commandpost.desks.isolation.matching import match
from commandpost.desks.shapes.asking import at_time, midnight
from commandpost.desks.shapes.common import (
    SEVERITIES,
    Celsius,
    Freshness,
    Look,
    Name,
    Phone,
    Private,
    Room,
    Severity,
)
from commandpost.desks.shapes.coverage import Report
from commandpost.desks.shapes.fever import is_cooler, is_fever
from commandpost.words import Message, message

Mode = Literal["CENTRAL", "HOME", "MONITORING"]
Stage = Literal["planned", "active", "due", "overdue", "blocked", "closed"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One expected temperature report."""

    state: Literal["reported", "missing", "not due", "not expected"] = "not expected"
    temperature: Celsius | None = None
    fever: bool = False


@dataclass(frozen=True, slots=True)
class Febrile:
    """An open fever of somebody isolated."""

    day: date
    """Of the last report."""
    temperature: Celsius | None
    """None: stated in words."""
    reports: tuple[int, ...]
    """The reports (entities) it was told by."""


@dataclass(frozen=True, slots=True)
class Call:
    """A rule a row meets: what its sign, its head's figure and its line in the to-do are made of."""

    rule: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class IsolationRow:
    id: int
    entity: int
    name: Name
    mode: Mode
    category: str
    start: date
    day: int
    """1 on the start day, at most `days`."""
    days: int
    due: date
    stage: Stage
    am: Slot
    pm: Slot
    """Today's."""
    place: Room
    phone: Phone
    flags: tuple[Message, ...]
    severity: Severity | None
    """The loudest of its calls."""
    history: tuple[tuple[date, Slot, Slot], ...] = ()
    """The last 14 days, oldest first."""
    calls: tuple[Call, ...] = ()
    febrile: Febrile | None = None


@dataclass(frozen=True, slots=True)
class IsolationPicture:
    open: int = 0
    due_today: int = 0
    overdue: int = 0
    missing: int = 0
    """People with a report missing today."""
    by_mode: tuple[tuple[str, int], ...] = ()
    by_category: tuple[tuple[str, int], ...] = ()
    rows: tuple[IsolationRow, ...] = ()
    """Open ones, the most pressing first; at most 500."""
    released: int = 0
    transferred: int = 0
    lost: int = 0
    loudest: tuple[Call, ...] = ()
    """Each rule that calls for somebody, as loudly as it does."""
    am_reported: int = 0
    am_expected: int = 0
    pm_reported: int = 0
    pm_expected: int = 0
    coming: tuple[tuple[date, int], ...] = ()
    """How many fall due on each of the next 7 days, today first."""
    freshness: Freshness = Freshness()

    def loudest_of(self, rule: str) -> Severity | None:
        return next((call.severity for call in self.loudest if call.rule == rule), None)


HISTORY = 14
"""Days of reports shown."""
MORNING = timedelta(hours=12)
"""Until noon the evening's fever stands: a new report comes with the morning's."""
_SLOTS = ("AM", "NOON", "PM")
FEVER_BLOCKS = 3
"""Days: a fever this recent holds a release back (domain: isolation blocked)."""
MODES: tuple[Mode, ...] = ("CENTRAL", "HOME", "MONITORING")
SHOWN = 500

ReportsOf = Callable[[Collection[date], Collection[str]], Sequence[Report]]
"""(days, names) → their temperature reports."""
Due = Mapping[tuple[date, str], bool]
"""(day, AM or PM) → whether its report is due."""
Breaches = Mapping[int, Severity]
"""Isolation (entity) → how loudly its person's pass of a gate is called."""


def picture(
    look: Look, every: Sequence[Case], reports_of: ReportsOf, breaches: Breaches, freshness: Freshness
) -> IsolationPicture:
    """Who of all cases is isolated at the look's moment. Planned ones are listed, not counted as open."""
    there = [case for case in every if case.fate in ("open", "planned", "lost")]
    open_ = [case for case in there if case.fate != "planned"]
    rows = sorted(isolation_rows(look, there, reports_of, breaches), key=_pressing)
    expected = [row for row in rows if row.stage != "planned"]
    due = Counter(case.due for case in open_)
    return IsolationPicture(
        open=len(open_),
        due_today=due[look.today],
        overdue=sum(row.stage == "overdue" for row in rows),
        missing=sum("missing" in (row.am.state, row.pm.state) for row in rows),
        by_mode=tuple((mode, sum(c.row.mode == mode for c in open_)) for mode in MODES),
        by_category=tuple(sorted(Counter(c.row.category for c in open_).items())),
        rows=tuple(rows[:SHOWN]),
        released=sum(case.fate == "released" for case in every),
        transferred=sum(case.fate == "transferred" for case in every),
        lost=sum(case.fate == "lost" for case in every),
        loudest=_loudest(rows),
        am_reported=sum(row.am.state == "reported" for row in expected),
        am_expected=sum(row.am.state != "not expected" for row in expected),
        pm_reported=sum(row.pm.state == "reported" for row in expected),
        pm_expected=sum(row.pm.state != "not expected" for row in expected),
        coming=tuple((day, due[day]) for day in (look.today + timedelta(days=n) for n in range(7))),
        freshness=freshness,
    )


def _loudest(rows: Sequence[IsolationRow]) -> tuple[Call, ...]:
    found: dict[str, Severity] = {}
    for row in rows:
        for call in row.calls:
            found[call.rule] = min(call.severity, found.get(call.rule, "info"), key=SEVERITIES.index)
    return tuple(Call(rule, found[rule]) for rule in sorted(found))


def _pressing(row: IsolationRow) -> tuple[Any, ...]:
    order = ("critical", "warning", "info", None)
    return order.index(row.severity), row.due, row.start, row.name, row.id


def isolation_rows(
    look: Look, there: Sequence[Case], reports_of: ReportsOf, breaches: Breaches
) -> list[IsolationRow]:
    days = [look.today - timedelta(days=n) for n in range(HISTORY)]
    matched = match(reports_of(days, {case.row.name for case in there}), there)
    due = _due_slots(look, days)
    return [
        _row(look, case, matched.get(case.row.id, {}), days, due, breaches.get(case.row.entity))
        for case in there
    ]


_NOT_EXPECTED, _MISSING, _NOT_DUE = Slot(), Slot("missing"), Slot("not due")


def _due_slots(look: Look, days: Sequence[date]) -> Due:
    """Which slots of these days are due by the moment. Asked once a look: thousands of people have thirty
    slots each."""
    limits = look.settings.thresholds
    return {
        (day, slot): look.moment >= at_time(look, day, limit)
        for day in days
        for slot, limit in (("AM", limits.report_due_am), ("PM", limits.report_due_pm))
    }


def _slot(
    look: Look, case: Case, key: tuple[date, str], made: dict[tuple[date, str], Report], due: Due
) -> Slot:
    report = made.get(key)
    if report is not None:
        warm = is_fever(report, look.settings.thresholds.fever)
        return Slot("reported", None if report.temperature is None else Celsius(report.temperature), warm)
    # Nothing is called missing on the first day: it may have begun in the evening.
    if case.fate != "open" or key[0] <= case.start:
        return _NOT_EXPECTED
    return _MISSING if due[key] else _NOT_DUE


def _row(
    look: Look,
    case: Case,
    made: dict[tuple[date, str], Report],
    days: Sequence[date],
    due: Due,
    breach: Severity | None,
) -> IsolationRow:
    row = case.row
    history = tuple(
        (day, _slot(look, case, (day, "AM"), made, due), _slot(look, case, (day, "PM"), made, due))
        for day in reversed(days)
    )
    _, am, pm = history[-1]
    recent = [day for day in days[: FEVER_BLOCKS + 1] if day >= case.start]
    warm = any(
        is_fever(report, look.settings.thresholds.fever) for (day, _), report in made.items() if day in recent
    )
    febrile = _febrile(look, case, made)
    stage = _stage(look, case, "missing" in (am.state, pm.state) or warm)
    calls = _calls(case, am, pm, history, stage, febrile is not None, breach)
    return IsolationRow(
        id=row.id,
        entity=row.entity,
        name=Name(row.name),
        mode=row.mode,
        category=row.category,
        start=case.start,
        day=max(0, min((look.today - case.start).days + 1, case.days)),
        days=case.days,
        due=case.due,
        stage=stage,
        am=am,
        pm=pm,
        place=Room(row.place),
        phone=Phone(row.phone),
        flags=_flags(look, case, am, pm, febrile is not None, warm, stage, breach is not None),
        severity=min((call.severity for call in calls), key=SEVERITIES.index, default=None),
        calls=calls,
        febrile=febrile,
        history=history,
    )


def _stage(look: Look, case: Case, held_back: bool) -> Stage:
    if case.fate in ("released", "transferred", "cancelled"):
        return "closed"
    if case.fate == "planned":
        return "planned"
    limits = look.settings.thresholds
    ends = midnight(look, case.due + timedelta(days=1))
    if look.moment >= ends + limits.isolation_overdue:
        return "overdue"
    if look.moment >= ends - limits.isolation_due:
        return "blocked" if held_back else "due"
    return "active"


def missed_in_a_row(history: Sequence[tuple[date, Slot, Slot]]) -> int:
    """How many of the latest slots that were due are missing, without one reported after them."""
    n = 0
    for _, am, pm in reversed(history):
        for slot in (pm, am):
            if slot.state == "missing":
                n += 1
            elif slot.state == "reported":
                return n
    return n


def _febrile(look: Look, case: Case, made: dict[tuple[date, str], Report]) -> Febrile | None:
    """A fever when the last one told today (until noon: or yesterday) is one."""
    since = look.today
    if look.moment - look.day_start < MORNING:
        since -= timedelta(days=1)
    limit = look.settings.thresholds.fever
    warm: list[Report] = []
    cooler = True
    for day, slot in sorted(made, key=lambda key: (key[0], _SLOTS.index(key[1]) if key[1] in _SLOTS else 0)):
        report = made[day, slot]
        if since <= day <= look.today:
            cooler = is_cooler(report, limit) or (cooler and not is_fever(report, limit))
            if is_fever(report, limit):
                warm.append(report)
    if cooler or not warm:
        return None
    last = warm[-1]
    return Febrile(
        last.day,
        None if last.temperature is None else Celsius(last.temperature),
        tuple(report.id for report in warm),
    )


def _calls(
    case: Case,
    am: Slot,
    pm: Slot,
    history: Sequence[tuple[date, Slot, Slot]],
    stage: Stage,
    febrile: bool,
    breach: Severity | None,
) -> tuple[Call, ...]:
    """Every rule that calls for this person, at the severity it calls with."""
    found = []
    if breach is not None:
        found.append(Call("isolation-breach", breach))
    if stage == "closed":
        return tuple(found)
    if stage == "overdue":
        found.append(Call("isolation-overdue", "warning"))
    elif stage in ("due", "blocked"):
        found.append(Call("isolation-due", "info"))
    if "missing" in (am.state, pm.state):
        found.append(Call("report-missing", "critical" if missed_in_a_row(history) >= 2 else "warning"))
    if febrile:
        found.append(Call("fever", "critical"))
    if case.fate == "lost":
        found.append(Call("isolation-lost", "critical"))
    if case.overlaps:
        found.append(Call("isolation-overlap", "warning"))
    return tuple(found)


def _flags(
    look: Look, case: Case, am: Slot, pm: Slot, febrile: bool, warm: bool, stage: Stage, breach: bool
) -> tuple[Message, ...]:
    flags = []
    if breach:
        flags.append(message("breach"))
    if case.fate == "lost":
        flags.append(message("lost"))
    if case.fate in ("released", "transferred", "cancelled"):
        flags.append(message(case.fate))
    if febrile:
        flags.append(message("fever"))
    elif warm:
        flags.append(message("fever lately"))
    if am.state == "missing":
        flags.append(message("AM missing"))
    if pm.state == "missing":
        flags.append(message("PM missing"))
    if stage == "overdue":
        flags.append(message("overdue {days} d", days=(look.today - case.due).days))
    if case.fate == "planned":
        flags.append(message("from {day}", day=f"{case.start:%m-%d}"))
    if case.overlaps:
        flags.append(message("two modes"))
    if case.row.needs:
        flags.append(message("{needs}", needs=Private(case.row.needs)))
    return tuple(flags)
