"""A story on a real board: an isolation ledger comes, then a gate's log; who was at the gate is a critical to-do,
is found without letters of the board's, and has a page whose lines open their records."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from pilots import until
from test_screens import MOMENT, board, settled, shown

from commandpost.board import lines
from commandpost.board.kiosk import KioskApp
from commandpost.board.screens.people import PeopleScreen, PersonScreen
from commandpost.board.screens.record import RecordScreen
from commandpost.board.widgets.lines_view import LinesView
from commandpost.cli.main import main
from commandpost.places import PostPlaces

SETTINGS = """[post]
name = "北院园区指挥部"
[[gate]]
name = "北门"
english = "N gate"
[[duty_post]]
name = "监控室"
hours = "00:00-24:00"
"""
LEDGER = (
    "姓名,管控方式,开始日期,类别,隔离天数,地点,电话\n宋望舒,居家隔离,2020-02-08,密接,14,3栋2单元501,13900000001\n"
    "岑远,集中隔离,2020-02-08,密接,14,健康驿站,\n鲁平安,居家隔离,2020-02-08,密接,14,5栋1单元302,\n"
)
CENSUS = "地址,户主,人数\n7栋1单元101,鲁平安,2\n"
ROSTER = "岗位,日期,开始,结束,姓名\n监控室,2020-02-10,00:00,24:00,岑远\n"
GATE = (
    "时间,门岗,方向,姓名,车牌,体温,结果,电话\n2020-02-10 20:02,北门,出,宋望舒,,36.5,放行,13900000001\n"
    "2020-02-10 20:05,北门,进,岑远,,36.1,劝返,\n2020-02-10 20:07,北门,进,鲁平安,,36.2,放行,\n"
)


def dropped(places: PostPlaces, name: str, sheet: str) -> None:
    file = places.root / name
    file.write_text(sheet, "utf-8")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        argv = ["import", str(file), "--post", str(places.root), "--received", MOMENT.isoformat()]
        assert main(argv) == 0


@pytest.fixture
def places(tmp_path: Path) -> PostPlaces:
    found = PostPlaces(tmp_path)
    found.settings.write_text(SETTINGS, "utf-8")
    for name, sheet in (("ledger.csv", LEDGER), ("census.csv", CENSUS), ("roster.csv", ROSTER)):
        dropped(found, name, sheet)
    return found


async def test_a_ledger_then_a_gates_log_is_a_critical_to_do_and_a_page(places: PostPlaces) -> None:
    async with board(places, (80, 24)) as pilot:
        await pilot.press("0", "z")
        await settled(pilot)
        assert "误入" not in shown(pilot)
        # Who is isolated and on the roster is a gap, with a word for who and why.
        (gap,) = [line for line in shown(pilot).split("\n") if "缺岗" in line]
        assert "监控室" in gap
        assert "岑远 集中隔离 按姓名" in gap
        assert "!!" in gap
        dropped(places, "gate.csv", GATE)
        await until(pilot, lambda: "误入" in shown(pilot))
        breaches = [line for line in shown(pilot).split("\n") if "误入" in line]
        assert [("!!" in line, "按姓名" in line, "同名2人" in line) for line in breaches] == [
            (True, False, False), (True, True, False), (False, False, True),
        ]  # fmt: skip
        assert "宋望舒 居家隔离 北门 20:02 出 已放行" in breaches[0]
        assert "岑远 集中隔离 北门 20:05 进 已劝返 按姓名" in breaches[1]
        assert "5-1-302 居家／7-1-101 北门" in breaches[2]
        view = pilot.app.screen.query_one(LinesView)
        assert [lines.length(line) for line in view.lines] == [80] * 24


async def test_somebody_is_found_by_digits_and_arrows_and_has_a_page(places: PostPlaces) -> None:
    dropped(places, "gate.csv", GATE)
    for language, isolated in (("zh", "居家隔离第3/14天"), ("en", "home isolation, day 3 of 14")):
        async with board(places, (80, 24), language) as pilot:
            await pilot.press("9")
            await settled(pilot)
            (choice,) = [line for line in shown(pilot).split("\n") if "pinyin" in line or "拼音" in line]
            await pilot.press(next(char for char in choice if char.isdigit()))
            await pilot.pause()
            await pilot.press(*"0001", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, PeopleScreen))
            await settled(pilot)
            assert "宋望舒" in shown(pilot)
            assert isolated in shown(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
            await settled(pilot)
            page = shown(pilot).split("\n")
            assert any("2020-02-10 20:02" in line and "36.5" in line for line in page)
            assert any("2020-02-08" in line and "3-2-501" in line for line in page)
            view = pilot.app.screen.query_one(LinesView)
            assert [lines.length(line) for line in view.lines] == [80] * 24
            await pilot.press("f9")
            await until(pilot, lambda: "宋*" in shown(pilot))
            for private in ("宋望舒", "13900000001", "501", "36.5"):
                assert private not in shown(pilot)
            await pilot.press("f9")
            await until(pilot, lambda: "宋望舒" in shown(pilot))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
            await settled(pilot)
            assert "gate.csv" in shown(pilot)
            await pilot.press("escape", "end", "enter")
            await settled(pilot)
            assert pilot.app.screen._page.since is None


async def test_a_wall_finds_nobody(places: PostPlaces) -> None:
    async with board(places, (80, 24), kind=KioskApp) as pilot:
        before = shown(pilot)
        await pilot.press("9", "p", *"0001", "enter", "f8")
        await settled(pilot)
        assert len(pilot.app.screen_stack) == 1
        assert shown(pilot).split("\n")[1:4] == before.split("\n")[1:4]


@pytest.mark.parametrize(("language", "by"), [("zh", "按姓名"), ("en", "by name")])
def test_status_and_people_tell_the_same(
    places: PostPlaces, capsys: pytest.CaptureFixture[str], language: str, by: str
) -> None:
    dropped(places, "gate.csv", GATE)
    common = ["--post", str(places.root), "--lang", language]
    # Ten minutes later, as it was known then.
    assert main(["status", "--json", "--at", "2020-02-10T20:20+08:00", *common]) == 0
    todo = json.loads(capsys.readouterr().out)["todo"]
    told = [(one["severity"], one["subject"]) for one in todo if one["rule"] == "isolation-breach"]
    assert told == [("critical", "isolation:1"), ("critical", "isolation:2"), ("warning", "gate_pass:3")]
    texts = {one["subject"]: one["text"] for one in todo if one["rule"] == "isolation-breach"}
    assert [by in texts[subject] for _, subject in told] == [False, True, False]
    assert [one["severity"] for one in todo if one["rule"] == "unfit"] == ["critical"]
    assert main(["people", "sws", "--all", "--json", *common]) == 0
    (one,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (one["names"], one["phones"], one["rooms"]) == (["宋望舒"], ["13900000001"], ["3-2-501"])
    assert [(entry["table"], entry["by"]) for entry in one["entries"]] == [
        ("gate_pass", None),
        ("isolation", None),
    ]
    assert main(["people", "cy", "--all", *common]) == 0
    assert by in capsys.readouterr().out
    assert main(["people", "nobody", *common]) == 1
