"""`post.toml`: what a post declares. An empty file works; what is not declared is accepted and shown as new."""

from __future__ import annotations

import re
import tomllib
from datetime import date, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from commandpost.errors import CommandpostError
from commandpost.words import Message, message


class SettingsError(CommandpostError):
    """The settings cannot be used: file, key, what is allowed."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("a zone name such as Asia/Shanghai") from None
    return name


def _span(text: object) -> object:
    """ "30m", "24h", "7d" → timedelta; anything else is left for pydantic to refuse."""
    if isinstance(text, str) and (m := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(m|h|d)", text.strip())):
        return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[m[2]]: float(m[1])})
    return text


def _hours(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)", text):
        raise ValueError('hours such as "07:00-19:00" or "00:00-24:00"')
    return text


def _folder(name: str) -> str:
    if "/" in name or name in (".", ".."):
        raise ValueError("the name of a folder below drops/")
    return name


Called = Annotated[str, Field(min_length=1)]
Span = Annotated[timedelta, BeforeValidator(_span)]
Hours = Annotated[str, AfterValidator(_hours)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Post(_Table):
    """Who we are."""

    name: str = "指挥部"
    """Full name, for wide screens and reports."""
    short: str = ""
    """Short name for 80 columns; empty: the full name."""
    english: str = ""
    zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    lockdown_since: date | None = None
    """Day 1 of closed management (管控第N天)."""
    clear_since: date | None = None
    """Day 1 of the clear days (清零第N天)."""


class Gate(_Table):
    """A gate (门岗, 卡口)."""

    name: Called
    english: str = ""
    aliases: tuple[str, ...] = ()
    open: bool = True
    since: date | None = None
    """Since when it has been open or closed."""
    minimum: int = Field(default=2, ge=0)
    """Guards it needs [rule]."""


class DutyPost(_Table):
    """A post to be manned (岗位)."""

    name: Called
    english: str = ""
    aliases: tuple[str, ...] = ()
    organisation: str = ""
    hours: Hours | None = None
    """When it must be covered; gaps exist only for posts with declared hours."""
    minimum: int = Field(default=1, ge=0)


class Team(_Table):
    """A field team: a folder below drops/."""

    name: Annotated[Called, AfterValidator(_folder)]
    """Its folder's name."""
    label: str = ""
    english: str = ""
    contact: str = ""
    kinds: tuple[str, ...] = ()
    """The drop kinds it sends; empty: any."""
    every: Span | None = None
    """It sends at least this often while awake (`hours`)."""
    due: tuple[time, ...] = ()
    """It sends once a day before each of these times."""
    hours: Hours = "00:00-24:00"
    """When `every` is expected."""
    language: Literal["zh", "en"] | None = None
    """Of its returned files; else the post's."""


class Item(_Table):
    """A supply item (物资)."""

    name: Called
    english: str = ""
    aliases: tuple[str, ...] = ()
    unit: str = ""


class Thresholds(_Table):
    """Every limit of the alert rules (domain: alerts)."""

    fever: float = Field(default=37.3, ge=35, le=42)
    """°C, at or above [rule]."""
    fever_again: Span = timedelta(minutes=30)
    report_due_am: time = time(10)
    report_due_pm: time = time(18)
    isolation_days: int = Field(default=14, ge=1, le=60)
    isolation_due: Span = timedelta(hours=24)
    isolation_overdue: Span = timedelta(hours=12)
    refused_again: int = Field(default=3, ge=2)
    """Refusals of one person or at one gate within 24 h."""
    gate_silent: Span = timedelta(hours=2)
    gate_silent_no_history: Span = timedelta(hours=4)
    gap_ahead: Span = timedelta(hours=72)
    gap_critical: Span = timedelta(hours=12)
    request_urgent: Span = timedelta(hours=4)
    request_high: Span = timedelta(hours=12)
    request_normal: Span = timedelta(hours=24)
    cover_days: float = Field(default=7, gt=0)
    cover_days_critical: float = Field(default=3, gt=0)
    drop_missing: Span = timedelta(minutes=30)
    rejected_share: float = Field(default=0.05, ge=0, le=1)
    clock_ahead: Span = timedelta(minutes=5)


class Intake(_Table):
    """How drops are taken in."""

    move: bool = False
    """Move taken files out of drops/ instead of leaving them to their team."""
    held_asks: Span = timedelta(minutes=10)
    """A held file that has not changed for this long asks a person."""
    max_bytes: int = Field(default=2 * 1024**3, gt=0)
    max_cell: int = Field(default=10_000, gt=0)
    """Characters of one cell."""
    header_lines: int = Field(default=10, ge=1)
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
    shifts: dict[str, Hours] = {"早": "07:00-15:00", "中": "15:00-23:00", "夜": "23:00-07:00"}
    """Words for shifts."""
    places: dict[str, str] = {}
    """Point names and other places → English name."""
    language: Literal["zh", "en"] | None = None
    """The post's own; else the locale's."""
    database: str = ""
    """A SQLAlchemy URL; empty: the SQLite file of the post."""

    @model_validator(mode="after")
    def _each_once(self) -> Settings:
        for table in ("gate", "duty_post", "team", "item"):
            names = [one.name for one in getattr(self, table)]
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(message("[[{table}]] {name} is there twice", table=table, name=name))
        return self

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


def _key(error: ErrorDetails) -> str:
    """`gate[2].minimum`: the second [[gate]]."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    return "".join(parts).lstrip(".") or "post.toml"


_KINDS: dict[str, str] = {
    "extra_forbidden": "no such setting: compare the example post.toml",
    "missing": "is missing",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "tuple_type": "a list: [ … ], or for gates, posts, teams and items [[ … ]]",
    "dict_type": "a table: [ … ]",
    "model_type": "a table: [ … ]",
    "model_attributes_type": "a table: [ … ]",
    "string_too_short": "must not be empty",
    "time_delta_type": 'a span such as "30m", "24h" or "7d"',
    "time_delta_parsing": 'a span such as "30m", "24h" or "7d"',
    "time_type": "a time of day such as 10:00:00",
    "time_parsing": "a time of day such as 10:00:00",
    "date_type": "a date such as 2020-02-10",
    "date_from_datetime_parsing": "a date such as 2020-02-10",
    "date_parsing": "a date such as 2020-02-10",
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
    return message(_KINDS[kind]) if kind in _KINDS else Message(error["msg"])


def parse_settings(text: str, name: str = "post.toml") -> Settings:
    """Read settings from TOML text.

    Raises SettingsError naming `name` and the key at fault.
    """
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("{file}: not TOML: {what}", file=name, what=error) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SettingsError("{file}: {key}: {what}", file=name, key=_key(first), what=_what(first)) from None


def load_settings(path: Path) -> tuple[Settings, str]:
    """The settings in `path` and their text; a missing file is an empty one. Raises SettingsError."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        text = ""
    except UnicodeDecodeError:
        raise SettingsError("{file}: not UTF-8: save it as UTF-8", file=path.name) from None
    except OSError as error:
        raise SettingsError(
            "{file}: cannot be read: {what}", file=path.name, what=type(error).__name__
        ) from None
    return parse_settings(text, path.name), text
