"""Sheets at the limits: a thousand columns, a cell of a hundred thousand characters."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest
from tests.intake.clerking import HEADER, LI, WANG, Post, sheet

from commandpost.settings import parse_settings

LONG = "长" * 100_000


def test_a_sheet_of_a_thousand_columns_is_read_by_those_it_knows(post: Post) -> None:
    more = ",".join(f"备用{n}" for n in range(992))
    cells = ",".join(["x"] * 992)
    told = post.take("wide.csv", sheet(f"{WANG},{cells}", LI, header=f"{HEADER},{more}"))
    assert [told["kind"], told["accepted"], told["rejected"]] == ["gate-passes", 2, []]


def test_short_rows_below_a_header_of_a_hundred_thousand_columns_take_little_memory(post: Post) -> None:
    rows = [f"2022-03-28 07:{n % 60:02},东门,进,访客{n},,,36.5,放行" for n in range(1000)]
    far = rows[0] + "," * 3000 + "x"
    tracemalloc.start()
    told = post.take("wide.csv", sheet(*rows, far, header=HEADER + ",备用" * 100_000))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (told["accepted"], [(one["line"], one["code"]) for one in told["rejected"]]) == (
        1000,
        [(1002, "columns")],
    )
    assert most < 100_000_000, "1,000 rows of as many cells are 800 MB"


@pytest.mark.parametrize("column", ["姓名", "核验结果"])
def test_a_cell_of_a_hundred_thousand_characters_goes_back_alone(post: Post, column: str) -> None:
    cells = dict(zip(HEADER.split(","), WANG.split(","), strict=True))
    long = ",".join({**cells, column: LONG}.values())
    told = post.take("long.csv", sheet(long, LI))
    assert (told["accepted"], [(one["line"], one["code"]) for one in told["rejected"]]) == (
        1,
        [(2, "too-long")],
    )


def test_where_the_settings_allow_it_a_remark_of_a_hundred_thousand_characters_is_kept(post: Post) -> None:
    allowed = replace(post, settings=parse_settings("[intake]\nmax_cell = 100_000"))
    told = allowed.take("long.csv", sheet(f"{WANG},{LONG}", header=f"{HEADER},事由"))
    assert (told["accepted"], told["rejected"]) == (1, [])
    assert allowed.ask("SELECT length(purpose) FROM gate_pass") == [(100_000,)]


def test_a_sheet_formatted_further_than_it_is_filled(post: Post) -> None:
    """Blank lines of either kind, before, among and behind the rows, and within another table below."""
    rows = [f"2022-03-28 07:{n:02},东门,进,访客{n},,,36.5,放行" for n in range(5)]
    blank, commas = "\n" * 1900, ",,,,,,,\n" * 1900
    below = "姓名,联系电话,住址\n\n访客9,,1-1-101\n,,,,,,,\n"
    lines = f"{HEADER}\n{blank}{rows[0]}\n{commas}{rows[1]}\n{blank}{rows[2]}\n{commas}{below}{blank}"
    report = post.take("gate.csv", lines)
    assert (report["accepted"], report["kind"]) == (3, "gate-passes")
    assert [one["code"] for one in report["warnings"]] == ["table"]
    told = {line["line"]: line["why"] for line in report["skipped"]}
    filled = {1902, 3803, 5704}
    assert told.keys() == set(range(2, len(lines.splitlines()) + 1)) - filled
    table = range(7605, len(lines.splitlines()) + 1)
    assert {told[line] for line in table} == {"another table"}
    assert {told[line] for line in told.keys() - set(table)} == {"blank line"}
