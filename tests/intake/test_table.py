"""Text → header and rows."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.examples import examples
from tests.intake.sheets import HEADER, KNOWN, MESSY, ROWS, opened, problems, sheet, skipped, table_of, whole

from commandpost.intake import rows as rows_module
from commandpost.intake.decode import Decoded, Held, examine
from commandpost.intake.rows import LOOK_AHEAD, cells_of
from commandpost.intake.table import open_table
from commandpost.settings import Intake

CELLS = [tuple(row.split(",")) for row in ROWS]
CASES = {case["file"]: case for case in json.loads((MESSY / "expected.json").read_text())["cases"]}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["verdict"] == "taken"])
def test_every_sample_has_its_rows(name: str) -> None:
    case = CASES[name]
    chunk = whole((MESSY / name).read_bytes())
    by_line = [reject for reject in case["rejected"] if reject["code"] == "columns"]
    assert problems(chunk) == [(reject["line"], reject["code"]) for reject in by_line]
    others = len(case["rejected"]) - len(by_line)
    assert len(chunk.rows) == case["accepted"] + case["duplicate"] + case["superseding"] + others
    assert {len(row) for row in chunk.rows} == {len(table_of((MESSY / name).read_bytes()).header)}


def test_the_sample_cut_in_its_last_row_is_held() -> None:
    assert isinstance(opened((MESSY / "enc_truncated_multibyte.csv").read_bytes()), Held)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_delimiter_and_line_end_is_found(delimiter: str, end: str) -> None:
    text = sheet(*ROWS, end=end).replace(",", delimiter)
    assert table_of(text).delimiter == delimiter
    chunk = whole(text)
    assert (chunk.lines, chunk.rows) == ([2, 3, 4], CELLS)


def test_mixed_line_ends_and_no_other_sign_end_a_line() -> None:
    odd = ROWS[1].replace("李娜", "李\x0b\x0c\x85\u2028娜")
    text = HEADER + "\r\n" + ROWS[0] + "\r" + odd + "\n" + ROWS[2] + "\n\r" + ROWS[0] + "\r\n"
    chunk = whole(text)
    assert chunk.lines == [2, 3, 4, 6]
    assert chunk.rows[1][3] == "李\x0b\x0c\x85\u2028娜"


def test_a_separator_line_is_obeyed() -> None:
    chunk = whole("sep=;\r\n" + sheet(*ROWS).replace(",", ";"))
    assert (chunk.lines, skipped(chunk)) == ([3, 4, 5], [(1, "separator line")])


def test_titles_above_the_header_are_named_and_give_the_day() -> None:
    text = "XX街道人员进出登记表,,,,,,,\n填报日期：2022年3月28日,,,,,,,\n\n" + sheet(*ROWS, end="\n")
    table = table_of(text)
    assert (table.header_line, table.header) == (4, tuple(HEADER.split(",")))
    assert table.sheet_date(date(2022, 3, 29)) == date(2022, 3, 28)
    assert skipped(whole(text)) == [(1, "title"), (2, "title"), (3, "blank line")]


@pytest.mark.parametrize("above", [9, 10, 11])
def test_the_header_is_looked_for_ten_lines_down(above: int) -> None:
    table = table_of("说明\n" * above + sheet(*ROWS, end="\n"))
    assert (table.header[0] == "登记时间") is (above <= 10)


@pytest.mark.parametrize(
    ("title", "name", "day"),
    [
        ("3月28日通行登记", "", date(2022, 3, 28)),
        ("12月31日", "", date(2021, 12, 31)),
        ("4月3日值班表", "", date(2022, 4, 3)),
        ("2022.3.28", "", date(2022, 3, 28)),
        ("东门 20220328", "", date(2022, 3, 28)),
        ("3月21日-3月27日 填报日期：2022-03-28", "", date(2022, 3, 28)),
        ("3月21日至3月27日值班表", "", None),
        ("3月28日—30日", "", None),
        ("2月30日", "", None),
        ("门岗登记", "东门_2022-03-27.csv", date(2022, 3, 27)),
        ("门岗登记", "东门.csv", None),
        ("电话 13812345678", "", None),
    ],
)
def test_a_sheets_day(title: str, name: str, day: date | None) -> None:
    table = table_of(f"{title}\n" + sheet(*ROWS, end="\n"))
    assert table.sheet_date(date(2022, 3, 29), name) == day


def test_blank_lines_never_end_the_data() -> None:
    chunk = whole(sheet("", ROWS[0], ",,,,,,,", " ", "\u3000,,", ROWS[1], "", "", ROWS[2], ""))
    assert chunk.lines == [3, 7, 10]
    assert skipped(chunk) == [(line, "blank line") for line in (2, 4, 5, 6, 8, 9, 11)]


def test_repeated_headers_are_no_rows() -> None:
    chunk = whole(sheet(ROWS[0], HEADER, ROWS[1], HEADER.replace(",", " ,") + ",,", ROWS[2]))
    assert chunk.lines == [2, 4, 6]
    assert skipped(chunk) == [(3, "repeated header"), (5, "repeated header")]


def test_totals_say_what_they_sum() -> None:
    chunk = whole(
        sheet(
            ROWS[0],
            ROWS[1],
            "小计,,,2,,,,",
            ROWS[2],
            "东门小计,,,1",
            ",合 计,,3,,,,",
            "总计：3人",
            "填表人：王伟,,审核人：",
        )
    )
    assert [(total.line, total.rows) for total in chunk.totals] == [(4, 2), (6, 1), (7, 3), (8, 3)]
    assert [row[0] for row in chunk.rows] == [row.split(",")[0] for row in ROWS]
    assert skipped(chunk)[-1] == (9, "footer")
    assert {why for _, why in skipped(chunk)[:-1]} == {"total"}


def test_totals_of_pages_sum_their_page() -> None:
    chunk = whole(sheet(ROWS[0], ROWS[1], "合计,,,2,,,,", ROWS[2], "合计,,,1,,,,"))
    assert [(total.line, total.rows) for total in chunk.totals] == [(4, 2), (6, 1)]


def test_a_row_that_mentions_a_total_is_a_row() -> None:
    chunk = whole(sheet(ROWS[0].replace("王伟", "核对合计数"), ROWS[1].replace("李娜", "计小雨")))
    assert (chunk.lines, chunk.totals) == ([2, 3], [])


def test_a_second_table_is_skipped_line_by_line_until_the_first_goes_on() -> None:
    other = ["时间,门岗,车牌号码", "2022-03-28 07:00,东门,沪A1", "2022-03-28 07:01,东门,沪A2,,,,,"]
    chunk = whole(sheet(ROWS[0], "", *other, HEADER, ROWS[1]))
    assert chunk.lines == [2, 8]
    assert skipped(chunk) == [
        (3, "blank line"), (4, "another table"), (5, "another table"), (6, "another table"), (7, "repeated header"),
    ]  # fmt: skip


def test_a_second_table_of_the_same_width_is_skipped_to_the_end() -> None:
    header = "日期,姓名,体温,时间,门岗,结果,甲,乙"
    chunk = whole(sheet(*[ROWS[0]] * 300, header, *[ROWS[1]] * 300))
    assert len(chunk.rows) == 300
    assert skipped(chunk) == [(line, "another table") for line in range(302, 603)]


@pytest.mark.parametrize("first", ["工牌", "1号门", '"工牌"'])
def test_a_second_table_that_begins_with_a_column_nobody_knows_is_skipped(first: str) -> None:
    chunk = whole(
        sheet(*ROWS) + f"{first},姓名,手机号,体温,车牌,乙,丙,丁\r\n17,王芳,13900000000,36.5,,,,戊\r\n"
    )
    assert skipped(chunk) == [(5, "another table"), (6, "another table")]


def test_ragged_rows() -> None:
    short = ",".join(CELLS[0][:4])
    chunk = whole(sheet(short, ROWS[1] + ",,,", ROWS[2] + ",多,余", ROWS[0]))
    assert chunk.rows == [(*CELLS[0][:4], "", "", "", ""), CELLS[1], CELLS[0]]
    assert problems(chunk) == [(4, "columns")]
    assert chunk.problems[0].cells == (*CELLS[2], "多", "余")


def test_a_cell_over_the_limit_costs_its_row() -> None:
    chunk = whole(sheet(ROWS[0], ROWS[1].replace("李娜", "李" * 101), ROWS[2]), max_cell=100)
    assert (chunk.lines, problems(chunk)) == ([2, 4], [(3, "too-long")])
    assert max(map(len, chunk.problems[0].cells)) == 101, "as it is it is refused again"


def test_blanks_beyond_the_header_cost_nothing_however_many() -> None:
    chunk = whole(sheet(ROWS[0], ROWS[1] + "," + " " * 101, ROWS[2] + ",\u3000"), max_cell=100)
    assert (chunk.lines, problems(chunk)) == ([2, 3, 4], [])
    assert chunk.rows == CELLS


def test_a_line_of_many_megabytes_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "LONGEST_LINE", 300_000)
    chunk = whole(sheet(ROWS[0], "x" * 2_000_000, ROWS[2]))
    assert (chunk.lines, problems(chunk)) == ([2, 4], [(3, "too-long")])


def test_bytes_that_do_not_decode_cost_their_line() -> None:
    data = sheet(*ROWS).encode("gb18030").replace("李娜".encode("gb18030"), b"\xff\xfe\xff")
    chunk = whole(data)
    assert (chunk.lines, problems(chunk)) == ([2, 4], [(3, "encoding")])
    "".join(chunk.problems[0].cells).encode("utf-8")


# -- quotes -------------------------------------------------------------------------------------------


def test_a_quoted_line_end_counts_its_physical_lines() -> None:
    chunk = whole(sheet(ROWS[0].replace("王伟", '"王伟\r\n(访客)"'), ROWS[1]))
    assert (chunk.lines, chunk.rows[0][3]) == ([2, 4], "王伟\n(访客)")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "stray",
    [
        ROWS[1].replace("李娜", '"李娜'),
        ROWS[1].replace("李娜", '李娜"'),
        ROWS[1].replace("李娜", '李"娜'),
        ROWS[1].replace("李娜", '"李"娜'),
        ROWS[1].replace("李娜", '"李"娜"'),
        '"' + ROWS[1],
        ROWS[1] + '"',
    ],
)
def test_a_stray_quote_costs_its_line_never_the_file(stray: str, end: str) -> None:
    quoted = ROWS[2].replace("张敏", '"张,敏"')
    chunk = whole(sheet(ROWS[0], stray, *[ROWS[0]] * 3, quoted, *[ROWS[0]] * 300, stray, ROWS[2], end=end))
    assert problems(chunk) == [(3, "quote"), (308, "quote")]
    assert len(chunk.rows) == 306
    assert chunk.rows[4][3] == "张,敏"


def test_a_stray_quote_in_a_sheet_that_quotes_every_cell() -> None:
    quoted = [",".join(f'"{cell}"' for cell in row.split(",")) for row in ROWS]
    chunk = whole(sheet(quoted[0], quoted[1].replace('"李娜"', '"李娜'), quoted[2]))
    assert (chunk.lines, problems(chunk)) == ([2, 4], [(3, "quote")])


def test_an_open_quote_is_given_up_on_after_the_look_ahead() -> None:
    rows = [ROWS[0]] * (LOOK_AHEAD + 5)
    chunk = whole(sheet(ROWS[1].replace("李娜", '"李娜'), *rows, ROWS[1].replace("李娜", '娜"')))
    assert problems(chunk) == [(2, "quote"), (LOOK_AHEAD + 8, "quote")]


@pytest.mark.parametrize("before", [197, 198, 199, 200, 201, 1999, 2000])
def test_a_quoted_cell_across_the_border_of_two_chunks_is_one_cell(before: int) -> None:
    text = sheet(*[ROWS[0]] * before, ROWS[1].replace("李娜", '"李\n\n娜"'), ROWS[2], end="\n")
    for size in (200, 1000):
        chunk = whole(text, size)
        assert chunk.lines[-2:] == [before + 2, before + 5]
        assert chunk.rows[-2][3] == "李\n\n娜"


def test_quotes_that_are_no_quoting_stay() -> None:
    assert cells_of('="001",24"显示器,a""b', ",") == (['="001"', '24"显示器', 'a""b'], "whole")
    assert cells_of(' "a,b" ,c', ",") == (["a,b", "c"], "whole")


# -- cut short ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "held"),
    [
        (ROWS[1], False),
        (",".join(CELLS[1][:7]), True),
        (",".join(CELLS[1][:2]), True),
        ("2022-03-28 06", True),
        (ROWS[1].rsplit(",", 2)[0] + ',"36', True),
        ('2022-03-28 06:14:02,西门,出,"李娜\n(访', True),
        (ROWS[1].replace("李娜", '"李娜\n(访客)"'), False),
        (ROWS[1].replace("李娜", '"李娜'), False),
        ("合计,,,3", False),
        ("填表人：王伟", False),
        ("   ", False),
    ],
)
def test_only_a_last_row_that_is_short_and_without_a_line_end_is_cut(last: str, held: bool) -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        for before in (ROWS, ROWS * 700):
            text = sheet(*before, end="\n") + last
            assert isinstance(opened(text.encode(encoding)), Held) is held
            assert not isinstance(opened((text + "\n").encode(encoding)), Held)


def test_a_short_last_row_among_short_rows_is_whole() -> None:
    short = ",".join(CELLS[0][:4])
    assert not isinstance(opened(sheet(short, short, short, last="")), Held)


def test_a_header_alone_is_a_table_without_rows() -> None:
    assert whole(HEADER).lines == []
    assert whole(HEADER + "\n").lines == []


def test_without_a_known_header_the_widest_row_is_shown() -> None:
    table = table_of("某表\n甲;乙;丙;丁\n1;2;3;4\n")
    assert (table.delimiter, table.header) == (";", ("甲", "乙", "丙", "丁"))


# -- going on, and against a writer ---------------------------------------------------------------------


def _busy_sheet() -> str:
    some = [ROWS[0]] * 150
    return sheet(
        *some, ROWS[1] + ",多", "", "小计,,,150", *some, ROWS[1].replace("李娜", '"李\n娜"'), *some, "合计,,,301", HEADER, *some,
    )  # fmt: skip


def test_going_on_behind_any_chunk_gives_the_rest() -> None:
    text = _busy_sheet()
    everything = whole(text, 200)
    assert [total.rows for total in everything.totals] == [151, 452]
    for chunk in table_of(text).chunks(200):
        rest = whole(text, 333, chunk.last_line)
        for name in ("lines", "problems", "skipped", "totals"):
            wanted = [
                thing for thing in getattr(everything, name)
                if (thing if isinstance(thing, int) else thing.line) > chunk.last_line
            ]  # fmt: skip
            assert getattr(rest, name) == wanted
        assert rest.rows == everything.rows[len(everything.rows) - len(rest.rows) :]


ANY_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8) | st.sampled_from(
    [
        '"',
        '""',
        '",',
        "\n",
        "\n\n",
        ",",
        "，",
        ";",
        "\t",
        "|",
        "a\n,b",
        '"\n"',
        "\x0b",
        "\x85\u2028",
        " x ",
        '24"',
    ]
)


@examples(150)
@given(
    st.lists(st.lists(ANY_CELL, min_size=3, max_size=3), max_size=8),
    st.sampled_from([",", ";", "\t", "，", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
@example([["x\n,,y", "a", "b"], ['"', "\n", '"\n"']], ",", "\n", False)
@example([["", "", "_"]], ",", "\n", False)
@example([["", "", "<A"]], ",", "\n", False)
def test_what_a_writer_wrote_is_what_is_read(
    cells: list[list[str]], delimiter: str, end: str, every: bool
) -> None:
    """Any cells, quoted where they must be, come back with the physical line they began on."""

    def written(cell: str) -> str:
        must = every or any(sign in cell for sign in (delimiter, '"', "\n")) or cell != cell.strip()
        return '"' + cell.replace('"', '""').replace("\n", end) + '"' if must else cell

    text = delimiter.join(["a1", "a2", "a3"]) + end
    wanted, line = [], 2
    for row in cells:
        text += delimiter.join(map(written, row)) + end
        wanted.append((line, tuple(row)))
        line += 1 + sum(cell.count("\n") for cell in row)
    file = io.BytesIO(text.encode())
    found = examine(file, 1 << 30)
    if not isinstance(found, Decoded) or found.encoding != "utf-8":
        return
    table = open_table(file, found, Intake(), KNOWN)
    if isinstance(table, Held) or table.delimiter != delimiter:
        return
    got = {
        line: tuple(row)
        for chunk in table.chunks(200)
        for line, row in zip(chunk.lines, chunk.rows, strict=True)
    }
    other = {s.line for chunk in table.chunks(200) for s in chunk.left_out()}
    for line, row in wanted:
        assert line in other or got[line] == row


@examples(150)
@given(st.binary(max_size=300) | st.text('ab1,;"\n\r\t，合计姓名时间', max_size=120).map(str.encode))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    table = opened(data)
    if hasattr(table, "chunks"):
        covered = sorted(
            line
            for chunk in table.chunks(200)
            for line in [*chunk.lines, *(p.line for p in chunk.problems), *(s.line for s in chunk.left_out())]
        )
        assert covered == sorted(set(covered))
        again = [chunk.last_line for chunk in table.chunks(200)]
        assert again == sorted(again)


def test_empty_cells_by_the_hundred_thousand_cost_no_more_than_they_are() -> None:
    wide = sheet(*ROWS) + "," * 300_000 + "\r\n"
    assert skipped(whole(wide)) == [(5, "blank line")]
