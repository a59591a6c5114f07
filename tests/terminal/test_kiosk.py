"""The wall at a real terminal: nothing personal in its bytes, nothing that moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from terminals import Terminal

from commandpost.cli.main import main
from commandpost.clock import ScenarioClock
from commandpost.places import PostPlaces

MOMENT = datetime.fromisoformat("2020-02-10T20:14:00+08:00")
PRIVATE = (
    "季云帆",
    "鲁平安",
    "宋望舒",
    "3栋2单元501",
    "501",
    "13871234567",
    "鄂A12345",
    "探望",
    "台账甲",
    "36.4",
)
SHEETS = {
    "gate.csv": "时间,门岗,方向,姓名,电话,车牌,体温,结果,事由\n"
    "2020-02-10 20:10,北门,进,季云帆,13871234567,鄂A12345,36.4,放行,探望\n"
    "2020-02-10 20:11,北门,进,鲁平安,13871234567,,38.6,留观,探望\n",
    "isolation.csv": "姓名,管控方式,开始日期,类别,隔离天数,地点,电话,状态\n"
    "宋望舒,居家隔离,2020-02-01,密接,14,3栋2单元501,13871234567,隔离中\n",
    "health.csv": "日期,姓名,楼栋房号,时段,体温,症状,上报人\n2020-02-10,宋望舒,3栋2单元501,早,36.4,无,季云帆\n",
    "roster.csv": "岗位,日期,开始,结束,姓名,角色\n北门,2020-02-10,07:00,23:00,季云帆,值守\n",
    "supply.csv": "物资,申请单位,数量,单位,单号,紧急程度,状态,申请时间,送达地点,联系方式\n"
    "口罩,鲁平安,500,个,SL-1,特急,已提交,2020-02-10 09:30,3栋2单元501,13871234567\n",
    "census.csv": "地址,户主,人数,实到,网格员,日期\n3栋2单元501,宋望舒,3,3,季云帆,2020-02-10\n",
}
KEYS = (
    "q", "\x11", "\x10", "\x03", "\x1a", "\x1b", "\x1bOP", "1", "\r", "0", "\t", "z", "你",
    "\x1b[200~q\x11 1\x1b[201~", "\x1b[<0;10;10M\x1b[<0;10;10m", "\x1b[<64;10;10M",
)  # fmt: skip


@pytest.fixture
def filled(post_places: PostPlaces, capsys: pytest.CaptureFixture[str]) -> PostPlaces:
    """A post with everything in it that the wall must not show."""
    post_places.settings.write_text("", "utf-8")
    files = []
    for name, sheet in SHEETS.items():
        files.append(post_places.root / f"台账甲{name}")
        files[-1].write_text(sheet, "utf-8")
    given = ["--post", str(post_places.root), "--received", (MOMENT - timedelta(minutes=1)).isoformat()]
    assert main(["import", *map(str, files), *given]) == 0, capsys.readouterr()
    capsys.readouterr()
    return post_places


@pytest.mark.parametrize(
    ("size", "environment"), [((200, 60), {}), ((80, 24), {"TERM": "xterm"}), ((120, 36), {"NO_COLOR": "1"})]
)
def test_a_wall_shows_nothing_personal_and_stays_whatever_is_pressed(
    filled: PostPlaces,
    terminal: Callable[..., Terminal],
    size: tuple[int, int],
    environment: dict[str, str],
) -> None:
    wall = terminal(
        "kiosk", "--clock", str(ScenarioClock(MOMENT, datetime.now(UTC))), size=size, **environment
    )
    wall.sees("季*")
    wall.settle()
    for keys in KEYS:
        wall.child.send(keys)
    wall.settle()
    assert wall.child.isalive()
    assert "季*" in wall.text()
    for word in PRIVATE:
        assert word.encode() not in wall.bytes, word
    assert b"\x1b[?1000h" not in wall.bytes
    assert b"]52;" not in wall.bytes
    if "NO_COLOR" in environment:
        assert b"38;" not in wall.bytes
        assert b"48;" not in wall.bytes
    if environment.get("TERM") == "xterm":
        assert b"38;5;" not in wall.bytes
        assert b"38;2;" not in wall.bytes
    assert not (filled.root / "watch.log").exists()
