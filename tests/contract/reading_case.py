"""What the tests of value readers share: a context, and how results are shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from commandpost.contract.reading import Bad, Context, Flagged, Read, Reader
from commandpost.settings import parse_settings

ZONE = ZoneInfo("Asia/Shanghai")
RECEIVED = datetime(2022, 3, 28, 20, 0, tzinfo=ZONE)
POST = """
[[gate]]
name = "东门"
english = "East gate"
aliases = ["东大门", "1号门"]
[[gate]]
name = "北门"
[[duty_post]]
name = "监控室"
[[item]]
name = "84消毒液"
aliases = ["84", "消毒水"]
"""


def here(
    settings: str = "", *, sheet: date | None = None, zone: str = "", received: datetime = RECEIVED
) -> Context:
    """A context: received on 2022-03-28 at 20:00 in Shanghai unless told otherwise."""
    return Context(received, ZoneInfo(zone) if zone else ZONE, parse_settings(settings), sheet)


def reading(reader: Reader, context: Context | None = None) -> Read:
    return reader(context or here())


def at(text: str, zone: ZoneInfo = ZONE) -> int:
    """UTC seconds of an ISO wall time in `zone`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def code(found: Any) -> str:
    """The code of a Bad or Flagged, else ""."""
    return found.code if isinstance(found, Bad | Flagged) else ""


def value(found: Any) -> Any:
    """The value, without its flag. Bad has none."""
    assert not isinstance(found, Bad), found
    return found.value if isinstance(found, Flagged) else found
