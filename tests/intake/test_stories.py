"""Several sheets one after another: what each row does when it meets what is known (domain §2).

Each story: sheets of one kind as they come, an hour apart, and what becomes of their rows; then what is
known. A step is `TEAM row / row … → accepted superseding duplicate outdated rejected`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.intake.clerking import Post
from tests.intake.coming import sheet

from commandpost.desks.kinds import KINDS
from commandpost.intake.batch import record_fields

KIND = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Story:
    kind: str
    header: str
    steps: tuple[str, ...]
    known: str
    """Fields of what is current, then its rows, sorted."""
    title: bool = False
    """The first cell of a step's first row is a title above the header."""


GATE = "时间,门岗,方向,姓名,体温"
REQUESTS = "单号,物资,申请单位,数量,状态,申请时间"
ISOLATIONS = "姓名,管控方式,开始日期,隔离天数,状态,房号"
ROSTER = "岗位,日期,开始,结束,姓名"

STORIES = {
    "a growing sheet counts its new rows": Story(
        "gate-passes", GATE,
        ("a 3.28 7:00,东,进,王伟,36.5 → 1 0 0 0 0",
         "a 3.28 7:00,东,进,王伟,36.5 / 3.28 7:01,东,进,李娜,36.6 → 1 0 1 0 0",
         "a 3.28 7:00,东,进,王伟,36.5 / 3.28 7:01,东,进,李娜,36.6 / 3.28 7:02,东,进,张敏,36.7 → 1 0 2 0 0"),
        "who 王伟 / 李娜 / 张敏",
    ),
    "a correction supersedes and stays": Story(
        "gate-passes", GATE,
        ("a 3.28 7:00,东,进,王伟,36.5 → 1 0 0 0 0", "a 3.28 7:00,东,进,王伟,37.9 → 0 1 0 0 0", "a 3.28 7:00,东,进,王伟,37.9 → 0 0 1 0 0"),
        "who temperature 王伟 37.9",
    ),
    "a growing sheet of one team never flips a correction of another back": Story(
        "gate-passes", GATE,
        ("a 3.28 7:00,东,进,王伟,36.5 → 1 0 0 0 0", "b 3.28 7:00,东,进,王伟,37.9 → 0 1 0 0 0",
         "a 3.28 7:00,东,进,王伟,36.5 / 3.28 7:05,东,进,李娜,36.6 → 1 0 1 0 0"),
        "who temperature 李娜 36.6 / 王伟 37.9",
    ),
    "the same person twice at the same gate in the same second is one fact": Story(
        "gate-passes", GATE, ("a 3.28 7:00:01,东,进,王伟,36.5 / 3.28 7:00:01,东,进,王伟,36.5 → 1 0 1 0 0",), "who 王伟",
    ),
    "rows of one drop with the same key that differ are different facts": Story(
        "gate-passes", GATE,
        ("a 3.28 7:00,东,进,王伟,36.5 / 3.28 7:00,东,进,王伟,36.6 → 2 0 0 0 0",
         "a 3.28 7:00,东,进,王伟,36.5 / 3.28 7:00,东,进,王伟,36.9 → 0 1 1 0 0"),
        "who temperature 王伟 36.5 / 王伟 36.9",
    ),
    "an exact repeat that names nobody is another fact": Story(
        "stock-movements", "物资,时间,类型,数量", ("a 口罩,3.28 9:00,领用,5 / 口罩,3.28 9:00,领用,5 → 2 0 0 0 0",), "item quantity 口罩 5.0 / 口罩 5.0",
    ),
    "and counts no more when it comes again": Story(
        "stock-movements", "物资,时间,类型,数量",
        ("a 口罩,3.28 9:00,领用,5 / 口罩,3.28 9:00,领用,5 → 2 0 0 0 0",
         "a 口罩,3.28 9:00,领用,5 / 口罩,3.28 9:00,领用,5 / 手套,3.28 9:30,领用,1 → 1 0 2 0 0"),
        "item quantity 口罩 5.0 / 口罩 5.0 / 手套 1.0",
    ),
    "an old sheet that comes late is outdated": Story(
        "gate-passes", GATE,
        ("a 3月28日 / 3.27 7:00,东,进,王伟,36.6 → 1 0 0 0 0", "b 3月27日 / 3.27 7:00,东,进,王伟,36.5 → 0 0 0 1 0"),
        "who temperature 王伟 36.6", title=True,
    ),
    "a row's own time of change goes before the sheet's": Story(
        "gate-passes", GATE + ",更新时间",
        ("a 3.27 7:00,东,进,王伟,36.6,3.28 12:00 → 1 0 0 0 0", "b 3.27 7:00,东,进,王伟,36.5,3.28 11:00 → 0 0 0 1 0",
         "b 3.27 7:00,东,进,王伟,36.4,3.28 13:00 → 0 1 0 0 0"),
        "who temperature 王伟 36.4",
    ),
    "of a register the last line of a drop wins": Story(
        "isolations", ISOLATIONS,
        ("a 王伟,居家,3.20,14,,501 / 王伟,居家,3.20,21,,501 → 1 1 0 0 0", "a 王伟,居家,3.20,14,,501 / 王伟,居家,3.20,21,,501 → 0 0 2 0 0"),
        "name days 王伟 21",
    ),
    "the same name in another room is another person": Story(
        "isolations", ISOLATIONS, ("a 王伟,居家,3.20,14,,501 / 王伟,居家,3.20,14,,502 → 2 0 0 0 0",), "name place 王伟 501 / 王伟 502",
    ),
    "an isolation that has ended does not begin again": Story(
        "isolations", ISOLATIONS,
        ("a 王伟,居家,3.20,14,,501 → 1 0 0 0 0", "a 王伟,居家,3.20,14,解除,501 → 0 1 0 0 0", "b 王伟,居家,3.20,14,隔离中,501 → 0 0 0 0 1",
         "b 王伟,居家,3.20,14,失联,501 → 0 0 0 0 1"),
        "name state 王伟 RELEASED",
    ),
    "who was lost may be found": Story(
        "isolations", ISOLATIONS,
        ("a 王伟,居家,3.20,14,失联,501 → 1 0 0 0 0", "a 王伟,居家,3.20,14,隔离中,501 → 0 1 0 0 0"), "name state 王伟 ORDERED",
    ),
    "a row gone from an export is not closed": Story(
        "isolations", ISOLATIONS,
        ("a 王伟,居家,3.20,14,,501 / 李娜,居家,3.21,14,,502 → 2 0 0 0 0", "a 李娜,居家,3.21,14,,502 → 0 0 1 0 0"), "name 李娜 / 王伟",
    ),
    "a request's state goes forwards": Story(
        "supply-requests", REQUESTS,
        ("a S1,口罩,北门,500,待审批,3.28 8:00 → 1 0 0 0 0", "a S1,口罩,北门,500,已发货,3.28 8:00 → 0 1 0 0 0",
         "a S1,口罩,北门,500,部分送达,3.28 8:00 → 0 1 0 0 0", "a S1,口罩,北门,500,已送达,3.28 8:00 → 0 1 0 0 0"),
        "number state S1 DELIVERED",
    ),
    "and never backwards": Story(
        "supply-requests", REQUESTS,
        ("a S1,口罩,北门,500,已发货,3.28 8:00 → 1 0 0 0 0", "b S1,口罩,北门,500,待审批,3.28 8:00 → 0 0 0 0 1",
         "b S1,口罩,北门,500,取消,3.28 8:00 → 0 0 0 0 1", "b S1,口罩,北门,500,驳回,3.28 8:00 → 0 0 0 0 1"),
        "number state S1 DISPATCHED",
    ),
    "not within one sheet either": Story(
        "supply-requests", REQUESTS,
        ("a S1,口罩,北门,500,已送达,3.28 8:00 / S1,口罩,北门,500,待审批,3.28 8:00 → 1 0 0 0 1",), "number state S1 DELIVERED",
    ),
    "a correction that says nothing of the state leaves it, and so does the sheet sent again": Story(
        "supply-requests", REQUESTS,
        ("a S1,口罩,北门,500,,3.28 8:00 → 1 0 0 0 0", "b S1,口罩,北门,500,已发货,3.28 8:00 → 0 1 0 0 0",
         "d S1,口罩,北门,500,,3.28 8:00 → 0 0 1 0 0", "a S1,口罩,北门,600,,3.28 8:00 → 0 1 0 0 0",
         "c S1,口罩,北门,600,,3.28 8:00 → 0 0 1 0 0", "b S1,口罩,北门,600,已送达,3.28 8:00 → 0 1 0 0 0",
         "a S1,口罩,北门,600,,3.28 8:00 / S2,手套,北门,5,,3.28 8:00 → 1 0 1 0 0"),
        "number quantity state S1 600.0 DELIVERED / S2 5.0 SUBMITTED",
    ),
    "who says nothing of the state flips nobody's correction back": Story(
        "supply-requests", REQUESTS,
        ("a S1,口罩,北门,500,,3.28 8:00 → 1 0 0 0 0", "b S1,口罩,北门,500,已发货,3.28 8:00 → 0 1 0 0 0",
         "a S1,口罩,北门,600,,3.28 8:00 → 0 1 0 0 0", "b S1,口罩,北门,700,已送达,3.28 8:00 → 0 1 0 0 0",
         "a S1,口罩,北门,600,,3.28 8:00 / S2,手套,北门,5,,3.28 8:00 → 1 0 1 0 0"),
        "number quantity state S1 700.0 DELIVERED / S2 5.0 SUBMITTED",
    ),
    "who was lost is not found by a sheet that does not say so": Story(
        "isolations", ISOLATIONS,
        ("a 王伟,居家,3.20,14,失联,501 → 1 0 0 0 0", "b 王伟,居家,3.20,21,,501 → 0 1 0 0 0"), "name days state 王伟 21 LOST",
    ),
    "a request without a number is known by who, what and when": Story(
        "supply-requests", REQUESTS,
        ("a ,口罩,北门,500,,3.28 8:00 / ,口罩,北门,500,,3.28 9:00 → 2 0 0 0 0", "a ,口罩,北门,600,,3.28 8:00 → 0 1 0 0 0"),
        "requester quantity 北门 500.0 / 北门 600.0",
    ),
    "a request without a date keeps the one it is known by": Story(
        "supply-requests", "单号,物资,申请单位,数量",
        ("a S1,口罩,北门,500 → 1 0 0 0 0", "a S1,口罩,北门,500 / S2,手套,北门,5 → 1 0 1 0 0"), "number S1 / S2",
    ),
    "a request of several things, one of them changed": Story(
        "supply-requests", "单号,物资,申请单位",
        ("a S1,口罩5个、手套6双,北门 → 1 0 0 0 0", "a S1,口罩5个、手套7双,北门 → 0 1 0 0 0"), "item quantity 口罩 5.0 / 手套 7.0",
    ),
    "a replaced guard leaves no ghost": Story(
        "rosters", ROSTER,
        ("a 北门,3.30,7:00,15:00,张三、李四 → 1 0 0 0 0", "a 北门,3.30,7:00,15:00,张三、王五 → 1 0 0 0 0"), "name 张三 / 王五",
    ),
    "a roster withdraws nothing outside its posts and days": Story(
        "rosters", ROSTER,
        ("a 北门,3.30,7:00,15:00,张三 / 南门,3.30,7:00,15:00,李四 / 北门,3.31,7:00,15:00,王五 → 3 0 0 0 0",
         "a 北门,3.30,7:00,15:00,赵六 → 1 0 0 0 0"),
        "name day 李四 2022-03-30 / 王五 2022-03-31 / 赵六 2022-03-30",
    ),
    "a roster with a bad row withdraws nothing": Story(
        "rosters", ROSTER,
        ("a 北门,3.30,7:00,15:00,张三、李四 → 1 0 0 0 0", "a 北门,3.30,7:00,15:00,张三 / 北门,3.30,25:00,7:00,李四 → 0 0 1 0 1"), "name 张三 / 李四",
    ),
    "a longer shift in a newer roster takes the place of the shorter": Story(
        "rosters", ROSTER,
        ("a 北门,3.30,7:00,15:00,张三 → 1 0 0 0 0", "a 北门,3.30,7:00,19:00,张三 → 0 1 0 0 0"), "name 张三",
    ),
    "the evening completes the morning": Story(
        "health-reports", "日期,姓名,房号,早,晚",
        ("a 3.28,王伟,501,36.5, → 1 0 0 0 0", "a 3.28,王伟,501,36.5,36.6 → 1 0 0 0 0", "a 3.28,王伟,501,36.9,36.6 → 0 1 0 0 0"),
        "slot temperature AM 36.9 / PM 36.6",
    ),
    "a household is known by its address however written": Story(
        "census", "地址,户主,人数",
        ("a 3栋2单元501,王伟,3 → 1 0 0 0 0", "a ３＃2-501,王伟,3 → 0 0 1 0 0", "a 3-2-501,王伟,4 → 0 1 0 0 0"), "address size 3-2-501 4",
    ),
    "a household with its building in a column of its own is the same": Story(
        "census", "楼栋,单元,房号,地址,户主,人数", ("a ,,,3-2-501,王伟,3 / 3栋,2单元,501,,王伟,3 → 1 0 1 0 0",), "address 3-2-501",
    ),
    "in and out, then the way out": Story(
        "gate-passes", "姓名,门岗,进入时间,离开时间",
        ("a 王伟,东,3.28 7:00, → 1 0 0 0 0", "a 王伟,东,3.28 7:00,3.28 9:00 → 1 0 0 0 0"), "who direction 王伟 IN / 王伟 OUT",
    ),
    "a bad row that comes again counts once it is right": Story(
        "gate-passes", GATE,
        ("a 2.30 7:00,东,进,王伟,36.5 → 0 0 0 0 1", "a 2.30 7:00,东,进,王伟,36.5 / 3.28 7:00,东,进,李娜,36.5 → 1 0 0 0 1",
         "a 3.01 7:00,东,进,王伟,36.5 / 3.28 7:00,东,进,李娜,36.5 → 1 0 1 0 0"),
        "who 李娜 / 王伟",
    ),
}  # fmt: skip

COUNTS = ("accepted", "superseding", "duplicate", "outdated")


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_what_a_row_does_when_it_meets_what_is_known(post: Post, story: Story) -> None:
    for step in story.steps:
        said, _, becomes = step.partition(" → ")
        team, _, lines = said.partition(" ")
        rows = lines.split(" / ")
        title = rows.pop(0) + "\r\n" if story.title else ""
        content = title + sheet(*rows, header=story.header)
        tried = post.check("s.csv", content, team=team)
        taken = post.take("s.csv", content, team=team)
        assert taken["kind"] == story.kind
        assert {**tried, "file": ""} == {**taken, "file": ""}
        got = [taken[name] for name in COUNTS] + [len(taken["rejected"])]
        assert got == [int(n) for n in becomes.split()], step
        assert {back["column"] for back in taken["rejected"] if back["code"] == "state"} <= {"状态"}
        post.later(hours=1)
    kind = KIND[story.kind]
    fields = [word for word in story.known.split() if word in record_fields(kind)]
    rows = story.known.split(maxsplit=len(fields))[-1].split(" / ")
    current = post.ask(
        f"SELECT {', '.join(fields)} FROM {kind.table.__tablename__} WHERE known_until IS NULL"
    )
    assert sorted(" ".join(map(str, row)) for row in current) == sorted(rows)
