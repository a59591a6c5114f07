"""The gate log: who goes out comes back, deliveries leave again, strangers are turned back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from commandpost.demo.scenario import PassEvent, Scenario, Style
from commandpost.demo.sheet import Saved, sheet

_PLATE = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@dataclass(frozen=True, slots=True)
class _Line:
    at: datetime
    direction: str
    name: str
    plate: str
    temperature: str
    verdict: str
    purpose: str
    building: str
    write: tuple[tuple[str, str], ...] = ()


def gate_log(scenario: Scenario, day: date, live_from: datetime | None) -> Iterator[Saved]:
    """Every save of the day's sheet. From `live_from` on also soon after each change."""
    log = scenario.gate_log
    lines = sorted(_lines(scenario, day), key=lambda line: line.at)
    style = scenario.styled(log.styles[day.toordinal() % len(log.styles)])
    midnight = datetime.combine(day, time(), scenario.tz)
    closing = midnight + timedelta(days=1, minutes=log.closing)
    saves = [datetime.combine(day, at, scenario.tz) for at in log.saves] + [closing]
    if live_from is not None and live_from < closing:
        step = timedelta(minutes=log.live_every)
        at = max(live_from, midnight) + step / 2
        while at < closing:
            saves.append(at)
            at += step
    count = 0
    for at in sorted(set(saves)):
        until = [line for line in lines if line.at < at]
        if len(until) == count and at != closing:
            continue
        count = len(until)
        rows = [_cells(scenario, line, style) for line in until]
        path = f"{log.team}/{log.file.format(day=day)}"
        yield Saved(at, path, sheet(style, log.title, log.header, rows, day))


def _lines(scenario: Scenario, day: date) -> Iterator[_Line]:
    log = scenario.gate_log
    rate = log.rate(day)
    random = Random(f"{scenario.seed}/{day}")
    first, last = log.by_day
    by_day = tuple(share if first <= hour < last else 0 for hour, share in enumerate(log.hours))
    away = set(scenario.temperatures.isolated) if _isolating(scenario, day) else set()
    residents = [(room, name) for room, name in scenario.residents() if name not in away]
    for room, name in random.sample(residents, rate.trips):
        out = _moment(scenario, random, day, by_day)
        back = out + timedelta(minutes=random.randint(18, 95))
        building = f"{room.split('-')[0]}栋"
        errand = random.choice(log.errands)
        yield _Line(out, "出", name, "", "", "放行", errand, building)
        yield _Line(back, "进", name, "", _healthy(random), "放行", "返家", building)
    for _ in range(rate.deliveries):
        at = _moment(scenario, random, day, log.hours)
        plate = "鄂A" + "".join(random.choice(_PLATE[1:]) for _ in range(5))
        what = random.choice(log.deliveries)
        yield _Line(at, "进", "", plate, _healthy(random), "放行", what, "")
        yield _Line(at + timedelta(minutes=random.randint(4, 16)), "出", "", plate, "", "放行", what, "")
    for _ in range(rate.refusals):
        at = _moment(scenario, random, day, by_day)
        stranger = random.choice(log.strangers)
        yield _Line(at, "进", stranger, "", _healthy(random), "劝返", random.choice(log.refusals), "")
    for event in log.events:
        if event.at.astimezone(scenario.tz).date() == day:
            yield _told(event, scenario)


def _told(event: PassEvent, scenario: Scenario) -> _Line:
    return _Line(
        event.at.astimezone(scenario.tz), event.direction, event.name, event.plate, event.temperature,
        event.verdict, event.purpose, "", tuple(event.write.items()),
    )  # fmt: skip


def _isolating(scenario: Scenario, day: date) -> bool:
    return scenario.temperatures.isolated_from <= day < scenario.temperatures.isolated_until


def _moment(scenario: Scenario, random: Random, day: date, hours: tuple[int, ...]) -> datetime:
    """A minute of the day, by the hours' weights; never in its last quarter of an hour."""
    hour = random.choices(range(24), hours)[0]
    minute = random.randrange(60) if hour < 23 else random.randrange(45)
    return datetime.combine(day, time(hour, minute), scenario.tz)


def _healthy(random: Random) -> str:
    return f"{random.uniform(35.9, 36.9):.1f}"


def _cells(scenario: Scenario, line: _Line, style: Style) -> list[str]:
    log = scenario.gate_log
    values = [
        line.at.strftime(style.moment), log.gate, line.direction, line.name, line.plate, line.temperature,
        line.verdict, line.purpose, line.building,
    ]  # fmt: skip
    instead = dict(line.write)
    return [instead.get(head, value) for head, value in zip(log.header, values, strict=True)]
