"""What is shown while there is nothing to show yet, as golden texts at every size and in both languages.

`WRITE_GOLDEN=1 pytest tests/board/test_first_frames.py` writes them anew: read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from pilots import painted
from test_screens import MOMENT
from test_screens import board as opened

from commandpost.board import lines
from commandpost.board.app import BoardApp
from commandpost.board.kiosk import KioskApp
from commandpost.board.messages import Unavailable
from commandpost.board.widgets.lines_view import LinesView
from commandpost.clock import FixedClock
from commandpost.places import PostPlaces
from commandpost.store.engine import open_post
from commandpost.words import message

GOLDEN = Path(__file__).parent / "golden" / "screens"


async def _without_data(
    places: PostPlaces, kind: type[BoardApp], size: tuple[int, int], language: Any, *, unavailable: bool
) -> str:
    app = kind(places, FixedClock(MOMENT), language, "256")
    app.source.start = lambda: None  # type: ignore[method-assign]
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        if unavailable:
            why = message("the post cannot be read ({what})", what="OperationalError")
            app.post_message(Unavailable(why))
        await painted(pilot)
        drawn = app.screen.query_one(LinesView).lines
        assert [lines.length(line) for line in drawn] == [size[0]] * size[1]
        return lines.as_text(drawn)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_the_first_screens_are_drawn_as_their_golden_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], language: str
) -> None:
    # The folder is said on the screen: it must be the same in every run.
    monkeypatch.chdir(tmp_path)
    post_places = PostPlaces(Path("a-post-in-a-folder-whose-name-is-longer-than-any-line-of-eighty-cells"))
    post_places.root.mkdir()
    screens = [
        ("starting", await _without_data(post_places, BoardApp, size, language, unavailable=False)),
        ("no database", await _without_data(post_places, BoardApp, size, language, unavailable=True)),
        (
            "wall without a source",
            await _without_data(post_places, KioskApp, size, language, unavailable=True),
        ),
    ]
    post_places.settings.write_text('[post]\nname = "北院园区指挥部"\nshort = "北院园区"\n', "utf-8")
    open_post(post_places).dispose()
    async with opened(post_places, size, language) as pilot:
        screens.append(("empty post", lines.as_text(pilot.app.screen.query_one(LinesView).lines)))
    drawn = "\n".join(f"{'=' * 8} {name}\n{text}" for name, text in screens) + "\n"
    golden = GOLDEN / f"first-{language}{size[0]}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(drawn, "utf-8")
    assert drawn == golden.read_text("utf-8")
