"""What is said of one file: the object of `check --json` and `import --json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from commandpost.contract.kind import Kind
from commandpost.intake.batch import record_fields
from commandpost.intake.chunk import Chunk, Skipped
from commandpost.intake.finding import Finding
from commandpost.words import Message, Words

OUTCOMES = ("accepted", "superseding", "duplicate", "outdated")


@dataclass(slots=True)
class Tally:
    """What became of the rows of a drop, or of a chunk of it.

    rows = accepted + superseding + duplicate + outdated + rejected.
    """

    rows: int = 0
    records: int = 0
    accepted: int = 0
    superseding: int = 0
    duplicate: int = 0
    outdated: int = 0
    rejected: int = 0
    warned: int = 0

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def balanced(self) -> bool:
        return self.rows == self.accepted + self.superseding + self.duplicate + self.outdated + self.rejected


@dataclass(slots=True)
class Report:
    """Everything known of one file; `told` makes it the object people script against."""

    file: str
    sheet: str = ""
    """Of a workbook."""
    kind: str | None = None
    verdict: str = ""
    why: Message | None = None
    """Of `held`, `asks`, `refused`, and of a workbook's sheet that is `skipped`."""
    encoding: str | None = None
    delimiter: str | None = None
    tally: Tally = field(default_factory=Tally)
    rejected: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    values: list[dict[str, Any]] | None = None
    drop: int | None = None
    """Of `asks` in a post: the number by which it is answered."""

    def told(self, words: Words) -> dict[str, Any]:
        """As JSON types, reasons in the language of `words`."""
        tally = self.tally
        made: dict[str, Any] = {
            "file": self.file,
            **({"sheet": self.sheet} if self.sheet else {}),
            "kind": self.kind or None,
            "verdict": self.verdict,
            "encoding": self.encoding,
            "delimiter": None if self.sheet else self.delimiter,
            "rows": tally.rows,
            "records": tally.records,
            **{name: getattr(tally, name) for name in OUTCOMES},
            "rejected": [
                {
                    "line": f.line,
                    "column": f.column,
                    "code": f.code,
                    "reason": words.say(f.reason),
                    "hint": words.say(f.hint) if f.hint else "",
                }
                for f in self.rejected
            ],
            "warnings": [
                {"line": f.line, "column": f.column, "code": f.code, "reason": words.say(f.reason)}
                for f in self.warnings
            ],
            "skipped": [{"line": s.line, "why": words.say(s.why)} for s in self.skipped],
        }
        if self.why is not None:
            made["why"] = words.say(self.why)
        if self.drop is not None:
            made["drop"] = self.drop
        if self.values is not None:
            made["values"] = self.values
        return made


SKIPPED_TOLD = 10_000
"""Skipped lines of one file that are named: a file of nothing but line ends has a hundred million."""


def name_skipped(told: list[Skipped], chunk: Chunk) -> None:
    """Adds the lines of one more chunk to those that are named."""
    if len(told) < SKIPPED_TOLD:
        told += chunk.left_out()[: SKIPPED_TOLD - len(told)]


_RANK = {"superseding": 3, "accepted": 2, "duplicate": 1, "outdated": 0}


def tallied(lines: Sequence[int], outcomes: Iterable[str | None]) -> Counter[str]:
    """Outcomes of rows, from those of their records: `lines[i]` is the row of the i-th record.

    A row counts once: superseding, else accepted, else duplicate, else outdated. None: the record was
    refused; a row all of whose records were refused is not counted here.
    """
    outcomes = list(outcomes)
    if len(set(lines)) == len(lines):
        counted = Counter(outcomes)
        del counted[None]
        return counted  # type: ignore[return-value]
    best: dict[int, str] = {}
    for line, outcome in zip(lines, outcomes, strict=True):
        if outcome is not None and _RANK[outcome] >= _RANK[best.get(line, "outdated")]:
            best[line] = outcome
    return Counter(best.values())


def told_values(kind: Kind, records: Iterable[Sequence[Any]], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Records as they would be stored, as JSON: moments in the post's zone, unknown as null."""
    fields = record_fields(kind)
    moments = {name for name in fields if name in ("event_at", "ends_at", "left_at")}
    made = []
    for line, _said, *values in records:
        one: dict[str, Any] = {"line": line}
        for name, value in zip(fields, values, strict=True):
            if name in moments and value is not None:
                value = datetime.fromtimestamp(value, zone).isoformat()
            elif isinstance(value, date):
                value = value.isoformat()
            one["at" if name == "event_at" else name] = None if value == "" else value
        if "who" in one:
            one["name"] = one["who"] if one["who"] != one["plate"] else None
        made.append(one)
    return made
