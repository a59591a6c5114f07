"""Real sheets, mangled: whatever comes is read to its end, balances, and goes in as `check` said it would."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests.intake.clerking import Post, balances
from tests.intake.judged import SETTINGS, judge, outcome, watchdog
from tests.intake.mangled import mangled, sheets

from commandpost.desks.kinds import KINDS

TAPES = st.binary(min_size=1, max_size=24)
HALF = 10_000
"""Inputs of each of two tests, which run beside each other."""


def _tried(n: int) -> settings:
    return settings(
        max_examples=n, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def _reads(n: int, which: int = 0) -> None:
    """`which`: without a seed of its own each test draws the same inputs where hypothesis derandomises (CI)."""
    became: Counter[str] = Counter()

    @seed(which)
    @_tried(n)
    @given(TAPES)
    def holds(tape: bytes) -> None:
        name, data = mangled(tape)
        with watchdog():
            became[judge(data, name, SETTINGS[len(tape) % len(SETTINGS)])] += 1

    holds()
    # An input that is never read to its rows proves little.
    taken = sum(n for what, n in became.items() if what not in ("held", "asks", "refused"))
    assert taken * 4 > became.total(), became
    assert {"held", "asks", "refused"} < set(became), became


def test_whatever_a_sheet_has_become_every_line_of_it_is_one_thing_and_every_row_balances() -> None:
    _reads(500)


@pytest.mark.long
@pytest.mark.parametrize("half", [1, 2])
def test_whatever_twenty_thousand_sheets_have_become_every_row_balances(half: int) -> None:
    _reads(HALF, half)


def test_what_a_mangled_sheet_becomes_is_what_check_said(post: Post) -> None:
    _goes_in_as_foretold(post, 40)


@pytest.mark.long
def test_what_many_mangled_sheets_become_is_what_check_said(post: Post) -> None:
    _goes_in_as_foretold(post, 600)


def _goes_in_as_foretold(post: Post, n: int) -> None:
    """One post takes them all, so that they meet what earlier ones said."""

    @_tried(n)
    @given(TAPES)
    def holds(tape: bytes) -> None:
        name, data = mangled(tape)
        # A name of its own: a file of the same name that waits asks after ten minutes.
        name = f"{tape.hex()}-{name}"
        post.later(minutes=1)
        with watchdog(60):
            tried, taken = post.check(name, data), post.take(name, data)
        assert outcome(tried) == outcome(taken)
        if taken["verdict"] == "taken":
            assert balances(taken)

    holds()
    bad = post.ask(
        'SELECT id FROM "drop" WHERE rows <> accepted + superseding + duplicate + outdated + rejected'
    )
    assert bad == []
    assert post.ask("PRAGMA integrity_check") == [("ok",)]


def test_the_sheets_begun_with_are_of_every_kind() -> None:
    known = {judge(data, name) for name, data in sheets()}
    assert known >= {kind.name for kind in KINDS}


def test_memory_does_not_grow_with_what_is_made_of_a_sheet(tmp_path: Path) -> None:
    @_tried(60)
    @given(TAPES)
    def holds(tape: bytes) -> None:
        name, data = mangled(tape)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        judge(data, name)
        used = tracemalloc.get_traced_memory()[1] - before
        assert used < 8_000_000 + 200 * len(data), f"{used} bytes for a sheet of {len(data)}"

    sheets()
    tracemalloc.start()
    try:
        holds()
    finally:
        tracemalloc.stop()
