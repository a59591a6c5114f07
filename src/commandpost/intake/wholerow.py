"""What is found of rows as a whole, besides what their cells say one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence, Set
from itertools import compress
from typing import Any

from commandpost.contract.kind import Column, Kind
from commandpost.contract.reading import Bad, Context
from commandpost.contract.values.people import Reached
from commandpost.intake.blanks import says
from commandpost.intake.chunk import SAVE_ANEW, UNREADABLE, Chunk
from commandpost.intake.finding import Finding
from commandpost.words import Message, message

_UNREAD = message("These characters could not be read.")


def broken(cells: Sequence[Sequence[str]], chunk: Chunk) -> dict[int, Finding]:
    """Row → its reject: of a returned file those whose unreadable bytes nobody wrote anew."""
    found = sorted({i for column in cells for i, text in enumerate(column) if UNREADABLE in text})
    rows = {i: tuple(column[i] for column in cells) for i in found}
    return {i: Finding(chunk.lines[i], "", "encoding", _UNREAD, SAVE_ANEW, row) for i, row in rows.items()}


def doubts(
    kind: Kind, values: Mapping[str, Sequence[Any]], lines: Sequence[int], away: Set[int], context: Context
) -> Iterator[tuple[int, str, Message]]:
    """(line, code, reason) of the rows whose cells do not go together, without the rows `away`."""
    if kind.doubt is None or kind.doubt_when not in values:
        return
    for i in compress(range(len(lines)), values[kind.doubt_when]):
        found = None if i in away else kind.doubt({name: of[i] for name, of in values.items()}, context)
        if found is not None:
            yield lines[i], found.code, found.reason


def instead(kind: Kind, values: Mapping[str, Sequence[Any]], i: int) -> bool:
    """Whether row `i` says elsewhere what nobody filled in."""
    name, enough = kind.instead or ("", bool)
    return name in values and bool(values[name][i]) and enough(values[name][i])


def with_others(reason: Message, others: Sequence[str]) -> Message:
    """Why a row goes back, with its other cells that need mending too, by their headers."""
    if not others:
        return reason
    return message("{reason} Mend as well: {others}.", reason=reason, others=", ".join(others))


def reach(values: MutableMapping[str, list[Any]], field: str, i: int, kind: Kind, blank: Any) -> None:
    """Row `i` of a `Reached`: its name, and its telephone where the row's own column says none."""
    said: Reached = values[field][i]
    values[field][i] = said.name
    if any(column.field == "phone" for column in kind.columns):
        phones = values.setdefault("phone", [blank] * len(values[field]))
        if type(phones[i]) is not Bad and not phones[i]:
            phones[i] = said.phone


def spared(column: Column, values: Mapping[str, list[Any]], i: int) -> bool:
    """Whether what identifies row `i` is without this column's cell."""
    value = values[column.unless][i] if column.unless in values else None
    return type(value) is not Bad and says(value)


def unharmed(text: str) -> str:
    """A cell of a returned file without the mark that makes it harmless in a spreadsheet."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@＝＋－＠") else text
