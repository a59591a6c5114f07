"""Workbooks as drops: each sheet one of its own, told, given back, resumed and known again by itself."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select
from tests.examples import examples
from tests.intake.books import book, parts, zipped
from tests.intake.clerking import ENGLISH, RECEIVED, Post, balances, rows_of
from tests.intake.judged import outcome

from commandpost.cli.main import main
from commandpost.intake import clerk, giveback, remembered
from commandpost.intake.inbox import Arrival, Look
from commandpost.settings import Settings
from commandpost.store.records import Drop

HEADER = ["时间", "门岗", "方向", "姓名"]
WANG = [datetime(2022, 3, 28, 6, 13, 21), "东门", "进", "王伟"]
LI = [datetime(2022, 3, 28), "西门", "出", "李娜"]
BAD = [datetime(2022, 3, 28, 6, 15), "南门", "横", "赵六"]
STOCK = [["物资", "时间", "类型", "数量"], ["口罩", datetime(2022, 3, 28, 9), "入库", 500]]
NOTES = [["请每日填报"], ["谢谢"]]
ODD = [["甲", "乙"], ["1", "2"], ["3", "4"]]


def _hide(*names: str) -> Any:
    return lambda made: [made.get_worksheet_by_name(name).hide() for name in names]


def _mixed(odd: Sequence[Sequence[Any]] = ODD) -> bytes:
    sheets = {
        "门岗": [["北门登记表"], HEADER, WANG, LI, BAD],
        "物资": STOCK,
        "说明": NOTES,
        "字典": [["进", "出"]],
        "空": [],
        "怪": odd,
    }
    return book(sheets, _hide("字典"))


def _takes(post: Post, name: str, data: bytes) -> dict[str, dict[str, Any]]:
    """Sheet → its report."""
    return {report.get("sheet", ""): report for report in post.take_sheets(post.file(name, data))}


def test_each_sheet_is_taken_asked_about_or_named_as_skipped(post: Post) -> None:
    reports = _takes(post, "北门.csv", _mixed())
    assert {name: (one["verdict"], one["kind"], one["accepted"]) for name, one in reports.items()} == {
        "门岗": ("taken", "gate-passes", 2),
        "物资": ("taken", "stock-movements", 1),
        "说明": ("skipped", None, 0),
        "怪": ("asks", None, 0),
        "字典": ("skipped", None, 0),
        "空": ("skipped", None, 0),
    }
    assert [reports[name]["why"] for name in ("说明", "字典", "空")] == [
        "no table on this sheet", "hidden sheet", "empty sheet",
    ]  # fmt: skip
    gate = reports["门岗"]
    assert (gate["encoding"], gate["delimiter"], balances(gate)) == ("xlsx", None, True)
    assert [(one["line"], one["code"]) for one in gate["rejected"]] == [(5, "value")]
    drops = 'SELECT name, sheet, verdict, done FROM "drop" ORDER BY id'
    assert post.ask(drops) == [
        ("北门.csv/门岗", "门岗", "taken", 1),
        ("北门.csv/物资", "物资", "taken", 1),
        ("北门.csv/怪", "怪", "asks", 1),
    ]
    assert post.ask('SELECT count(DISTINCT sha256) FROM "drop"') == [(1,)]


def test_what_goes_back_carries_the_sheets_name_and_closes_once_mended(post: Post) -> None:
    _takes(post, "北门.xlsx", _mixed())
    (path,) = post.returned()
    assert path.name == "北门_门岗_退回.csv"
    head, row = rows_of(path)
    assert (row[:5], row[head.index("行号")] if "行号" in head else row[4]) == (
        ["2022-03-28 06:15:00", "南门", "横", "赵六", "5"], "5",
    )  # fmt: skip
    mended = [[cell.replace("横", "进") for cell in line] for line in (head, row)]
    (report,) = _takes(post, path.with_suffix(".xlsx").name, book({"Sheet1": mended})).values()
    assert (report["verdict"], report["accepted"], report["rejected"]) == ("taken", 1, [])


def test_the_same_workbook_again_is_nothing_new(post: Post) -> None:
    data = _mixed()
    first = _takes(post, "北门.xlsx", data)
    counts = 'SELECT (SELECT count(*) FROM gate_pass), (SELECT count(*) FROM "drop"), (SELECT count(*) FROM reject)'
    before = post.ask(counts)
    post.later(hours=1)
    again = _takes(post, "北门.xlsx", data)
    assert {name: (one["accepted"], one["duplicate"]) for name, one in again.items() if one["verdict"] == "taken"} == {
        "门岗": (0, 2), "物资": (0, 1),
    }  # fmt: skip
    assert again["门岗"]["skipped"] == first["门岗"]["skipped"]
    assert again["门岗"]["rejected"] == first["门岗"]["rejected"]
    assert post.ask(counts) == before
    assert len(post.returned()) == 1
    checked = clerk.check(
        post.file("北门.xlsx", data),
        post.settings,
        post.now,
        post=post.engine,
        team="north",
        words=ENGLISH,
    )
    assert {one["sheet"]: outcome(one) for one in checked} == {
        name: outcome(one) for name, one in again.items()
    }


def test_a_sheet_that_asked_asks_no_more_once_it_is_mended_or_gone(post: Post) -> None:
    asking = "SELECT sheet FROM \"drop\" WHERE verdict = 'asks'"
    _takes(post, "北门.xlsx", _mixed())
    assert post.ask(asking) == [("怪",)]
    _takes(post, "北门.xlsx", _mixed([HEADER, WANG]))
    assert post.ask(asking) == []
    _takes(post, "北门.xlsx", _mixed())
    assert post.ask(asking) == [("怪",)]
    _takes(post, "北门.xlsx", book({"门岗": [HEADER, WANG]}))
    assert post.ask(asking) == []
    _takes(post, "北门.xlsx", _mixed())
    clerk.forget(post.engine, post.places, post.clock, "北门.xlsx", "north")
    assert post.ask(asking) == []


def test_a_workbook_without_any_table_is_refused_as_a_whole(post: Post) -> None:
    whole, *sheets = post.take_sheets(post.file("a.xlsx", book({"说明": NOTES, "空": []})))
    assert ("sheet" in whole, whole["verdict"], whole["why"]) == (
        False, "refused", "no sheet of this workbook holds a table",
    )  # fmt: skip
    assert [one["sheet"] for one in sheets] == ["说明", "空"]
    assert post.ask('SELECT sheet, verdict FROM "drop"') == [("", "refused")]


def test_a_workbook_that_is_not_complete_is_held_and_then_taken(post: Post) -> None:
    data = book({"门岗": [HEADER, WANG], "物资": STOCK})
    assert post.take("a.xlsx", data[:-200])["verdict"] == "held"
    post.later(minutes=11)
    assert post.take("a.xlsx", data[:-200])["verdict"] == "asks"
    assert [one["verdict"] for one in _takes(post, "a.xlsx", data).values()] == ["taken", "taken"]
    assert post.ask("SELECT count(*) FROM \"drop\" WHERE verdict <> 'taken'") == [(0,)]


def _arrival(post: Post, path: Path) -> Arrival:
    return Arrival(path, "north", path.name, Look.of(os.stat(path)), post.now)


def test_a_starting_watcher_leaves_a_workbook_alone_only_when_all_its_sheets_are_dealt_with(
    post: Post,
) -> None:
    path = post.file("a.xlsx", _mixed())
    assert not remembered.already_taken(post.engine, _arrival(post, path))
    post.take_sheets(path)
    assert not remembered.already_taken(post.engine, _arrival(post, path)), "a sheet asks"
    path = post.file("b.xlsx", book({"门岗": [HEADER, BAD], "物资": STOCK, "空": []}))
    post.take_sheets(path)
    assert remembered.already_taken(post.engine, _arrival(post, path))


def _known(engine: Engine) -> list[Any]:
    with engine.connect() as conn:
        return [
            sorted(map(str, conn.exec_driver_sql(sql)))
            for sql in (
                "SELECT event_at, gate, who, line FROM gate_pass WHERE known_until IS NULL",
                "SELECT item, quantity FROM stock_movement WHERE known_until IS NULL",
                "SELECT line, code, cells FROM reject",
                'SELECT sheet, verdict, done, rows, accepted, duplicate, rejected FROM "drop"',
            )
        ]


def test_broken_off_anywhere_a_workbook_is_gone_on_with_to_its_last_sheet(post: Post) -> None:
    path = post.file("a.xlsx", book({"门岗": [HEADER, WANG, BAD], "物资": STOCK, "怪": ODD}))
    steps, broken = 0, True
    while broken:
        steps += 1
        job = clerk.begin(post.engine, clerk.NamedFile(path, "north"), post.places, post.settings, post.clock)
        broken = all(job.step() for _ in range(steps))
        job.close()
        going_on = clerk.unfinished(post.engine, post.places, post.settings, post.clock)
        assert len(going_on) <= 1
        for left in going_on:
            while left.step():
                pass
        if not going_on:
            post.take_sheets(path)
        found = _known(post.engine)
        if steps == 1:
            whole = found
        assert found == whole, f"after {steps} steps"
        assert len(post.returned()) == 1
        with post.engine.begin() as conn:
            for table in ("gate_pass", "stock_movement", "reject", '"drop"', "drop_then", "repeat", "extent", "source", "tick", "gate_quarter", "gate_day"):  # fmt: skip
                conn.exec_driver_sql(f"DELETE FROM {table}")
    assert steps > 6


def test_the_raw_line_of_a_fact_is_the_row_of_its_sheet(post: Post) -> None:
    _takes(post, "a.xlsx", _mixed())
    with Session(post.engine) as session:
        drops = {drop.sheet: drop for drop in session.exec(select(Drop))}
    assert giveback.raw_line(post.places, drops["门岗"], 3) == "2022-03-28 06:13:21,东门,进,王伟"
    assert giveback.raw_line(post.places, drops["物资"], 2) == "口罩,2022-03-28 09:00:00,入库,500"


def test_sheets_are_told_on_lines_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mixed, good = tmp_path / "登记.csv", tmp_path / "好.xlsx"
    mixed.write_bytes(_mixed())
    good.write_bytes(book({"门岗": [HEADER, WANG], "字典": [["进"]]}, _hide("字典")))
    command = ["--lang", "en", "check", "--received", "2022-03-28T20:00+08:00"]
    assert main([*command, "--json", str(mixed)]) == 1
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["file"], one["sheet"], one["verdict"]) for one in objects[:3]] == [
        (str(mixed), "门岗", "taken"), (str(mixed), "物资", "taken"), (str(mixed), "说明", "skipped"),
    ]  # fmt: skip
    assert main([*command, str(good)]) == 0
    assert capsys.readouterr().out.splitlines()[1] == f"{good} › 字典: skipped: hidden sheet"


def _merged(made: xlsxwriter.Workbook) -> None:
    sheet = made.get_worksheet_by_name("a")
    sheet.merge_range(0, 0, 0, 4, "北区值班表（2022年3月29日）")
    sheet.merge_range(1, 0, 2, 0, "岗位")
    sheet.merge_range(1, 1, 1, 2, "时段")
    sheet.merge_range(1, 3, 2, 3, "姓名")
    sheet.merge_range(1, 4, 2, 4, "日期")
    sheet.merge_range(3, 0, 5, 0, "北门")


def test_merged_titles_headers_and_posts_are_read_as_a_person_does(post: Post) -> None:
    day = date(2022, 3, 29)
    rows: list[list[Any]] = [
        [], [], [None, "开始", "结束"],
        [None, time(7), time(15), "张三", day], [None, time(15), time(23), "李四", day], [None, time(23), time(7), "王五", day],
    ]  # fmt: skip
    (report,) = clerk.check(
        post.file("a.xlsx", book({"a": rows}, _merged)), post.settings, post.now, values=True, words=ENGLISH
    )
    assert (report["kind"], report["rejected"]) == ("rosters", [])
    assert [(one["line"], one["post"], one["name"]) for one in report["values"]] == [
        (4, "北门", "张三"), (5, "北门", "李四"), (6, "北门", "王五"),
    ]  # fmt: skip
    assert [(one["line"], one["code"]) for one in report["warnings"]] == [(5, "filled"), (6, "filled")]


def test_a_merged_cell_is_no_fact_where_its_kind_does_not_say_so(post: Post) -> None:
    """A quantity over three rows is one for all of them."""
    rows: list[list[Any]] = [STOCK[0], STOCK[1], ["手套", datetime(2022, 3, 28, 9), "入库", None]]
    made = book({"a": rows}, lambda made: made.get_worksheet_by_name("a").merge_range(1, 3, 2, 3, 500))
    (report,) = _takes(post, "a.xlsx", made).values()
    assert (report["accepted"], [(one["line"], one["code"]) for one in report["rejected"]]) == (
        1,
        [(3, "empty")],
    )


FIELDS = {
    "a number stored as text": ("手机号", "13812345678", "13812345678", None),
    "a phone that is a number": ("手机号", 13812345678, "13812345678", None),
    "digits lost": ("证件号", 420106199001011234, None, "lost-digits"),
    "a temperature of a formula": ("体温", 36.8, 36.8, None),
    "a serial number for a moment": ("时间", 44648.25, "2022-03-28T06:00:00+08:00", None),
    "a moment that is a text": ("时间", "3月28日 6:13", "2022-03-28T06:13:00+08:00", None),
}  # fmt: skip


@pytest.mark.parametrize("case", FIELDS)
def test_cells_are_read_by_the_rules_of_csv(post: Post, case: str) -> None:
    column, cell, value, code = FIELDS[case]
    row = dict(zip(HEADER, WANG, strict=True)) | {column: cell}
    path = post.file("a.xlsx", book({"a": [list(row), list(row.values())]}))
    (report,) = clerk.check(path, post.settings, post.now, values=True, words=ENGLISH)
    codes = [one["code"] for one in report["rejected"] + report["warnings"]]
    assert codes == ([code] if code else [])
    if value is not None:
        assert value in report["values"][0].values()


def test_an_error_is_unknown_and_never_a_fact(post: Post) -> None:
    cells = "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for c, name in zip("ABCDE", [*HEADER, "体温"], strict=True)
    )
    texts = "".join(
        f'<c r="{c}{{n}}" t="inlineStr"><is><t>{said}</t></is></c>'
        for c, said in zip("AB", ("2022-03-28 06:13", "东门"), strict=True)
    )
    rows = [
        f'<row r="2">{texts.format(n=2)}<c r="C2" t="inlineStr"><is><t>进</t></is></c><c r="D2" t="inlineStr"><is><t>王伟</t></is></c>'
        '<c r="E2" t="e"><f>Z9</f><v>#N/A</v></c></row>',
        f'<row r="3">{texts.format(n=3)}<c r="C3" t="e"><v>#REF!</v></c><c r="D3" t="inlineStr"><is><t>李娜</t></is></c></row>',
    ]
    (report,) = clerk.check(
        post.file("a.xlsx", zipped(parts(f'<row r="1">{cells}</row>', *rows))),
        post.settings,
        post.now,
        values=True,
        words=ENGLISH,
    )
    assert [(one["line"], one["name"], one["temperature"]) for one in report["values"]] == [(2, "王伟", None)]
    assert [(one["line"], one["code"]) for one in report["rejected"]] == [(3, "empty")]


CELL = st.sampled_from(
    ["", "2022-03-28 06:13", "3月28日 6:13", "东门", "进", "出", "王伟", "合计", "36.8", "同上", "a,b", '24"', " 李娜 ", "#N/A", "1.38E+10", "时间"]
)  # fmt: skip


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=12))
@examples(8)
def test_a_sheet_says_the_same_as_csv_and_as_a_workbook(
    nothing_known: Engine, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows, ["2022-03-28 06:13", "东门", "进", "王伟"]])
    told = []
    table = [
        HEADER,
        *([cell or None for cell in row] for row in rows),
        ["2022-03-28 06:13", "东门", "进", "王伟"],
    ]
    for name, data in (("same.csv", text.getvalue().encode()), ("same.xlsx", book({"a": table}))):
        path = folder / name
        path.write_bytes(data)
        (report,) = clerk.check(path, Settings(), RECEIVED, post=nothing_known, values=True, words=ENGLISH)
        told.append(
            {
                key: value
                for key, value in report.items()
                if key not in ("file", "sheet", "encoding", "delimiter")
            }
        )
    assert told[0] == told[1]
