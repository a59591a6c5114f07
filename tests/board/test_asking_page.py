"""The page of a file that asks: why, its first rows, a proposal, what to type; nothing of it for visitors."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from test_screens import MOMENT, board, settled, shown

from commandpost.board import lines
from commandpost.board.kiosk import KioskApp
from commandpost.board.widgets.lines_view import LinesView
from commandpost.cli.main import main
from commandpost.places import PostPlaces

ROWS = "何时,何处,去向,何人,多少度\n" + "".join(
    f"2020-02-10 08:1{i}:21,东门,{'进出'[i % 2]},季云帆,36.{i}\n" for i in range(6)
)
PRIVATE = ("早班.csv", "季云帆", "36.4", "何人", "--map")


@pytest.fixture
def post(tmp_path: Path) -> PostPlaces:
    places = PostPlaces(tmp_path / "post")
    path = places.drops / "北门岗" / "早班.csv"
    path.parent.mkdir(parents=True)
    path.write_text(ROWS, "utf-8")
    places.settings.write_text('[post]\nname = "北院园区指挥部"\n', "utf-8")
    command = [
        "import",
        str(path),
        "--team",
        "北门岗",
        "--post",
        str(places.root),
        "--received",
        MOMENT.isoformat(),
    ]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert main(command) == 1
    return places


@pytest.mark.parametrize(
    ("size", "language", "wanted"),
    [
        (
            (80, 24),
            "zh",
            ("表头无法识别", "季云帆", "建议：门岗通行", "6 格中 6 格是体温", "commandpost drops answer 2"),
        ),
        (
            (120, 36),
            "en",
            ("no kind of table", "季云帆", "Proposal: gate-passes", "6 of 6 cells are temperatures"),
        ),
    ],
)
async def test_the_page_says_why_it_asks_what_it_holds_and_what_to_type(
    post: PostPlaces, size: tuple[int, int], language: str, wanted: tuple[str, ...]
) -> None:
    async with board(post, size, language) as pilot:
        await pilot.press("5", "enter")
        await settled(pilot)
        said = shown(pilot)
        await pilot.press("end")
        await settled(pilot)
        said += shown(pilot)
        assert [word for word in wanted if word not in said] == []
        view = pilot.app.screen.query_one(LinesView)
        assert {lines.length(line) for line in view.lines} == {size[0]}
        await pilot.press("f9")
        await settled(pilot)
        assert not [word for word in PRIVATE if word in shown(pilot)]
        await pilot.press("f9", "escape")
        (post.drops / "北门岗" / "早班.csv").unlink()
        await pilot.press("enter")
        await settled(pilot)
        assert "drops/" in shown(pilot)
        assert "季云帆" not in shown(pilot)


async def test_the_wall_shows_none_of_it(post: PostPlaces) -> None:
    async with board(post, (200, 60), kind=KioskApp) as pilot:
        await pilot.press("5", "enter")
        await settled(pilot)
        assert not [word for word in PRIVATE if word in shown(pilot)]
