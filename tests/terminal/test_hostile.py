"""Names that are meant to reach the terminal, in every kind, in file, folder and settings names."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
from terminals import Terminal

from commandpost.clock import ScenarioClock
from commandpost.places import PostPlaces

BAD = "甲\x1b[66;6H\x1b]52;c;cGF3bmVk\x07\x1b]0;pwned\x07\x9b31m[@click=app.quit]x[/]\u202e乙\u2066[/]"
TRACES = (b"\x1b[66;6H", b"]52;", b"pwned", "\x9b".encode(), "\u202e".encode(), "\u2066".encode())
DAY = "2020-02-10"
SHEETS = {
    "gate.csv": f"时间,门岗,方向,姓名,电话,车牌,体温,结果,事由\n{DAY} 20:10,{BAD},进,{BAD},,,36.5,放行,{BAD}\n",
    "isolation.csv": "姓名,管控方式,开始日期,类别,隔离天数,地点,状态\n"
    f"{BAD},居家隔离,{DAY},密接,14,{BAD},隔离中\n",
    "health.csv": f"日期,姓名,楼栋房号,时段,体温,症状,上报人\n{DAY},{BAD},{BAD},早,38.5,{BAD},{BAD}\n",
    "roster.csv": f"岗位,日期,开始,结束,姓名,角色\n{BAD},{DAY},07:00,23:00,{BAD},值守\n",
    "supply.csv": "物资,申请单位,数量,单位,单号,紧急程度,状态,申请时间,送达地点\n"
    f"{BAD},{BAD},500,个,{BAD},特急,已提交,{DAY} 09:30,{BAD}\n",
    "stock.csv": f"物资,时间,类型,数量,单位,去向\n{BAD},{DAY} 09:30,入库,500,个,{BAD}\n",
    "gate-tallies.csv": f"门岗,日期,起,止,进,出\n{BAD},{DAY},07:00,15:00,120,98\n",
    "check-ins.csv": f"姓名,岗位,到岗时间,离岗时间,体温,电话\n{BAD},{BAD},{DAY} 06:52,15:03,38.5,\n",
    "donations.csv": f"捐赠人,物资,数量,单位,时间,联系方式\n{BAD},{BAD},500,{BAD},{DAY} 09:30,\n",
    "census.csv": f"地址,户主,人数,实到,网格员,日期\n{BAD},{BAD},3,3,{BAD},{DAY}\n",
}
QUOTED = "甲[@click=app.quit]x[/]乙[/]"
SETTINGS = f'[post]\nname = "{QUOTED}"\n[[gate]]\nname = "{QUOTED}"\n'
HIDING = SETTINGS.replace("乙", "\\u202e乙\\u2066")

BOARD = ("F9遮名  F1帮助",)
RECORD = ("记录与出处", "[@click=app.quit]")
DESK = "F8筛选  F9遮名  Esc返回"
BACK = "\x7f"
WAY = (
    ("1\r", (DESK, "┏ 1 门岗通行")), ("\r", RECORD), (BACK, (DESK,)), (BACK, BOARD),
    ("22", (DESK, "┏ 2 在管隔离")), ("\r", RECORD), (BACK, (DESK,)), (BACK, BOARD),
    ("3\r", ("班次及出处", "[@click=app.quit]")), (BACK, BOARD),
    ("44", (DESK, "┏ 4 物资申领")), ("\r", RECORD), (BACK, (DESK,)), (BACK, BOARD),
    ("5", (DESK, "┏ 5 接收")), ("\r", ("台账", "[@click=app.quit]")), (BACK, (DESK,)), (BACK, BOARD),
    ("00", (DESK, "┏ 0 待办")), ("\r", RECORD), (BACK, (DESK,)), ("\x1b[20~", ("甲* 38.5",)),
)  # fmt: skip
"""Keys and what is then seen: every pane, its desk and its first record; the intake, its drop; the to-do
list; masked."""


@pytest.mark.long
def test_hostile_names_of_every_kind_leave_no_trace_in_the_bytes(
    terminal: Callable[..., Terminal], post_places: PostPlaces
) -> None:
    team = post_places.drops / f"班{BAD}".replace("/", "／")
    team.mkdir()
    post_places.settings.write_text(HIDING, "utf-8")
    for name, sheet in SHEETS.items():
        (team / f"{BAD.replace('/', '／')}{name}").write_text(sheet, "utf-8")
    clock = f"{DAY}T20:14:00+08:00"
    one = terminal("--clock", fixed(clock), size=(200, 24))
    one.sees("不含控制字符")
    post_places.settings.write_text(SETTINGS, "utf-8")
    one.sees("物资申领")
    one.sees("[@click=app.quit]")
    one.until(lambda: taken(post_places) == len(SHEETS))
    for key, words in WAY:
        one.child.send(key)
        one.sees(*words)
    assert one.child.isalive()
    for trace in TRACES:
        assert trace not in one.bytes, trace


def taken(places: PostPlaces) -> int:
    """Files of which the database says what came of them."""
    with closing(sqlite3.connect(f"file:{places.database}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT count(*) FROM \"drop\" WHERE verdict <> ''").fetchone()
    return int(found[0])


def fixed(moment: str) -> str:
    return str(ScenarioClock(datetime.fromisoformat(moment), datetime.now(UTC)))
