"""What a value of `post.toml` may be. Each says what is allowed: its words follow the key in a mistake."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, Strict


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("a zone name such as Asia/Shanghai") from None
    return name


def _span(text: object) -> object:
    """ "30m", "24h", "7d" → timedelta."""
    found = (
        re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)\s*(m|h|d)", text.strip()) if isinstance(text, str) else None
    )
    if found:
        span = timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: float(found[1])})
        if span <= _LONGEST:
            return span
    raise ValueError('a span such as "30m", "24h" or "7d", at most "366d"')


_LONGEST = timedelta(days=366)
"""Longer spans lead out of the years there are."""


def _some(span: timedelta) -> timedelta:
    if not span:
        raise ValueError('a span above "0m"')
    return span


def _clock(told: object) -> object:
    """A TOML time, or one in quotes ("10:00"): TOML itself wants seconds, which nobody writes."""
    try:
        found = time.fromisoformat(told) if isinstance(told, str) else told
    except ValueError:
        found = None
    if isinstance(found, time) and found.tzinfo is None:
        return found
    raise ValueError("a time of day such as 10:00:00")


def _day(told: object) -> object:
    """A TOML date, or one in quotes."""
    try:
        found = date.fromisoformat(told) if isinstance(told, str) else told
    except ValueError:
        found = None
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    raise ValueError("a date such as 2020-02-10")


def _hours(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)", text):
        raise ValueError('hours such as "07:00-19:00" or "00:00-24:00"')
    return text


def _readable(text: str) -> str:
    if text and not (text.isprintable() and text.strip()):
        raise ValueError("words on one line, no control characters")
    return text


def _folder(name: str) -> str:
    if "/" in name or name in (".", ".."):
        raise ValueError("the name of a folder below drops/")
    return name


def _address(url: str) -> str:
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError('an address such as "postgresql://user@host/name"')
    return url


# TOML has types, and what is no number must not become one: true is 1 to Python, "no" is false to pydantic.
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Text = Annotated[str, AfterValidator(_readable)]
Called = Annotated[str, Field(min_length=1), AfterValidator(_readable)]
Span = Annotated[timedelta, BeforeValidator(_span)]
SomeSpan = Annotated[Span, AfterValidator(_some)]
Clock = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
Hours = Annotated[str, AfterValidator(_hours)]
Folder = Annotated[Called, AfterValidator(_folder)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Address = Annotated[str, AfterValidator(_address)]
