"""A corpus of messy sheets: every line of every one is told as its rule says, and no rule is without a sheet."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.intake.clerking import ENGLISH, Post, balances

from commandpost.contract.reading import Code
from commandpost.desks.kinds import KINDS
from commandpost.intake import clerk
from commandpost.places import PostPlaces
from commandpost.settings import Gate, Settings
from commandpost.store.engine import connect

HERE = Path(__file__).parent
SHEETS = HERE / "sheets"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = EXPECTED["cases"]
BY_NAME = {case["file"]: case for case in CASES}
README = (HERE / "README.md").read_text("utf-8")
DECLARED = Settings(gate=tuple(Gate(name=name) for name in EXPECTED["gates"]))


@pytest.fixture
def post(migrated: Path, tmp_path: Path) -> Iterator[Post]:
    """A post that knows nothing."""
    places = PostPlaces(tmp_path)
    shutil.copy(migrated, places.database)
    engine = connect(places)
    yield Post(engine, places)
    engine.dispose()


def _told(case: dict[str, Any], post: Post) -> dict[str, Any]:
    settings = DECLARED if case.get("gates") else Settings()
    received = datetime.fromisoformat(case.get("received", EXPECTED["received"]))
    path = SHEETS / case["file"]
    (report,) = clerk.check(path, settings, received, post=post.engine, values=True, words=ENGLISH)
    return report


def _told_after(case: dict[str, Any], post: Post) -> dict[str, Any]:
    """What is said where other sheets came before, a quarter of an hour earlier."""
    for name in case["after"]:
        post.now = datetime.fromisoformat(BY_NAME[name].get("received", EXPECTED["received"]))
        post.take_path(SHEETS / name)
    later = datetime.fromisoformat(EXPECTED["received"]) + timedelta(minutes=10)
    received = datetime.fromisoformat(case["received"]) if "received" in case else later
    (report,) = clerk.check(
        SHEETS / case["file"],
        Settings(),
        received,
        post=post.engine,
        team="north",
        values=True,
        words=ENGLISH,
    )
    return report


def _as_expected(report: dict[str, Any]) -> dict[str, Any]:
    """A report in the words of expected.json."""
    made: dict[str, Any] = {"verdict": report["verdict"]}
    if report["verdict"] != "taken":
        return made
    names = ("kind", "encoding", "delimiter", "rows", "records")
    outcomes = ("accepted", "superseding", "duplicate", "outdated")
    made |= {name: report[name] for name in (*names, *outcomes)}
    for name in ("rejected", "warnings"):
        made[name] = [[one["line"], one["column"], one["code"]] for one in report[name]]
    made["skipped"] = [[one["line"], one["why"]] for one in report["skipped"]]
    made["values"] = [
        {name: said for name, said in one.items() if said is not None} for one in report["values"]
    ]
    return made


def _expected(case: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in case.items() if k not in ("file", "gates", "received", "after")}


def test_every_sheet_is_told_line_by_line_as_its_rule_says(post: Post) -> None:
    wrong = []
    for case in CASES:
        if "after" in case:
            continue
        report = _told(case, post)
        assert report["verdict"] != "taken" or balances(report)
        if _as_expected(report) != _expected(case):
            wrong.append((case["file"], _as_expected(report), _expected(case)))
    assert wrong == []


@pytest.mark.parametrize("case", [one for one in CASES if "after" in one], ids=lambda one: one["file"])
def test_a_sheet_that_meets_what_is_known_is_told_as_its_rule_says(case: dict[str, Any], post: Post) -> None:
    assert _as_expected(_told_after(case, post)) == _expected(case)


def _rows(heading: str) -> list[tuple[str, list[str]]]:
    """(first cell, the sheets named) of the table under a heading of the page."""
    body = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in body.splitlines() if line.startswith("|")][2:]
    return [(row[0].strip(), row[-1].split()) for row in rows]


STEMS = {name.rsplit(".", 1)[0]: name for name in BY_NAME}


def test_every_file_is_a_case_and_every_case_a_file() -> None:
    assert sorted(BY_NAME) == sorted(path.name for path in SHEETS.iterdir())
    assert len(CASES) == len(BY_NAME) >= 120


def test_every_sheet_the_page_names_is_there() -> None:
    named = [
        sheet
        for part in ("Files as they come", "Rows", "Values", "Codes")
        for _, of in _rows(part)
        for sheet in of
    ]
    assert set(named) <= STEMS.keys()


def _text(name: str) -> str:
    data = (SHEETS / name).read_bytes()
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(name)


def test_every_form_the_page_shows_stands_in_one_of_its_sheets() -> None:
    for part in ("Rows", "Values"):
        for shown, of in _rows(part):
            written = " ".join(_text(STEMS[sheet]) for sheet in of)
            for form in re.findall("`([^`]+)`", shown):
                assert form in written, f"{form} is in none of {of}"


def test_every_kind_has_good_rows_and_bad_ones_and_every_verdict_its_sheets() -> None:
    taken = [case for case in CASES if case["verdict"] == "taken"]
    assert {case["kind"] for case in taken if case["values"]} == {kind.name for kind in KINDS}
    assert {case["kind"] for case in taken if case["rejected"]} == {kind.name for kind in KINDS}
    assert {case["verdict"] for case in CASES} == {"taken", "held", "asks", "refused"}
    assert {
        outcome for case in taken for outcome in ("superseding", "duplicate", "outdated") if case[outcome]
    } == {
        "superseding",
        "duplicate",
        "outdated",
    }


def test_every_code_has_a_sheet_that_shows_it() -> None:
    codes = dict(_rows("Codes"))
    assert {code.strip("`") for code in codes} == set(get_args(Code)) - {"person"}
    for code, of in codes.items():
        shown = [
            one[2]
            for sheet in of
            for what in ("rejected", "warnings")
            for one in BY_NAME[STEMS[sheet]].get(what, ())
        ]
        assert code.strip("`") in shown, code
