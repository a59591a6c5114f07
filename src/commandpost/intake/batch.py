"""What a chunk of a sheet says: records, and what goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from commandpost.contract.kind import Kind
from commandpost.intake.finding import Finding


@dataclass(slots=True)
class Batch:
    """What one chunk says. Balance: every data row is in `rejected` or has records."""

    rows: int = 0
    records: Sequence[tuple[Any, ...]] = ()
    """(line, said_at or None, key values…, said values…) in the order of the table's KEY (without
    nth) and SAID; moments are integer UTC seconds. What `Kind.keeps` names is None where it is not said."""
    rejected: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def record_fields(kind: Kind) -> tuple[str, ...]:
    """The fields of a kind's records, in the order of `Batch.records`, after line and said_at."""
    return tuple(name for name in (*kind.table.KEY, *kind.table.SAID) if name != "nth")
