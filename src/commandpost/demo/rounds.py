"""What is told household by household, shift by shift, line by line: census, temperatures, rosters, books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from commandpost.demo.scenario import Book, Roster, RosterPost, RosterSheet, Scenario, Style
from commandpost.demo.sheet import Saved, sheet


def census(scenario: Scenario) -> Iterator[Saved]:
    told = scenario.census
    for at, visited in told.saves:
        day = at.astimezone(scenario.tz).date()
        rows = []
        for n, household in enumerate(told.households[:visited]):
            size = len(household.people)
            owner = told.owners[n * len(told.owners) // len(told.households)]
            rows.append(
                [household.room, household.people[0], str(size), str(size), owner, f"{day:%Y/%-m/%-d}"]
            )
        yield Saved(
            at,
            f"{told.team}/{told.file}",
            sheet(scenario.styled(told.style), told.title, told.header, rows, day),
        )


def temperatures(scenario: Scenario, day: date) -> Iterator[Saved]:
    """Everybody who is reached in the morning; in the evening the same sheet with the others and the isolated
    ones' second value."""
    told = scenario.temperatures
    if day < told.first:
        return
    random = Random(f"{scenario.seed}/{day}/temperatures")
    isolating = told.isolated_from <= day < told.isolated_until
    values = {
        name: (f"{random.uniform(35.9, 36.9):.1f}", f"{random.uniform(36.0, 36.9):.1f}")
        for _, name in scenario.residents()
    }
    owners = scenario.census.owners
    saves = [datetime.combine(day, at, scenario.tz) for at in told.saves]
    late = {one.name: one.at for one in told.late if one.at.astimezone(scenario.tz).date() == day}
    missed = set(random.sample([name for name in values if name not in told.isolated], told.missed))
    for at in sorted([*saves, *late.values()]):
        evening = at > saves[0]
        rows = []
        for n, (room, name) in enumerate(scenario.residents()):
            am, pm = values[name]
            if name in missed:
                if not evening:
                    continue
                am, pm = "", am
            elif not (evening and isolating and name in told.isolated and at >= late.get(name, at)):
                pm = ""
            owner = owners[n % len(owners)]
            rows.append([f"{day.month}月{day.day}日", room, name, am, pm, "无", owner])
        path = f"{told.team}/{told.file.format(day=day)}"
        yield Saved(at, path, sheet(scenario.styled(told.style), told.title, told.header, rows, day))


def rosters(scenario: Scenario, roster: Roster) -> Iterator[Saved]:
    """Each sheet when it is made, and again whenever somebody is replaced."""
    for made in roster.sheets:
        swaps = [swap for swap in roster.swaps if made.from_ <= swap.day <= made.to]
        for at in sorted({made.at, *(swap.at for swap in swaps)}):
            known = {(s.post, s.day, s.start): s.person for s in swaps if s.at <= at}
            rows = list(_shifts(roster, made, known))
            style = Style(name="", encoding=roster.encoding)
            title = roster.title.format(from_=made.from_, to=made.to)
            path = f"{roster.team}/{roster.file.format(from_=made.from_)}"
            yield Saved(at, path, sheet(style, title, roster.header, rows, made.from_))


def _shifts(
    roster: Roster, made: RosterSheet, swapped: dict[tuple[str, date, str], str]
) -> Iterator[list[str]]:
    day = made.from_
    while day <= made.to:
        for post in roster.posts:
            for n, shift in enumerate(post.shifts):
                people = swapped.get((post.name, day, shift[0])) or "、".join(_turn(post, day, n))
                yield [post.name, f"{day.month}月{day.day}日", *shift, people]
        day += timedelta(days=1)


def _turn(post: RosterPost, day: date, shift: int) -> list[str]:
    """Whose turn it is: one after the other through all shifts, so that everybody rests in between."""
    first = (day.toordinal() * len(post.shifts) + shift) * post.each
    return [post.people[(first + k) % len(post.people)] for k in range(post.each)]


def book(scenario: Scenario, told: Book) -> Iterator[Saved]:
    """The lines written before each save; a later line of the same number has taken the earlier's place."""
    for at in told.saves:
        lines: dict[str, list[str]] = {}
        for written, number, *cells in told.lines:
            if isinstance(written, datetime) and written <= at:
                lines[str(number)] = [str(cell) for cell in cells]
        day = at.astimezone(scenario.tz).date()
        yield Saved(
            at,
            f"{told.team}/{told.file}",
            sheet(scenario.styled(told.style), told.title, told.header, lines.values(), day),
        )
