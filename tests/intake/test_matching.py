"""Lines of one sheet that are lines of another: found wherever they stand, none used twice."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples

from commandpost.intake import matching
from commandpost.intake.workbook import at_once


def _matched(theirs: Sequence[int], mine: Sequence[int], versions: Sequence[int]) -> dict[int, int]:
    """Line here → line there, of sheets given by the hashes of their rows behind one line of header."""
    found = at_once(
        matching.matched(
            array("q", [0, -1, *theirs]), array("q", [0, -1, *mine]), array("q", [0, 0, *versions]), (2, 2)
        )
    )
    return {line: there for there, line in enumerate(found) if line}


def _key(row: int) -> int:
    """A row's, as far from its neighbours' as a hash is."""
    return row * 0x9E3779B97F4A7C15 % (1 << 63)


moved = st.tuples(
    st.sampled_from(["turn", "cut", "put", "move", "twice", "strange"]),
    st.integers(0, 400),
    st.integers(1, 90),
)


def _changed(rows: list[int], changes: list[tuple[str, int, int]]) -> list[int]:
    for what, at, n in changes:
        at %= len(rows) + 1
        if what == "turn":
            rows = rows[:at] + rows[at:][::-1]
        elif what == "cut":
            rows = rows[:at] + rows[at + n :]
        elif what == "put":
            rows = [*rows[:at], *range(10000 + at, 10000 + at + n), *rows[at:]]
        elif what == "move":
            rows = rows[at:] + rows[:at]
        elif what == "twice":
            rows = rows[:at] + rows[at : at + n % 4] + rows[at:]
        else:
            rows = [*rows[:at], -at, *rows[at + 1 :]]
    return rows


@pytest.mark.parametrize(("together", "near"), [(1 << 18, 32), (16, 32), (16, 2)])
@examples(60)
@given(st.integers(0, 300), st.integers(0, 9), st.lists(moved, max_size=5))
def test_every_line_that_can_only_be_one_is_found_and_none_is_used_twice(
    together: int, near: int, n: int, alike: int, changes: list[tuple[str, int, int]]
) -> None:
    theirs = [_key(i // 2 if i < 2 * alike else i) for i in range(n)]
    versions = [theirs.index(row) + 5 for row in theirs]
    rows = _changed(theirs, changes)
    with pytest.MonkeyPatch.context() as change:
        change.setattr(matching, "_TOGETHER", together)
        change.setattr(matching, "_NEAR", near)
        found = _matched(theirs, rows, versions)
    there, here = Counter(theirs), Counter(rows)
    assert all(rows[line - 2] == theirs[of - 2] for line, of in found.items())
    assert len(set(found.values())) == len(found)
    for line, row in enumerate(rows, 2):
        if there[row] == here[row]:
            assert line in found


def test_a_row_that_was_no_fact_or_one_of_two_is_not_found() -> None:
    assert _matched([7, 8, 9], [9, 8, 7], [5, 0, 6]) == {2: 4, 4: 2}
    assert _matched([7, 8, 7, 9], [8, 9, 7, 7], [5, 6, 7, 8]) == {2: 3, 3: 5}


def test_what_lies_in_order_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    part = matching._part

    def counted(*of: object) -> object:
        keys, lines = part(*of)  # type: ignore[arg-type]
        looked.append(len(keys))
        return keys, lines

    monkeypatch.setattr(matching, "_part", counted)
    rows = [_key(i) for i in range(50_000)]
    for mine in (rows, rows[::-1], [*range(300), *rows], [*rows[:700], 1, *rows[704:]]):
        looked.clear()
        assert len(_matched(rows, mine, [1] * len(rows))) >= len(rows) - 4
        assert sum(looked) < 700
