"""What teams and officers rely on: a mended row stays mended, a check tells what an import does."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from tests.intake.clerking import Post, balances, sheet

from commandpost.contract.kind import Kind
from commandpost.desks.kinds import KINDS
from commandpost.intake.batch import record_fields

GATE = "时间,门岗,方向,姓名,体温"
COUNTS = ("verdict", "kind", "encoding", "delimiter", "rows", "records", "accepted", "superseding",
          "duplicate", "outdated", "rejected", "warnings")  # fmt: skip


def _tried_and_taken(post: Post, name: str, content: str | bytes, team: str = "north") -> dict[str, Any]:
    """Checks and takes a file; both say the same."""
    tried = post.check(name, content, team=team)
    taken = post.take(name, content, team=team)
    assert {key: tried[key] for key in COUNTS} == {key: taken[key] for key in COUNTS}
    assert balances(taken)
    post.later(hours=1)
    return taken


def _temperature(post: Post) -> list[Any]:
    return post.ask("SELECT temperature FROM gate_pass WHERE known_until IS NULL")


@pytest.mark.parametrize("head", [GATE, GATE + ",更新时间"])
@pytest.mark.parametrize("title", ["", "北门登记 2022-03-27,,,,\r\n"])
def test_a_mended_cell_stays_mended_when_the_growing_sheet_comes_again(
    post: Post, head: str, title: str
) -> None:
    more = ",03-27 09:00" if "更新" in head else ""
    row = "2022-03-27 08:00,北门,进,赵六,98.6" + more
    post.take("g.csv", title + sheet(row, header=head))
    post.later(hours=1)
    (returned,) = post.returned()
    mended = post.take(returned.name, returned.read_text("utf-8-sig").replace("98.6", "36.9"))
    assert mended["superseding"] == 1
    post.later(hours=1)
    grown = title + sheet(row, "2022-03-27 08:09,北门,进,钱七,36.6" + more, header=head)
    again = _tried_and_taken(post, "g.csv", grown)
    assert (again["accepted"], again["duplicate"], again["superseding"]) == (1, 1, 0)
    assert sorted(_temperature(post)) == [(36.6,), (36.9,)]


def test_a_correction_in_the_sheet_itself_overrules_a_mended_cell(post: Post) -> None:
    post.take("g.csv", sheet("2022-03-27 08:00,北门,进,赵六,98.6", header=GATE))
    post.later(hours=1)
    (returned,) = post.returned()
    post.take(returned.name, returned.read_text("utf-8-sig").replace("98.6", "36.9"))
    post.later(hours=1)
    corrected = post.take("g.csv", sheet("2022-03-27 08:00,北门,进,赵六,36.4", header=GATE))
    assert corrected["superseding"] == 1
    assert _temperature(post) == [(36.4,)]


def test_check_tells_of_bytes_that_were_taken_what_import_tells(post: Post) -> None:
    head = "单号,物资,申请单位,数量,状态,申请时间"
    row = "S1,口罩,北门,500,{},2022-03-28 08:00"
    for state in ("已批准", "已送达"):
        _tried_and_taken(post, "s.csv", sheet(row.format(state), header=head))
    again = _tried_and_taken(post, "s.csv", sheet(row.format("已批准"), header=head))
    assert (again["duplicate"], again["rejected"]) == (1, [])
    backwards = _tried_and_taken(post, "s.csv", sheet(row.format("已批准"), "", header=head))
    assert [one["code"] for one in backwards["rejected"]] == ["state"]


@pytest.mark.parametrize("content", ["甲,乙,丙\r\n1,2,3\r\n", "", "PK\x03\x04", sheet(header=GATE)])
def test_check_and_import_say_the_same_of_a_whole_file(post: Post, content: str) -> None:
    _tried_and_taken(post, "a.csv", content)


def test_check_reads_a_mended_file_as_import_does(post: Post) -> None:
    head = GATE + ",行号,原因,建议"
    tried = post.check("m.csv", sheet("2022-03-28 08:00,北门,进,'=王五,36.5,2,x,y", header=head), values=True)
    assert tried["values"][0]["who"] == "=王五"


GROWING = {
    "gate-passes": (GATE, "3.28 08:0{n},北门,进,张{n},36.{n}", ("36.1", "37.9")),
    "isolations": (
        "姓名,管控方式,开始日期,隔离天数,解除日期,地点/房号",
        "张{n},居家,3.2{n},1{n},2022.4.1{n},3-2-50{n}",
        (",11,", ",21,"),
    ),
    "health-reports": ("日期,姓名,房号,早,晚", "3.2{n},张{n},50{n},36.{n},", ("36.1,", "36.1,37.5")),
    "rosters": ("岗位,日期,开始,结束,姓名", "北门,3.2{n},22:00,6:00,张{n}、李{n}", ("6:00,张1", "7:00,张1")),
    "supply-requests": (
        "单号,物资,申请单位,数量,状态",
        "S{n},口罩,北门,{n}00,待审批",
        ("100,待审批", "120,待审批"),
    ),
    "stock-movements": ("物资,时间,类型,数量,单位", "口罩,3.28 08:0{n},入库,{n}00,个", (",100,", ",110,")),
    "census": ("地址,户主,人数", "3-2-50{n},张{n},{n}", ("张1,1", "张1,4")),
    "gate-tallies": ("门岗,日期,起,止,进,出", "北门,3.2{n},22:00,6:00,{n}0,{n}5", ("10,15", "10,25")),
    "check-ins": (
        "姓名,岗位,到岗时间,离岗时间,体温",
        "张{n},北门,3.2{n} 22:00,6:00,36.{n}",
        ("36.1", "36.7"),
    ),
    "donations": ("捐赠人,物资,数量,单位,时间", "某公司{n},口罩,{n}00,个,3.2{n}", ("100", "110")),
}


def test_every_kind_has_a_growing_sheet() -> None:
    assert set(GROWING) == {kind.name for kind in KINDS}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_of_a_growing_sheet_of_any_kind_only_what_is_new_counts(
    post: Post, kind: Kind, encoding: str
) -> None:
    head, row, (before, after) = GROWING[kind.name]
    rows = [row.format(n=n) for n in range(1, 7)]
    for size in range(2, 7):
        grown = _tried_and_taken(post, "s.csv", sheet(*rows[:size], header=head).encode(encoding))
        assert (grown["kind"], grown["rejected"]) == (kind.name, [])
        assert (grown["accepted"], grown["duplicate"]) == ((2, 0) if size == 2 else (1, size - 1))
    rows[0] = rows[0].replace(before, after)
    corrected = _tried_and_taken(post, "s.csv", sheet(*rows, header=head).encode(encoding))
    news = corrected["superseding"] + corrected["accepted"]
    assert (news, corrected["duplicate"]) == (1, 5)
    other = _tried_and_taken(post, "o.csv", sheet(row.format(n=1), header=head), team="south")
    assert (other["superseding"], other["duplicate"]) == ((0, 1) if kind.name == "health-reports" else (1, 0))
    again = _tried_and_taken(post, "s.csv", sheet(*rows, "", header=head).encode(encoding))
    assert (again["duplicate"], again["superseding"], again["outdated"]) == (6, 0, 0)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_values_check_tells_are_the_values_import_stores(post: Post, kind: Kind) -> None:
    head, row, _ = GROWING[kind.name]
    content = sheet(*(row.format(n=n) for n in range(1, 4)), header=head)
    told = post.check("s.csv", content, values=True)["values"]
    post.take("s.csv", content)
    fields = record_fields(kind)
    table = kind.table.__tablename__
    stored = post.ask(f"SELECT line, {', '.join(fields)} FROM {table} WHERE known_until IS NULL ORDER BY id")
    assert len(told) == len(stored) > 0
    for one, (line, *values) in zip(told, stored, strict=True):
        assert one["line"] == line
        for name, value in zip(fields, values, strict=True):
            said = one["at" if name == "event_at" else name]
            if name in ("event_at", "ends_at", "left_at"):
                said = None if said is None else int(datetime.fromisoformat(said).timestamp())
            assert said == (None if value == "" else value), name


def test_a_returned_file_opens_as_the_sheet_it_came_from(post: Post) -> None:
    post.take("g.csv", sheet("2022-02-30 08:00,北门,进,赵六,36.5", header=GATE))
    (returned,) = post.returned()
    (head, row) = csv.reader(io.StringIO(returned.read_text("utf-8-sig")))
    assert head[:5] == GATE.split(",")
    assert row[:5] == ["\t2022-02-30 08:00", "北门", "进", "赵六", "36.5"]


def test_a_roster_that_ends_next_year_needs_no_year(post: Post) -> None:
    post.now = post.now.replace(year=2022, month=12, day=30)
    head = "岗位,日期,开始,结束,姓名"
    post.take("r.csv", sheet("北门,12.31,22:00,6:00,张三", "北门,1.1,22:00,6:00,李四", header=head))
    days = [date(2022, 12, 31), date(2023, 1, 1)]
    assert post.ask("SELECT day FROM shift ORDER BY day") == [(day.isoformat(),) for day in days]
