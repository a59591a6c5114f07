"""A scenario file: the post as declared, and what its teams write and when they save it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from commandpost.errors import CommandpostError, UsageError
from commandpost.places import SCENARIOS
from commandpost.settable import Zone


class ScenarioError(CommandpostError):
    """The scenario cannot be played: file and key."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Style(_Table):
    """How one computer saves a sheet."""

    name: str
    encoding: str = "utf-8"
    newline: str = "\r\n"
    delimiter: str = ","
    title: str = "{title}"
    """The line above the header, when the sheet has a title: may use {title} and {day}."""
    moment: str = "%Y-%m-%d %H:%M"
    """strftime of the times in a log."""
    fullwidth: int = 0
    """Every so many rows somebody types full-width digits; 0: nobody does."""


class Household(_Table):
    room: str
    people: tuple[str, ...]
    """The head first."""


class Census(_Table):
    team: str
    file: str
    style: str
    title: str = ""
    header: tuple[str, ...]
    owners: tuple[str, ...]
    saves: tuple[tuple[datetime, int], ...]
    """When saved, and how many households had been visited by then."""
    households: tuple[Household, ...]


class Rate(_Table):
    """From a day on: how many a day."""

    from_: date = Field(alias="from")
    trips: int
    deliveries: int
    refusals: int


class PassEvent(_Table):
    """One line of the gate log told by hand."""

    at: datetime
    direction: str
    name: str = ""
    plate: str = ""
    temperature: str = ""
    verdict: str = ""
    purpose: str = ""
    write: dict[str, str] = {}
    """Header → what was written instead: slips of the pen."""


class GateLog(_Table):
    team: str
    gate: str
    file: str
    title: str
    header: tuple[str, ...]
    styles: tuple[str, ...]
    """One a day, in turn."""
    saves: tuple[time, ...]
    closing: int
    live_every: int
    hours: tuple[int, ...] = Field(min_length=24, max_length=24)
    by_day: tuple[int, int]
    """Residents and strangers come from this hour to before that one."""
    errands: tuple[str, ...]
    deliveries: tuple[str, ...]
    refusals: tuple[str, ...]
    strangers: tuple[str, ...]
    rates: tuple[Rate, ...]
    events: tuple[PassEvent, ...] = ()

    def rate(self, day: date) -> Rate:
        return [rate for rate in self.rates if rate.from_ <= day][-1]


class Late(_Table):
    at: datetime
    name: str


class Temperatures(_Table):
    team: str
    file: str
    title: str = ""
    style: str
    header: tuple[str, ...]
    first: date
    saves: tuple[time, time]
    """After the morning's and after the evening's round."""
    missed: int
    """How many others are reached only in the evening."""
    isolated: tuple[str, ...]
    isolated_from: date
    isolated_until: date
    """The first day without evening reports."""
    late: tuple[Late, ...] = ()
    """Whose evening report was not in the sheet until then."""


class RosterPost(_Table):
    name: str
    shifts: tuple[tuple[str, ...], ...]
    """Each either its start and end or the word for it."""
    each: int
    """People on one shift."""
    people: tuple[str, ...]
    """They take turns."""


class RosterSheet(_Table):
    at: datetime
    from_: date = Field(alias="from")
    to: date


class Swap(_Table):
    at: datetime
    post: str
    day: date
    start: str
    person: str


class Roster(_Table):
    team: str
    file: str
    title: str = ""
    encoding: str = "utf-8"
    header: tuple[str, ...]
    posts: tuple[RosterPost, ...]
    sheets: tuple[RosterSheet, ...]
    swaps: tuple[Swap, ...] = ()


class Book(_Table):
    """A sheet told line by line. A line's first cell says when it was written, its second which line it is."""

    team: str
    file: str
    style: str
    title: str = ""
    header: tuple[str, ...]
    saves: tuple[datetime, ...]
    lines: tuple[tuple[datetime | str, ...], ...]


class Copy(_Table):
    """The bytes another file has at that moment, under another name."""

    at: datetime
    of: str
    as_: str = Field(alias="as")


class Stray(_Table):
    at: datetime
    file: str
    hexadecimal: str


class Scenario(_Table):
    """All of a scenario file."""

    title: str
    zone: Zone
    seed: int
    start: datetime
    end: datetime
    live: datetime
    """Where the board opens."""
    speed: float = 60.0
    """Of the live part."""
    post: str
    """The text of post.toml."""
    style: tuple[Style, ...]
    census: Census
    gate_log: GateLog
    temperatures: Temperatures
    roster: tuple[Roster, ...]
    book: tuple[Book, ...]
    copy_: tuple[Copy, ...] = Field(default=(), alias="copy")
    stray: tuple[Stray, ...] = ()

    @model_validator(mode="after")
    def _styles_are_there(self) -> Scenario:
        used = {self.census.style, self.temperatures.style, *self.gate_log.styles}
        used |= {book.style for book in self.book}
        missing = sorted(used - {style.name for style in self.style})
        if missing:
            raise ValueError(f"[[style]] {missing[0]} is missing")
        return self

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def styled(self, name: str) -> Style:
        return next(style for style in self.style if style.name == name)

    def residents(self) -> Iterator[tuple[str, str]]:
        """Room and name of everybody, in the census' order."""
        for household in self.census.households:
            for person in household.people:
                yield household.room, person


def names() -> list[str]:
    """The scenarios that are shipped."""
    return sorted(path.stem for path in SCENARIOS.glob("*.toml"))


def load(name: str) -> Scenario:
    """A shipped scenario by name, or one from a .toml file. UsageError when there is none."""
    path = Path(name) if name.endswith(".toml") else SCENARIOS / f"{name}.toml"
    if not path.is_file():
        known = names()
        near = get_close_matches(name, known, 1, 0.3)
        if near:
            raise UsageError("no scenario {name}; did you mean {near}?", name=name, near=near[0])
        raise UsageError("no scenario {name}; there are {names}", name=name, names=", ".join(known))
    try:
        return Scenario.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError("{file}: not TOML: {what}", file=path.name, what=error) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "scenario"
        what = first["msg"].removeprefix("Value error, ")
        raise ScenarioError("{file}: {key}: {what}", file=path.name, key=key, what=what) from None
