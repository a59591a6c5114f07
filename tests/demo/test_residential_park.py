"""`commandpost demo` with no terminal, and what `status --json --at` says of the post it leaves."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from commandpost.cli.main import main

pytestmark = pytest.mark.xdist_group("residential-park")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "commandpost", *arguments],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=180,
        env={"PATH": os.environ["PATH"], "LANG": "C"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    post = tmp_path_factory.mktemp("demo") / "post"
    return post, run("demo", "residential-park", "--post", post)


@pytest.fixture(scope="module")
def post(played: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    return played[0]


def status(post: Path, at: str) -> dict[str, Any]:
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["status", "--json", "--at", at, "--post", str(post)]) == 0
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_without_a_terminal_it_plays_through_prints_four_panes_and_ends_well(
    played: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = played
    assert done.returncode == 0, done.stderr
    for pane in ("门岗通行", "在管隔离", "值班在岗", "物资申领"):
        assert pane in done.stdout
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) < 80


def test_on_the_evening_of_3_february_the_figures_are_the_published_ones(post: Path) -> None:
    told = status(post, "2020-02-03T20:00+08:00")
    assert told["moment"] == "2020-02-03T20:00:00+08:00"
    assert told["people"] == {"households": 26, "persons": 79}
    panes = told["panes"]
    assert panes["isolation"]["open"] == 3
    for one in panes["isolation"]["items"]:
        assert (one["mode"], one["start"], one["days"], one["due"]) == (
            "HOME",
            "2020-01-27",
            14,
            "2020-02-09",
        )
    gates = {gate["name"]: gate for gate in panes["gate"]["gates"]}
    assert gates["北门"]["state"] == "OPEN"
    assert gates["北门"]["in"] > 0
    assert (gates["东门"]["state"], gates["东门"]["in"], gates["东门"]["out"]) == ("CLOSED", 0, 0)
    assert gates["东门"]["last_event"] is None
    assert panes["gate"]["turned_back"] > 0
    assert panes["gate"]["fever"] == 0
    assert panes["supply"]["on_hand"] == {
        "口罩": {"quantity": 500, "unit": "只"},
        "84消毒液": {"quantity": 25, "unit": "L"},
        "75%酒精": {"quantity": 25, "unit": "L"},
    }
    assert panes["duty"]["gaps"] == []
    assert panes["duty"]["covered"] == panes["duty"]["posts"] == 5
    assert {one["organisation"] for one in panes["duty"]["on_duty"]} == {"园区", "物业"}


def test_on_the_evening_of_18_february_nobody_is_isolated_and_group_purchases_are_open(post: Path) -> None:
    told = status(post, "2020-02-18T20:00+08:00")
    panes = told["panes"]
    assert panes["isolation"]["open"] == 0
    assert panes["supply"]["open"] > 0
    assert panes["duty"]["gaps"] == []
    assert panes["duty"]["covered"] == panes["duty"]["posts"] == 5
    assert told["people"] == {"households": 26, "persons": 79}


@pytest.mark.parametrize("day", ["2020-01-25", "2020-01-31", "2020-02-07", "2020-02-12", "2020-02-16"])
def test_two_organisations_keep_watch_with_no_seam(post: Path, day: str) -> None:
    assert status(post, f"{day}T03:30+08:00")["panes"]["duty"]["gaps"] == []


def test_what_is_known_at_a_moment_does_not_know_what_came_later(post: Path) -> None:
    early = status(post, "2020-01-24T12:00+08:00")
    assert early["people"]["households"] == 19
    assert early["panes"]["isolation"]["open"] == 0
    assert status(post, "2020-01-22T00:00+08:00")["tick"] == 0


def test_every_drop_balances_and_a_few_rows_went_back(post: Path) -> None:
    told = [
        json.loads(line)
        for line in run("drops", "--json", "--last", "1000", "--post", post).stdout.splitlines()
    ]
    taken = [one for one in told if one["verdict"] == "taken"]
    assert len(told) - len(taken) == 1
    for one in taken:
        outcomes = ("accepted", "superseding", "duplicate", "outdated", "rejected")
        assert one["rows"] == sum(one[name] for name in outcomes)
    assert 0 < sum(one["rejected"] > 0 for one in taken) < len(taken) / 5
    assert list((post / "returned").rglob("*.csv"))


def test_the_same_post_opened_on_the_real_clock_says_how_old_it_is(post: Path) -> None:
    done = run("status", "--post", post)
    assert done.returncode == 0
    assert "旧" in done.stdout


def test_a_kept_post_is_never_played_over(post: Path) -> None:
    done = run("demo", "--post", post)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_a_throw_away_post_is_thrown_away(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "commandpost", "demo", "--until", "2020-01-23T12:00", "--lang", "en"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Gate traffic" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_demo_left_is_swept_by_the_next(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / f"commandpost-demo-{ended.pid}-x" / "drops").mkdir(parents=True)
    (tmp_path / f"commandpost-demo-{os.getpid()}-x").mkdir()
    subprocess.run(
        [sys.executable, "-m", "commandpost", "demo", "--until", "2020-01-23T09:00"],
        capture_output=True, check=True, stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == [f"commandpost-demo-{os.getpid()}-x"]
