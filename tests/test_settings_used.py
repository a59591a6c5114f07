"""Nothing is declared in vain: every setting of post.toml is asked for by some part of the program."""

from __future__ import annotations

import signal
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.intake.books import book

from commandpost import settings as declared
from commandpost.cli.main import main
from commandpost.clock import FixedClock
from commandpost.intake import clerk
from commandpost.intake.watcher import Watch
from commandpost.places import PostPlaces
from commandpost.settings import load_settings
from commandpost.store.engine import open_post

POST = """
language = "zh"
[post]
name = "园区"
short = "园"
english = "Park"
lockdown_since = 2020-01-23
clear_since = 2020-02-01
[[gate]]
name = "北门"
english = "N gate"
[[duty_post]]
name = "值班室"
organisation = "园区"
hours = "00:00-24:00"
[[team]]
name = "北门岗"
kinds = ["gate-passes"]
contact = "对讲机2频道"
every = "2h"
language = "en"
[[team]]
name = "网格员"
due = [10:00:00]
[[item]]
name = "口罩"
unit = "只"
[places]
"西侧" = "W side"
[intake]
move = true
"""
SHEETS = {
    "北门岗/a.csv": "时间,门岗,方向,姓名,体温,结果\n"
    "2020-02-10 07:30,北门,进,李建国,37.6,劝返\n2020-02-10 07:40,北门,进,李建国,37.8,劝返\n"
    "2020-02-10 07:45,北门,进,李建国,36.4,放行\n2020-02-10 13:30,北门,进,周敏,37.9,留观\n2020-02-30 07:30,北门,进,李建国,,\n",
    "网格员/b.csv": "姓名,管控方式,开始日期\n孙丽,居家,2020-01-20\n周敏,居家,2020-02-01\n",
    "网格员/c.csv": "日期,姓名,时段,体温\n2020-02-08,孙丽,早,37.9\n2020-02-09,周敏,早,36.4\n",
    "d.csv": "岗位,日期,班次,姓名\n值班室,2020-02-10,早,钱进\n值班室,2020-02-12,早,钱进\n北门,2020-02-10,中,余强\n",
    "e.csv": "物资,申请单位,数量,单位,紧急程度,申请时间\n口罩,物业,50,只,特急,2020-02-10 09:00\n口罩,物业,5,只,急,2020-02-10 08:00\n口罩,物业,5,只,一般,2020-02-09 08:00\n",
    "f.csv": "物资,时间,类型,数量,单位\n口罩,2020-02-08 08:00,入库,500,只\n口罩,2020-02-09 09:00,领用,90,只\n",
    "g.csv": "时间,门岗,方向\n2020-02-10 07:30,北",
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """`Table.setting` of every setting that is looked at."""
    seen: set[str] = set()

    def look(self: Any, name: str) -> Any:
        if name in type(self).model_fields:
            seen.add(f"{type(self).__name__}.{name}")
        return object.__getattribute__(self, name)

    monkeypatch.setattr(declared._Table, "__getattribute__", look, raising=False)
    return seen


def test_every_setting_is_used(asked: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = PostPlaces(tmp_path)
    places.settings.write_text(POST, "utf-8")
    for name, text in SHEETS.items():
        (places.drops / name).parent.mkdir(parents=True, exist_ok=True)
        (places.drops / name).write_text(text, "utf-8")
    workbook = book({"一": [["时间", "门岗", "方向", "姓名"], ["2020-02-10 07:50", "北门", "进", "周敏"]]})
    (places.drops / "h.csv").write_bytes(workbook)
    now = datetime.fromisoformat("2020-02-10T20:00:00+08:00")
    settings, _ = load_settings(places.settings)
    engine = open_post(places, settings.database)
    clock = FixedClock(now)
    watch = Watch(
        places, clock, settings, lambda arrival, now: clerk.begin(engine, arrival, places, now, clock)
    )
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    running = threading.Thread(target=watch.run)
    running.start()
    until = time.monotonic() + 30
    while len(list((tmp_path / "taken").rglob("*.csv"))) < len(SHEETS):
        assert time.monotonic() < until
        time.sleep(0.02)
    watch.stop()
    running.join(30)
    signal.signal(signal.SIGIO, before)
    engine.dispose()
    for at in (now + timedelta(hours=n) for n in (1, 4, 12, 24, 40)):
        for how in ([], ["--json"]):
            assert (
                main(["status", "--post", str(tmp_path), "--at", at.isoformat(), "--lang", "en", *how]) == 0
            )
    capsys.readouterr()
    tables = [t for t in vars(declared).values() if isinstance(t, type) and issubclass(t, declared._Table)]
    wanted = {f"{t.__name__}.{name}" for t in tables for name in t.model_fields}
    assert sorted(wanted - asked) == []
