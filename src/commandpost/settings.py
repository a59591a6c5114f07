"""`post.toml`: what a post declares. An empty file works; what is not declared is accepted and shown as new."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from datetime import time, timedelta
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from commandpost.errors import CommandpostError
from commandpost.settable import (
    Address,
    Called,
    Clock,
    Day,
    Flag,
    Folder,
    Hours,
    Number,
    SomeSpan,
    Span,
    Text,
    Whole,
    Zone,
)
from commandpost.words import Message, message


class SettingsError(CommandpostError):
    """The settings cannot be used: file, key, what is allowed."""


DropKind = Literal[
    "gate-passes",
    "isolations",
    "health-reports",
    "rosters",
    "supply-requests",
    "stock-movements",
    "census",
    "gate-tallies",
    "check-ins",
    "donations",
]
"""Every drop kind's name (a test holds them equal to `desks.kinds.KINDS`, which no floor this low may import)."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Post(_Table):
    """Who we are."""

    name: Called = "指挥部"
    """Full name, for wide screens and reports."""
    short: Text = ""
    """Short name for 80 columns; empty: the full name."""
    english: Text = ""
    zone: Zone = "Asia/Shanghai"
    lockdown_since: Day | None = None
    """Day 1 of closed management (管控第N天)."""
    clear_since: Day | None = None
    """Day 1 of the clear days (清零第N天)."""


class Gate(_Table):
    """A gate (门岗, 卡口)."""

    name: Called
    english: Text = ""
    aliases: tuple[Called, ...] = ()
    open: Flag = True
    since: Day | None = None
    """Since when it has been open or closed."""
    minimum: Whole = Field(default=2, ge=0, le=999)
    """Guards it needs [rule]."""


class DutyPost(_Table):
    """A post to be manned (岗位)."""

    name: Called
    english: Text = ""
    aliases: tuple[Called, ...] = ()
    organisation: Text = ""
    hours: Hours | None = None
    """When it must be covered; gaps exist only for posts with declared hours."""
    minimum: Whole = Field(default=1, ge=0, le=999)


class Team(_Table):
    """A field team: a folder below drops/."""

    name: Folder
    """Its folder's name."""
    label: Text = ""
    english: Text = ""
    contact: Text = ""
    kinds: tuple[DropKind, ...] = ()
    """The drop kinds it sends; empty: any."""
    every: SomeSpan | None = None
    """It sends at least this often while awake (`hours`)."""
    due: tuple[Clock, ...] = ()
    """It sends once a day before each of these times."""
    hours: Hours = "00:00-24:00"
    """When `every` is expected."""
    language: Literal["zh", "en"] | None = None
    """Of its returned files; else the post's."""


class Item(_Table):
    """A supply item (物资)."""

    name: Called
    english: Text = ""
    aliases: tuple[Called, ...] = ()
    unit: Text = ""


class Thresholds(_Table):
    """Every limit of the alert rules (domain: alerts)."""

    fever: Number = Field(default=37.3, ge=35, le=42)
    """°C, at or above [rule]."""
    fever_again: Span = timedelta(minutes=30)
    report_due_am: Clock = time(10)
    report_due_pm: Clock = time(18)
    isolation_days: Whole = Field(default=14, ge=1, le=60)
    isolation_due: Span = timedelta(hours=24)
    isolation_overdue: Span = timedelta(hours=12)
    breach_for: Span = timedelta(hours=24)
    """How long a pass by somebody isolated is called."""
    refused_again: Whole = Field(default=3, ge=2)
    """Refusals of one person or at one gate within 24 h."""
    gate_silent: Span = timedelta(hours=2)
    gate_silent_no_history: Span = timedelta(hours=4)
    gap_ahead: Span = timedelta(hours=72)
    gap_critical: Span = timedelta(hours=12)
    request_urgent: Span = timedelta(hours=4)
    request_high: Span = timedelta(hours=12)
    request_normal: Span = timedelta(hours=24)
    cover_days: Number = Field(default=7, gt=0)
    cover_days_critical: Number = Field(default=3, gt=0)
    drop_missing: Span = timedelta(minutes=30)
    rejected_share: Number = Field(default=0.05, ge=0, le=1)
    clock_ahead: Span = timedelta(minutes=5)


class Intake(_Table):
    """How drops are taken in."""

    move: Flag = False
    """Move taken files out of drops/ instead of leaving them to their team."""
    held_asks: Span = timedelta(minutes=10)
    """A held file that has not changed for this long asks a person."""
    max_bytes: Whole = Field(default=2 * 1024**3, gt=0)
    max_cell: Whole = Field(default=10_000, gt=0)
    """Characters of one cell."""
    workbook_bytes: Whole = Field(default=1024**3, gt=0)
    """Of a workbook (.xlsx), unpacked."""
    workbook_ratio: Whole = Field(default=100, ge=2)
    """How many times its size a part of a workbook may unpack to."""
    workbook_parts: Whole = Field(default=2000, gt=0)
    """How many parts (sheets, pictures, styles) a workbook may have."""
    workbook_memory: Whole = Field(default=1024**3, ge=64 * 1024**2)
    """Bytes that reading a workbook may take, in a process of its own."""
    header_lines: Whole = Field(default=10, ge=1, le=1000)
    """How far down the header is looked for."""


class Settings(_Table):
    """All of `post.toml`, checked."""

    post: Post = Post()
    gate: tuple[Gate, ...] = ()
    duty_post: tuple[DutyPost, ...] = ()
    team: tuple[Team, ...] = ()
    item: tuple[Item, ...] = ()
    thresholds: Thresholds = Thresholds()
    intake: Intake = Intake()
    shifts: dict[Called, Hours] = {"早": "07:00-15:00", "中": "15:00-23:00", "夜": "23:00-07:00"}
    """Words for shifts."""
    places: dict[Called, Text] = {}
    """Point names and other places → English name."""
    aliases: dict[DropKind, dict[Called, Called]] = {}
    """Drop kind → what a team writes above a column → the column it is (its Chinese, English or field name;
    `desks.aliases` checks them, this floor does not know the columns)."""
    language: Literal["zh", "en"] | None = None
    """The post's own; else the locale's."""
    database: Address = ""
    """A SQLAlchemy URL; empty: the SQLite file of the post."""

    @model_validator(mode="after")
    def _each_once(self) -> Settings:
        for table in ("gate", "duty_post", "team", "item"):
            names = [name for one in getattr(self, table) for name in (one.name, *_aliases(one))]
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(message("[[{table}]] {name} is there twice", table=table, name=name))
        return self

    @cached_property
    def sha(self) -> str:
        """Of everything in it: whatever may change what becomes of a row."""
        import hashlib

        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.post.zone)

    @cached_property
    def units(self) -> frozenset[str]:
        """Names that are no person's: gates, posts, organisations, teams and places, aliases too."""
        names = {name for gate in self.gate for name in (gate.name, *gate.aliases)}
        names |= {name for post in self.duty_post for name in (post.name, post.organisation, *post.aliases)}
        names |= {name for team in self.team for name in (team.name, team.label)}
        return frozenset((names | self.places.keys()) - {""})


def _aliases(one: Any) -> set[str]:
    """Other names it has; its own name among them is no contradiction."""
    return set(getattr(one, "aliases", ())) - {one.name}


def _key(error: ErrorDetails) -> str:
    """`gate[2].minimum`: the second [[gate]]."""
    named = (part for part in error["loc"] if part != "[key]")
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in named)
    return "".join(parts).lstrip(".") or "post.toml"


_KINDS: dict[str, str] = {
    "missing": "is missing",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "float_type": "a number",
    "finite_number": "a number",
    "int_type": "a whole number",
    "int_parsing_size": "a whole number",
    "tuple_type": "a list: [ … ], or for gates, posts, teams and items [[ … ]]",
    "dict_type": "a table: [ … ]",
    "model_type": "a table: [ … ]",
    "model_attributes_type": "a table: [ … ]",
    "string_too_short": "must not be empty",
}
"""pydantic's kind of error → what should be there."""
_LIMITS = {
    "greater_than": ("gt", "must be above {limit}"),
    "greater_than_equal": ("ge", "must be at least {limit}"),
    "less_than": ("lt", "must be below {limit}"),
    "less_than_equal": ("le", "must be at most {limit}"),
}


def _what(error: ErrorDetails) -> Message:
    kind, about = error["type"], error.get("ctx", {})
    if kind in _LIMITS:
        name, said = _LIMITS[kind]
        return message(said, limit=about[name])
    if kind == "literal_error":
        return message("one of {words}", words=about["expected"].replace(" or ", ", "))
    if kind == "value_error":
        wrong = about["error"].args[0]
        return wrong if isinstance(wrong, Message) else message(wrong)
    if kind == "extra_forbidden":
        return _nearest(str(error["loc"][-1]), _settings_in(error["loc"][:-1]))
    return message(_KINDS[kind]) if kind in _KINDS else Message(error["msg"])


def _settings_in(loc: tuple[int | str, ...]) -> list[str]:
    """The settings of the table at `loc`."""
    table: type[_Table] = Settings
    for part in loc:
        if isinstance(part, str):
            table = _table_of(table.model_fields[part].annotation) or table
    return list(table.model_fields)


def _table_of(annotation: Any) -> type[_Table] | None:
    if isinstance(annotation, type) and issubclass(annotation, _Table):
        return annotation
    return next((found for part in get_args(annotation) if (found := _table_of(part))), None)


def _nearest(name: str, names: list[str]) -> Message:
    near = get_close_matches(name, names, 1)
    if near:
        return message("no such setting; did you mean {near}?", near=near[0])
    return message("no such setting; there are {names}", names=", ".join(names))


NOT_TOML = {
    "Invalid value": 'no value such as "text", 3, true or [ … ]',
    "Invalid statement": "neither [table] nor name = value",
    "Expected '=' after a key in a key/value pair": "= is missing after the name",
    "Unterminated string": "the closing quote is missing",
    "Illegal character '\\n'": "the closing quote is missing",
    'Expected "\'"': "the closing quote is missing",
    "Expected newline or end of document after a statement": "more than one thing on a line",
    "Cannot overwrite a value": "this name is there twice",
}
"""What tomllib says → how we say it; anything else in its own words."""
_FULL_WIDTH = re.compile("[“”‘’＝，［］＃：]")


def _not_toml(error: ValueError, text: str, name: str) -> SettingsError:
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
    said = found[1] if found else str(error)
    lines = text.splitlines() or [""]
    n = min(int(found[2]) if found and found[2] else len(lines), len(lines))
    what = message(NOT_TOML.get(said, said))
    if _FULL_WIDTH.search(lines[n - 1].split("#")[0]):
        what = message("quotes, commas and = must be half-width: switch the input method off")
    return SettingsError("{file}: line {line}: not TOML: {what}", file=name, line=n, what=what)


def parse_settings(text: str, name: str = "post.toml") -> Settings:
    """Read settings from TOML text.

    Raises SettingsError naming `name`, the first key at fault, what is allowed, and how many more are wrong.
    """
    try:
        return Settings.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first, *more = error.errors(include_url=False, include_input=False)
        said = message("{key}: {what}", key=_key(first), what=_what(first))
        if more:
            said = message("{what} (and {n} more)", what=said, n=len(more))
        raise SettingsError("{file}: {what}", file=name, what=said) from None
    except RecursionError:
        raise SettingsError("{file}: not TOML: brackets in brackets without end", file=name) from None
    except ValueError as error:
        # tomllib's own, and what Python says of a number of 5,000 digits.
        raise _not_toml(error, text, name) from None


_MOST = 1_000_000
"""Bytes: a post of 1,000 gates needs a tenth."""


def load_settings(path: Path) -> tuple[Settings, str]:
    """The settings in `path` and their text; a missing file is an empty one. Raises SettingsError."""
    try:
        text = _read(path).decode("utf-8-sig")
    except FileNotFoundError:
        text = ""
    except UnicodeDecodeError:
        raise SettingsError("{file}: not UTF-8: save it as UTF-8", file=path.name) from None
    except IsADirectoryError:
        raise SettingsError("{file}: a folder, not a file", file=path.name) from None
    except PermissionError:
        raise SettingsError("{file}: no permission", file=path.name) from None
    except OSError as error:
        raise SettingsError("{file}: cannot be read: {what}", file=path.name, what=error.strerror) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return parse_settings(text, path.name), text


def _read(path: Path) -> bytes:
    # A pipe somebody put there must not hang whoever opens the post.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        seen = os.fstat(handle)
        if stat.S_ISDIR(seen.st_mode):
            raise IsADirectoryError
        if not stat.S_ISREG(seen.st_mode):
            raise SettingsError("{file}: no ordinary file", file=path.name)
        if seen.st_size > _MOST:
            raise SettingsError("{file}: larger than {size} MB", file=path.name, size=_MOST // 1_000_000)
        return file.read()
