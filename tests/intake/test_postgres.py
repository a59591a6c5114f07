"""A post on PostgreSQL takes files in as one on SQLite does: the same story, the same reports, the same
board."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.intake.clerking import BAD, LI, WANG, ZHANG, Post, rows_of, sheet

from commandpost import picture
from commandpost.desks import KEPT
from commandpost.intake import before, clerk, growing, load, rearranged, table
from commandpost.places import PostPlaces
from commandpost.settings import parse_settings
from commandpost.status import status_json
from commandpost.store import undo
from commandpost.words import Words

SETTINGS = """
[[gate]]
name = "东门"
[[gate]]
name = "西门"
open = false
[[duty_post]]
name = "监控室"
hours = "00:00-24:00"
[[team]]
name = "north"
kinds = ["gate-passes"]
every = "2h"
"""
ROSTER = "岗位,日期,开始,结束,姓名"
ASKED = "单号,物资,申请单位,数量,状态,申请时间"
STOCK = "物资,时间,类型,数量,单位"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "CHUNK", 3)
    monkeypatch.setattr(table, "LOOK_AHEAD", 1)


def _post(engine: Engine, root: Path) -> Post:
    root.mkdir()
    return Post(engine, PostPlaces(root), parse_settings(SETTINGS))


def _passes(n: int) -> list[str]:
    return [
        f"2022-03-28 07:{n:02}:00,{'东西'[n % 2]}门,{'进出'[n % 2]},访客{n},,,36.{n % 9},放行"
        for n in range(n)
    ]


def _killed(post: Post, name: str, content: str, chunks: int) -> None:
    """A file whose taker dies after so many chunks."""
    job = clerk.begin(
        post.engine, clerk.NamedFile(post.file(name, content), "north"), post.places, post.settings, post.clock
    )  # fmt: skip
    done = len(post.ask("SELECT 1 FROM tick"))
    while len(post.ask("SELECT 1 FROM tick")) < done + chunks:
        assert job.step()
    job.close()


def _go_on(post: Post) -> list[str]:
    going = clerk.unfinished(post.engine, post.places, post.settings, post.clock)
    for job in going:
        while job.step():
            pass
    return [job.verdict for job in going]


def _status(post: Post) -> dict[str, Any]:
    return status_json(picture.at(post.engine, post.now, post.settings), post.settings, Words("en"))


def _story(post: Post) -> list[Any]:
    """What a day may bring; what was said of each step."""
    said: list[Any] = []

    def then(told: Any) -> None:
        said.append({k: v for k, v in told.items() if k != "file"} if isinstance(told, dict) else told)
        said.append(_status(post))
        post.later(minutes=20)

    then(post.take("census.csv", sheet("3-2-501,陈,4", "3-2-502,林,2", header="地址,户主,人数")))
    then(post.take("gate.csv", sheet(WANG, BAD, LI)))
    then([path.name for path in post.returned()] + rows_of(post.returned()[0]))
    mended = post.returned()[0].read_text("utf-8-sig").replace("2022-02-30", "2022-03-28")
    then(post.take(post.returned()[0].name, mended))
    then(post.take("gate.csv", sheet(WANG, BAD, LI, ZHANG)))
    then(post.take("other.csv", sheet(WANG.replace("36.5", "37.9")), team="south"))
    then(post.check("tried.csv", sheet(WANG, *_passes(5)), values=True))
    _killed(post, "long.csv", sheet(*_passes(21), BAD.replace("赵六", "孙七")), 4)
    then(post.take("between.csv", sheet(*_passes(3), LI.replace("36.7", "36.8"))))
    then(_go_on(post))
    then(
        post.take(
            "roster.csv",
            sheet("监控室,2022-03-28,08:00,20:00,张三", "监控室,2022-03-28,20:00,8:00,李四", header=ROSTER),
        )
    )
    then(
        post.take(
            "roster.csv",
            sheet("监控室,2022-03-28,08:00,20:00,张三", "监控室,2022-03-28,20:00,8:00,王五", header=ROSTER),
        )
    )
    then(
        post.take(
            "asked.csv",
            sheet(
                "S1,口罩、手套20双,北门,500,待审批,2022-03-28 08:00",
                "S2,N95,东门,,已批准,2022-03-28 09:00",
                header=ASKED,
            ),
        )
    )
    then(post.take("asked2.csv", sheet("S2,N95,东门,,待审批,2022-03-28 09:00", header=ASKED)))
    then(
        post.take(
            "stock.csv",
            sheet(
                "口罩,3.27 08:00,入库,500,个",
                "口罩,3.28 08:00,领用,60,个",
                "口罩,3.28 09:00,盘点,430,个",
                header=STOCK,
            ),
        )
    )
    then(
        post.take(
            "isolated.csv",
            sheet("张三,居家,3.20,14,3-2-501", header="姓名,管控方式,开始日期,隔离天数,地点/房号"),
        )
    )
    then(post.take("health.csv", sheet("3.28,张三,3-2-501,36.5,37.6", header="日期,姓名,房号,早,晚")))
    for name in ("long.csv", "gate.csv"):
        ((drop,),) = post.ask(f"SELECT max(id) FROM \"drop\" WHERE path = '{name}'")
        action = undo.undo(post.engine, post.clock, drop, KEPT, "值班员", "重复")
        then(action)
    then(undo.undo(post.engine, post.clock, action, KEPT, "值班员", "没错"))
    then(post.take("long.csv", sheet(*_passes(21), BAD.replace("赵六", "孙七"))))
    return said


def test_the_same_story_gives_the_same_board_on_both(
    sqlite_engine: Callable[[], Engine], postgresql_engine: Callable[[], Engine], tmp_path: Path
) -> None:
    one, other = _post(sqlite_engine(), tmp_path / "one"), _post(postgresql_engine(), tmp_path / "other")
    for step, (here, there) in enumerate(zip(_story(one), _story(other), strict=True)):
        assert here == there, f"step {step}"
    for tick, at in one.ask("SELECT n, committed_at FROM tick"):
        past = [picture.at(p.engine, p.now, p.settings, tick) for p in (one, other)]
        assert past[0] == past[1], f"at tick {tick}, {at}"


def test_a_taker_killed_between_chunks_loses_nothing_and_counts_nothing_twice(
    postgresql_engine: Callable[[], Engine], tmp_path: Path
) -> None:
    post = _post(postgresql_engine(), tmp_path / "other")
    content = sheet(*_passes(15), BAD)
    _killed(post, "long.csv", content, 1)
    for _ in range(3):
        (job,) = clerk.unfinished(post.engine, post.places, post.settings, post.clock)
        before = len(post.ask("SELECT 1 FROM tick"))
        while len(post.ask("SELECT 1 FROM tick")) == before:
            assert job.step()
        job.close()
    shutil.rmtree(post.places.root / "outside")
    assert _go_on(post) == ["taken"]
    assert post.ask('SELECT rows, accepted, rejected, verdict FROM "drop"') == [(16, 15, 1, "taken")]
    assert post.ask("SELECT count(*), count(DISTINCT line) FROM gate_pass") == [(15, 15)]
    assert post.ask("SELECT line FROM reject") == [(17,)]
    assert len(rows_of(post.returned()[0])) == 2


def test_small_drops_together_and_a_grown_sheet_on_postgresql(
    postgresql_engine: Callable[[], Engine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(before, "FEWEST_LINES", 0)
    monkeypatch.setattr(growing, "SMALLEST", 0)
    post = _post(postgresql_engine(), tmp_path / "p")
    jobs = [
        clerk.begin(
            post.engine, clerk.NamedFile(post.file(f"{n}.csv", sheet(row)), "south"), post.places,
            post.settings, post.clock,
        )
        for n, row in enumerate((WANG, LI, WANG.replace("06:13", "06:43")))
    ]  # fmt: skip
    for job in jobs:
        while not job.ready:
            assert job.step()
    with clerk.together(post.engine, post.places, jobs):
        for job in jobs:
            assert not job.step()
    assert [n for (n,) in post.ask("SELECT n FROM tick ORDER BY n")] == [1, 2, 3]
    begun = sheet(*_passes(9), BAD)
    assert post.take("a.csv", begun)["accepted"] == 9
    grown = post.take("b.csv", begun + LI + "\r\n" + BAD + "\r\n")
    assert (grown["duplicate"], len(grown["rejected"])) == (10, 2)
    assert post.ask("SELECT count(*) FROM repeat WHERE source_id = 5 AND n > 1") != [(0,)]
    undo.undo(post.engine, post.clock, 4, KEPT, "", "")
    assert post.ask("SELECT count(*) FROM gate_pass WHERE known_until IS NULL") == [(12,)]
    monkeypatch.setattr(rearranged, "SMALLEST", 0)
    rows = [*_passes(9), LI]
    shuffled = post.take("c.csv", sheet(*rows[1::2], *rows[::2], BAD))
    assert (shuffled["duplicate"], len(shuffled["rejected"])) == (10, 1)
    assert post.ask("SELECT count(*) FROM repeat WHERE lines <> ''") != [(0,)]
    undo.undo(post.engine, post.clock, 5, KEPT, "", "")
    assert post.ask("SELECT count(*) FROM gate_pass WHERE known_until IS NULL") == [(12,)]
    restated = post.ask("SELECT line FROM gate_pass WHERE known_until IS NULL AND claim > 0 ORDER BY line")
    # One of the ten is current by what another team said.
    assert len({*restated} & {(line,) for line in range(2, 12)}) == len(restated) == 9
