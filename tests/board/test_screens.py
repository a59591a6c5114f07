"""The shell's own screens on a real post: at every size, in both languages, as their golden texts.

`WRITE_GOLDEN=1 pytest tests/board/test_screens.py` writes them anew: read the difference.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pilots import painted, until

from commandpost.board import lines
from commandpost.board.app import BoardApp
from commandpost.board.kiosk import ROTATE, KioskApp
from commandpost.board.screens.record import RecordScreen
from commandpost.board.screens.shifts import ShiftsScreen
from commandpost.board.widgets.lines_view import LinesView
from commandpost.cli.main import main
from commandpost.clock import FixedClock
from commandpost.places import PostPlaces

GOLDEN = Path(__file__).parent / "golden" / "screens"
MOMENT = datetime.fromisoformat("2020-02-10T20:14:00+08:00")
SHEETS = (
    (
        "gate.csv",
        "时间,门岗,方向,姓名,车牌,体温,结果,事由\n"
        "2020-02-10 20:10,北门,进,季云帆,,36.5,放行,返家\n2020-02-10 20:11,北门,进,,鄂A12345,36.1,放行,送药\n"
        "2020-02-10 20:12,北门,进,鲁平安,,999,放行,返家\n",
    ),
    (
        "isolation.csv",
        "姓名,管控方式,开始日期,类别,隔离天数,地点,状态\n宋望舒,居家隔离,2020-02-01,密接,14,3栋2单元501,隔离中\n",
    ),
    ("health.csv", "日期,姓名,楼栋房号,时段,体温,症状\n2020-02-10,宋望舒,3栋2单元501,晚,38.5,咳嗽\n"),
    ("roster.csv", "岗位,日期,开始,结束,姓名,角色\n北门,2020-02-10,07:00,23:00,季云帆,值守\n"),
    (
        "supply.csv",
        "物资,申请单位,数量,单位,单号,紧急程度,状态,申请时间\n口罩,北门岗,500,个,SL-1,特急,已提交,2020-02-10 09:30\n",
    ),
    (
        "corrected.csv",
        "姓名,管控方式,开始日期,类别,隔离天数,地点,状态\n宋望舒,居家隔离,2020-02-01,密接,21,3栋2单元501,隔离中\n",
    ),
)
WALK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("board", ()),
    ("help", ("f1",)),
    ("menu", ("escape", "9", "down")),
    ("desk", ("escape", "1", "z")),
    ("record", ("enter",)),
    ("desk masked", ("escape", "f9")),
    ("record masked", ("enter",)),
    ("board masked", ("escape", "escape")),
    ("filter", ("f9", "4", "f8", "口")),
    ("filtered", ("enter",)),
    ("shifts", ("f8", "backspace", "enter", "3", "enter")),
    ("to-do list", ("escape", "0", "z")),
    ("intake", ("escape", "5", "z")),
    ("drop", ("end", "enter")),
)
"""Screen → the keys from the one before."""


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> PostPlaces:
    places = PostPlaces(tmp_path_factory.mktemp("screens"))
    places.settings.write_text('[post]\nname = "北院园区指挥部"\nshort = "北院园区"\n', "utf-8")
    for number, (name, sheet) in enumerate(SHEETS):
        file = places.root / name
        file.write_text(sheet, "utf-8")
        at = MOMENT - timedelta(seconds=59 - number)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert main(["import", str(file), "--post", str(places.root), "--received", at.isoformat()]) < 2
    return places


@asynccontextmanager
async def board(
    places: PostPlaces,
    size: tuple[int, int],
    language: str = "zh",
    colours: str = "256",
    kind: Any = BoardApp,
) -> AsyncIterator[Any]:
    app = kind(places, FixedClock(MOMENT), language, colours)
    app.source._intake = False
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: app.picture is not None and app.intake is not None)
        await settled(pilot)
        yield pilot


async def settled(pilot: Any) -> None:
    """Everything asked for was answered and is painted."""
    await pilot.pause()
    # Questions are answered one after the other: this one is the last.
    last: list[bool] = []
    pilot.app.source.ask(("last",), lambda look, engine: last.append(True))
    await until(pilot, lambda: last)
    await painted(pilot)


def shown(pilot: Any) -> str:
    screens = [screen for screen in pilot.app.screen_stack if screen.query(LinesView)]
    text = lines.as_text(screens[-1].query_one(LinesView).lines)
    # The folder differs from run to run.
    return text.replace(str(pilot.app.places.root), "POST")


async def walked(pilot: Any) -> list[tuple[str, str]]:
    told = []
    for name, keys in WALK:
        await pilot.press(*keys)
        await settled(pilot)
        told.append((name, shown(pilot)))
    return told


@pytest.mark.parametrize(
    ("size", "language"),
    [
        ((80, 24), "zh"),
        ((120, 36), "zh"),
        pytest.param((200, 60), "zh", marks=pytest.mark.long),
        pytest.param((80, 24), "en", marks=pytest.mark.long),
        pytest.param((120, 36), "en", marks=pytest.mark.long),
        pytest.param((200, 60), "en", marks=pytest.mark.long),
    ],
)
async def test_every_screen_is_drawn_as_its_golden_text(
    post: PostPlaces, size: tuple[int, int], language: str
) -> None:
    async with board(post, size, language) as pilot:
        screens = await walked(pilot)
        view = pilot.app.screen.query_one(LinesView)
        assert [lines.length(line) for line in view.lines] == [size[0]] * size[1]
        await pilot.resize_terminal(70, 20)
        await settled(pilot)
        screens.append(("too small", shown(pilot)))
    drawn = "\n".join(f"{'=' * 8} {name}\n{text}" for name, text in screens) + "\n"
    golden = GOLDEN / f"{language}{size[0]}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(drawn, "utf-8")
    assert drawn == golden.read_text("utf-8")
    masked = "\n".join(text for name, text in screens if "masked" in name)
    for private in ("季云帆", "宋望舒", "鄂A12345", "gate.csv", "501"):
        assert private not in masked


@pytest.mark.parametrize(("colours", "most"), [("16", 16), pytest.param("none", 0, marks=pytest.mark.long)])
async def test_every_screen_keeps_to_the_colours_there_are(post: PostPlaces, colours: str, most: int) -> None:
    async with board(post, (80, 24), "zh", colours) as pilot:
        for _, keys in WALK:
            await pilot.press(*keys)
            await pilot.pause()
            for screen in pilot.app.screen_stack:
                for view in screen.query(LinesView):
                    for y in range(24):
                        for segment in view.render_line(y):
                            for colour in (segment.style.color, segment.style.bgcolor):
                                assert colour is None or (colour.number or 0) < most


async def test_a_to_do_opens_its_record_as_corrected(post: PostPlaces) -> None:
    async with board(post, (80, 24)) as pilot:
        await pilot.press("0", "enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)
        known = shown(pilot)
        # The id a to-do carries is that of the entity's first version, which said 14.
        assert known.index("21") < known.index("corrected.csv")
        assert "corrected.csv" in known
        assert known.index("corrected.csv") < known.index("历次说法")


async def test_a_post_of_the_roster_lists_its_shifts_with_their_source(post: PostPlaces) -> None:
    async with board(post, (80, 24)) as pilot:
        await pilot.press("3", "enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, ShiftsScreen)
        row = next(line for line in shown(pilot).split("\n") if "季云帆" in line)
        assert "07:00–23:00" in row
        assert "roster.csv" in row


async def test_a_small_wall_shows_one_pane_after_the_other(
    post: PostPlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("commandpost.board.kiosk.monotonic", lambda: now[0])
    async with board(post, (80, 24), kind=KioskApp) as pilot:
        seen = []
        for _ in range(5):
            seen.append(next(n for n in "1234" if f"{n} " in shown(pilot).split("\n")[4][:8]))
            now[0] += ROTATE
            pilot.app._turn()
            await painted(pilot)
        assert seen == ["1", "2", "3", "4", "1"]
