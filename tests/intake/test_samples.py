"""The messy sample drops: what `check` and `import` must say of each."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.intake.clerking import ENGLISH, Post, balances

from commandpost.intake import clerk
from commandpost.settings import Gate, Settings

_ROOT = Path(__file__).resolve().parents[2]
_FOUND = [p for p in (_ROOT.parent / "shared/samples/messy", _ROOT / "tests/samples/messy") if p.is_dir()]
_EXPECTED: dict[str, Any] = (
    json.loads((_FOUND[0] / "expected.json").read_text("utf-8")) if _FOUND else {"cases": [], "gates": []}
)
_CASES = _EXPECTED["cases"] or [None]
_GATES = Settings(gate=tuple(Gate(name=name) for name in _EXPECTED["gates"]))


def _each(of: list[Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", of, ids=lambda case: case["file"] if case else "missing")


cases = _each(_CASES)


@pytest.fixture(autouse=True)
def _samples() -> None:
    if not _FOUND:
        if os.environ.get("CI") == "true":
            pytest.fail("../shared/samples/messy must lie beside the checkout where CI=true")
        pytest.skip("no ../shared/samples/messy beside the checkout")


def _received() -> datetime:
    return datetime.fromisoformat(_EXPECTED["received_at"])


def _as_expected(case: dict[str, Any], report: dict[str, Any]) -> None:
    told = {name: report[name] for name in ("kind", "verdict", "accepted", "duplicate", "superseding")}
    assert told == {name: case[name] for name in told}
    assert [{"line": r["line"], "code": r["code"]} for r in report["rejected"]] == case["rejected"]
    assert len(report["warnings"]) >= case.get("warned", 0)
    assert balances(report)


@_each([case for case in _CASES if not case or not case.get("after")])
@pytest.mark.parametrize("settings", [Settings(), _GATES], ids=["nothing declared", "gates declared"])
def test_every_sample_is_told_as_expected_without_a_post(case: dict[str, Any], settings: Settings) -> None:
    path = _FOUND[0] / case["file"]
    (report,) = clerk.check(path, settings, _received(), words=ENGLISH)
    _as_expected(case, report)


@cases
def test_every_sample_is_taken_as_expected_and_as_check_foretold(case: dict[str, Any], post: Post) -> None:
    post.settings, post.now = _GATES, _received()
    if case.get("after"):
        post.take_path(_FOUND[0] / case["after"])
    path = _FOUND[0] / case["file"]
    (foretold,) = clerk.check(path, _GATES, _received(), post=post.engine, team="north", words=ENGLISH)
    taken = post.take_path(path)
    _as_expected(case, taken)
    assert foretold == taken


@cases
def test_no_sample_counts_twice(case: dict[str, Any], post: Post) -> None:
    post.settings, post.now = _GATES, _received()
    path = _FOUND[0] / case["file"]
    first = post.take_path(path)
    known = post.ask("SELECT count(*) FROM gate_pass")
    again = post.take_path(path)
    assert again["verdict"] == first["verdict"]
    assert again["accepted"] == again["superseding"] == 0
    assert again["duplicate"] == again["rows"] - len(again["rejected"])
    assert post.ask("SELECT count(*) FROM gate_pass") == known
