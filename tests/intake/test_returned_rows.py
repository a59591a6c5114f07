"""Rows that went back and come again: each is one fact, whatever was mended of it and whatever is beside it."""

from __future__ import annotations

import csv
import io

from tests.intake.clerking import Post, rows_of, sheet
from tests.intake.following import follow

STOCK = "物资,时间,类型,数量,去向"
GATE = "时间,门岗,方向,姓名,电话,体温"
ISOLATED = "姓名,管控方式,开始日期,房号,电话"


def mended(post: Post, *changes: tuple[str, str]) -> str:
    """The last returned file, with some texts for others."""
    text = max(post.returned(), key=lambda path: path.stat().st_mtime_ns).read_text("utf-8-sig")
    for before, after in changes:
        text = text.replace(before, after)
    return text


def current(post: Post, table: str, columns: str) -> list[tuple[object, ...]]:
    return sorted(post.ask(f"SELECT {columns} FROM {table} WHERE known_until IS NULL"), key=repr)


def test_a_mended_row_leaves_the_row_of_the_same_key_beside_it_alone(post: Post) -> None:
    post.take("s.csv", sheet("口罩,2022-03-28,领用,50,北门", "口罩,2022-03-28,领用,-70,北门", header=STOCK))
    post.later(hours=1)
    told = post.take("s_退回.csv", mended(post, ("-70", "70")))
    assert (told["accepted"], told["superseding"]) == (1, 0)
    assert current(post, "stock_movement", "quantity") == [(50.0,), (70.0,)]


def test_a_mended_row_that_says_what_the_one_beside_it_says_is_no_second_fact(post: Post) -> None:
    rows = ("2022-03-28 07:00,东门,进,张三,,36.5", "2022-03-28 07:00,东门,横,张三,,36.5")
    post.take("s.csv", sheet(*rows, header=GATE))
    post.later(hours=1)
    told = post.take("s_退回.csv", mended(post, ("横", "进")))
    assert told["duplicate"] == 1
    assert current(post, "gate_pass", "temperature") == [(36.5,)]


def test_a_mended_cell_corrects_its_own_row_of_two_with_the_same_key(post: Post) -> None:
    rows = ("2022-03-28 07:00,东门,进,张三,,36.5", "2022-03-28 07:00,东门,进,张三,,98.6")
    post.take("s.csv", sheet(*rows, header=GATE))
    post.later(hours=1)
    told = post.take("s_退回.csv", mended(post, ("98.6", "37.0")))
    assert told["superseding"] == 1
    assert current(post, "gate_pass", "temperature") == [(36.5,), (37.0,)]


def test_a_row_with_two_doubtful_cells_goes_back_as_one_row_and_stays_one_pass(post: Post) -> None:
    post.take("s.csv", sheet("2022-03-28 07:00,东门,进,张三,1.38E+10,98.6", header=GATE))
    (path,) = post.returned()
    head, row = rows_of(path)
    assert row[head.index("列")].split("\n") == ["电话", "体温"]
    assert len(row[head.index("原因")].split("\n")) == len(row[head.index("建议")].split("\n")) == 2
    post.later(hours=1)
    told = post.take("s_退回.csv", mended(post, ("1.38E+10", "13800000000"), ("98.6", "37.0")))
    assert (told["rows"], told["warnings"]) == (1, [])
    assert current(post, "gate_pass", "phone, temperature") == [("13800000000", 37.0)]


def test_an_isolation_whose_phone_is_mended_is_still_one_isolation(post: Post) -> None:
    post.take("s.csv", sheet("张三,居家隔离,2022-03-28,3-2-501,1.38E+10", header=ISOLATED))
    post.later(hours=1)
    told = post.take("s_退回.csv", mended(post, ("1.38E+10", "13800000000")))
    assert told["superseding"] == 1
    assert current(post, "isolation", "name, phone") == [("张三", "13800000000")]
    post.later(hours=1)
    again = post.take("again_退回.csv", mended(post, ("1.38E+10", "13800000000"), ("\r\n", "\n")))
    assert (again["accepted"], again["superseding"]) == (0, 0)


def test_what_is_still_at_fault_goes_back_once_with_its_own_line_number_and_is_one_row_still(
    post: Post,
) -> None:
    from commandpost.intake.teamwork import teamwork

    rows = (
        "2022-02-30 07:00,东门,进,张三,,",
        "2022-03-28 07:01,东门,横,李四,,",
        "2022-02-30 07:02,东门,横,王五,,",
    )
    post.take("s.csv", sheet(*rows, header=GATE))
    post.later(hours=1)
    part = mended(post, ("02-30 07:00", "03-28 07:00"), ("02-30 07:02", "03-28 07:02"))
    assert post.take("s_退回.csv", part)["accepted"] == 1
    left = rows_of(post.returned()[-1])
    at = left[0].index("行号")
    assert [row[3:4] + row[at : at + 2] for row in left[1:]] == [["李四", "3", "方向"], ["王五", "4", "方向"]]
    (work,) = teamwork(post.engine)
    assert (work.returned, work.open) == (3, 2)
    post.later(hours=1)
    post.take("s_退回_2.csv", mended(post))
    assert len(post.returned()) == 2, "nothing of it is new"
    post.later(hours=1)
    assert post.take("s_退回_2.csv", mended(post, ("横", "进")))["accepted"] == 2
    (work,) = teamwork(post.engine)
    assert (work.returned, work.open) == (3, 0)


def test_of_two_doubtful_cells_the_one_that_is_mended_is_closed(post: Post) -> None:
    head = "日期,姓名,房号,早,晚"
    post.take("s.csv", sheet("2022-03-28,张三,3-2-501,98.6,98.7", header=head))
    post.later(hours=1)
    post.take("s_退回.csv", mended(post, ("98.6", "37.0")))
    closed = post.ask('SELECT "column", mended_by IS NOT NULL FROM reject WHERE fresh ORDER BY id')
    assert [(column, bool(mended)) for column, mended in closed] == [("早", True), ("晚", False)]


def test_columns_of_the_sheet_with_the_names_of_ours_go_back_too(post: Post) -> None:
    post.take("s.csv", sheet("2022-02-30 07:00,东门,进,张三,,,走亲戚", header=GATE + ",原因"))
    head, row = rows_of(post.returned()[0])
    assert row[head.index("原因")] == "走亲戚"
    post.later(hours=1)
    post.take("s_退回.csv", mended(post, ("东门", "")))
    head, row = rows_of(post.returned()[-1])
    assert (head.count("原因"), row[head.index("原因")]) == (2, "走亲戚")


def test_a_returned_file_saved_anew_by_a_spreadsheet_says_nothing_new(post: Post) -> None:
    post.take("s.csv", sheet("口罩,2022-03-28,领用,50,北门", "口罩,2022-03-28,领用,-70,北门", header=STOCK))
    post.later(hours=1)
    text = mended(post, ("-70", "70"))
    post.take("s_退回.csv", text)
    post.later(hours=1)
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(text)))
    again = post.take("s_退回.csv", out.getvalue())
    assert (again["accepted"], again["superseding"], again["duplicate"]) == (0, 0, 1)


def test_a_row_with_a_time_that_cannot_be_read_counts_once_it_can(post: Post) -> None:
    """Counted at its day's beginning, or as its shift's word says, it would be counted again as mended."""
    rows = (
        ("物资,日期,时间,类型,数量", "口罩,2022-03-28,{},领用,5", "stock_movement"),
        ("捐赠人,物资,数量,日期,时间", "某公司,口罩,5,2022-03-28,{}", "donation"),
        ("岗位,日期,班次,开始,结束,姓名", "门1,2022-03-30,早,{},15:00,张三", "shift"),
        ("日期,姓名,房号,体温,测量时间", "2022-03-28,张三,3-2-501,36.5,{}", "health_report"),
    )
    for n, (head, row, table) in enumerate(rows):
        told = post.take(f"{n}.csv", sheet(row.format("25:99"), header=head))
        assert [(one["code"], told["accepted"]) for one in told["rejected"]] == [("date", 0)], table
        post.later(hours=1)
        assert post.take(f"{n}_退回.csv", mended(post, ("25:99", "9:30")))["accepted"] == 1
        assert len(current(post, table, "id")) == 1


def test_a_count_that_cannot_be_read_is_not_said_to_be_empty(post: Post) -> None:
    told = post.take("s.csv", sheet("东门,2022-03-27,7:00,15:00,三四,-9", header="卡口,日期,开始,结束,进,出"))
    assert [(one["column"], one["code"]) for one in told["rejected"]] == [("进", "value")]


def test_rows_below_a_title_with_their_day_come_back_on_that_day(post: Post) -> None:
    days = (
        "登记表 2022年3月26日,,,",
        "时间,门岗,方向,姓名,体温",
        "07:00,东门,进,张三,36.5",
        "2022年3月27日,,,,",
        "08:00,东门,进,李四,98.6",
    )
    post.take("s.csv", "\r\n".join([*days, ""]))
    post.later(hours=1)
    script = follow(mended(post))
    assert [number for number, _ in script.followed] == ["5"]
    assert post.take("s_退回.csv", script.text)["superseding"] == 1
    assert current(post, "gate_pass", "who, temperature") == [("张三", 36.5), ("李四", 37.0)]


def test_a_row_with_several_faulty_cells_names_them_all_at_once(post: Post) -> None:
    """Its column and code are those of its leftmost; the others stand in the reason, so one round suffices."""
    rows = (
        "2022-02-30 7:10,东门,进,王伟,1.38E+10,98.6,放行",
        "2022-02-30 7:10,东门,飞,王伟,13800000000,98.6,放行",
    )
    report = post.take("a.csv", "\n".join(["时间,门岗,方向,姓名,电话,体温,结果", *rows, ""]))
    told = [(one["column"], one["code"], one["reason"]) for one in report["rejected"]]
    first = "There is no such day."
    assert told == [
        ("时间", "date", f"{first} Mend as well: 电话, 体温."),
        ("时间", "date", f"{first} Mend as well: 方向, 体温."),
    ]
    (path,) = post.returned()
    assert "另有几格也需改正：电话, 体温" in path.read_text("utf-8-sig")


def test_a_mended_row_of_a_register_leaves_the_line_below_it_what_it_is(post: Post) -> None:
    rows = ("3-2-501,王伟,-7,2022-03-27", "3-2-501,王伟,2,2022-03-27", "3-2-502,李娜,-3,2022-03-27")
    post.take("c.csv", sheet(*rows, header="地址,户主,人数,日期"))
    post.later(hours=1)
    told = post.take("c_退回.csv", mended(post, ("-7", "7"), ("-3", "3")))
    assert (told["accepted"], told["outdated"]) == (1, 1)
    assert current(post, "household", "address, size") == [("3-2-501", 2), ("3-2-502", 3)]


def test_what_overrules_the_line_below_since_then_is_overruled_by_nothing_older(post: Post) -> None:
    rows = ("3-2-501,王伟,-7,2022-03-27", "3-2-501,王伟,2,2022-03-27")
    post.take("c.csv", sheet(*rows, header="地址,户主,人数,日期"))
    post.later(hours=1)
    post.take("other.csv", sheet("3-2-501,王伟,4,2022-03-28", header="地址,户主,人数,日期"), team="south")
    post.later(hours=1)
    told = post.take("c_退回.csv", mended(post, ("-7", "7")))
    assert told["outdated"] == 1
    assert current(post, "household", "address, size") == [("3-2-501", 4)]


def test_of_two_rows_that_were_one_fact_the_one_that_is_mended_stays_so(post: Post) -> None:
    rows = ("2022-03-28 07:00,东门,横,张三,,98.6", "2022-03-28 07:00,东门,横,张三,,36-37")
    post.take("s.csv", sheet(*rows, header=GATE))
    post.later(hours=1)
    post.take("s_退回.csv", mended(post, ("横", "进")))
    post.later(hours=1)
    post.take("s_退回_2.csv", mended(post, ("98.6", "37.0")))
    post.later(hours=1)
    told = post.take("s_退回_3.csv", mended(post))
    assert told["duplicate"] == 1
    assert current(post, "gate_pass", "temperature") == [(37.0,), (None,)]
