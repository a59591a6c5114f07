"""JSON Lines that may be looked at on a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_STEERS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What json leaves as it is and a terminal obeys (C1, bidi), and bytes of names that are no UTF-8."""


def json_line(told: Any) -> str:
    """`told` on one line, Chinese readable, everything that could steer a terminal escaped."""
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(told, ensure_ascii=False))


def json_pieces(members: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """The same of an object given member by member, whose iterators are written as they are used up."""
    before = "{"
    for key, value in members:
        yield f"{before}{json_line(key)}: "
        before = ", "
        if not isinstance(value, Iterator):
            yield json_line(value)
            continue
        between = "["
        for one in value:
            yield between + json_line(one)
            between = ", "
        yield "[]" if between == "[" else "]"
    yield "}\n"
