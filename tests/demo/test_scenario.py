"""The scenario residential-park: deterministic, messy as life, true to its figures."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from commandpost.clock import FixedClock
from commandpost.demo.play import play_live, saves
from commandpost.demo.scenario import Scenario, ScenarioError, load, names
from commandpost.demo.sheet import Saved
from commandpost.errors import UsageError
from commandpost.places import SCENARIOS, PostPlaces
from commandpost.settings import parse_settings


@pytest.fixture(scope="module")
def park() -> Scenario:
    return load("residential-park")


@pytest.fixture(scope="module")
def drops(park: Scenario) -> list[Saved]:
    return list(saves(park))


def _text(saved: Saved) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return saved.data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def test_it_is_the_same_every_time(park: Scenario, drops: list[Saved]) -> None:
    assert list(saves(park)) == drops


def test_the_live_part_only_saves_more_often(park: Scenario, drops: list[Saved]) -> None:
    live = list(saves(park, park.live))
    assert [s for s in live if s.at < park.live] == [s for s in drops if s.at < park.live]
    last = f"北门岗/北门登记{park.end.astimezone(park.tz):%m%d}.csv"
    assert {s.path: s.data for s in live if s.path != last} == {
        s.path: s.data for s in drops if s.path != last
    }


def test_drops_come_in_the_order_of_their_moments(drops: list[Saved]) -> None:
    assert all(one.at <= other.at for one, other in itertools.pairwise(drops))


def test_the_census_has_26_households_and_79_people(park: Scenario) -> None:
    assert len(park.census.households) == 26
    assert len(list(park.residents())) == 79
    assert len({name for _, name in park.residents()}) == 79


def test_its_settings_are_right(park: Scenario) -> None:
    settings = parse_settings(park.post)
    assert [(gate.name, gate.open) for gate in settings.gate] == [("北门", True), ("东门", False)]
    assert {post.organisation for post in settings.duty_post} == {"园区", "物业"}


def test_nobody_passes_the_east_gate_and_everybody_of_the_park_is_healthy(
    park: Scenario, drops: list[Saved]
) -> None:
    residents = {name for _, name in park.residents()}
    for saved in drops:
        if saved.path.startswith("北门岗/"):
            for line in _text(saved).splitlines():
                assert "东门" not in line
                if any(name in line for name in residents):
                    assert "37." not in line


def test_it_is_as_messy_as_life(drops: list[Saved]) -> None:
    everything = [saved.data for saved in drops]
    assert any(data.startswith(b"\xef\xbb\xbf") for data in everything)
    assert any(data.startswith(b"\xff\xfe") for data in everything)
    assert any(b"\r" in data and b"\n" not in data for data in everything)
    texts = [_text(saved) for saved in drops]
    assert any("３" in text for text in texts)
    assert any(text.count("\t") > 20 for text in texts)
    paths = [saved.path for saved in drops]
    assert len(set(paths)) < len(paths)
    assert any("副本" in path for path in paths)


def test_a_guard_has_one_shift_at_a_time(park: Scenario) -> None:
    for roster in park.roster:
        for post in roster.posts:
            assert len(post.people) > post.each * 2
            assert len(set(post.people)) == len(post.people)


def test_something_new_comes_every_few_seconds_of_the_live_evening(park: Scenario) -> None:
    moments = [s.at for s in saves(park, park.live) if park.live <= s.at < park.live + timedelta(hours=3)]
    waits = [(b - a).total_seconds() / park.speed for a, b in itertools.pairwise(moments)]
    assert sum(waits) / len(waits) < 5
    assert max(waits) < 15


def test_the_live_player_saves_files_whole(park: Scenario, tmp_path_factory: pytest.TempPathFactory) -> None:
    places = PostPlaces(tmp_path_factory.mktemp("post"))
    told: list[str] = []

    def some() -> Iterator[Saved]:
        yield from [s for s in saves(park, park.live) if s.at >= park.live][:5]

    clock = FixedClock(park.live + timedelta(days=1))
    play_live(some(), places, clock, 60, Event(), lambda saved: told.append(saved.path))
    assert len(told) == 5
    for path in told:
        assert (places.drops / path).stat().st_size > 0
    assert not list(places.drops.rglob(".*"))


def test_an_unknown_scenario_is_named_with_the_nearest() -> None:
    assert "residential-park" in names()
    with pytest.raises(UsageError, match="residential-park"):
        load("residental")


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ('zone = "Asia/Shanghai"\nseed', 'zone = "Mars/X"\nseed', "zone: a zone name such as Asia/Shanghai"),
        ('style = "titled"', 'style = "nobody"', "[[style]] nobody is missing"),
        ("seed = 20200123", "sed = 20200123", "seed: "),
        ("seed = 20200123", "seed = [", "not TOML"),
    ],
)
def test_a_mistake_in_a_scenario_of_ones_own_names_file_and_key(
    written: str, instead: str, said: str, tmp_path: Path
) -> None:
    text = (SCENARIOS / "residential-park.toml").read_text("utf-8")
    assert written in text
    (tmp_path / "mine.toml").write_text(text.replace(written, instead, 1), "utf-8")
    with pytest.raises(ScenarioError) as told:
        load(str(tmp_path / "mine.toml"))
    assert str(told.value).startswith("mine.toml: ")
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_the_scenarios_clock_runs_in_the_posts_zone(park: Scenario) -> None:
    assert park.live.astimezone(ZoneInfo(park.zone)).hour == 17
