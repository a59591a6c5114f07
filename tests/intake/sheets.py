"""Sheets for the tests of intake: bytes in, tables out."""

from __future__ import annotations

import io
from pathlib import Path

from commandpost.contract.values.text import header as normal
from commandpost.intake.chunk import Chunk
from commandpost.intake.decode import Decoded, Held, Refused, examine
from commandpost.intake.table import Table, open_table
from commandpost.settings import Intake

MESSY = Path(__file__).parents[1] / "samples" / "messy"
HEADER = "登记时间,卡口,方向,姓名,手机号,车牌,体温,核验结果"
ROWS = (
    "2022-03-28 06:13:21,东门,进,王伟,13812345678,沪A12345,36.5,放行",
    "2022-03-28 06:14:02,西门,出,李娜,13987654321,,36.7,放行",
    "2022-03-28 06:15:40,南门,进,张敏,15012340001,粤BD12345,37.9,劝返",
)
KNOWN = frozenset(
    map(normal, [*HEADER.split(","), "时间", "门岗", "车牌号码", "结果", "日期", "a1", "a2", "a3"])
)


def sheet(*rows: str, header: str = HEADER, end: str = "\r\n", last: str | None = None) -> str:
    return end.join([header, *rows]) + (end if last is None else last)


def examined(data: bytes) -> Decoded | Held | Refused:
    return examine(io.BytesIO(data), 1 << 30)


def opened(data: bytes | str, **limits: int) -> Table | Held | Refused:
    raw = data.encode() if isinstance(data, str) else data
    file = io.BytesIO(raw)
    found = examine(file, 1 << 30)
    return open_table(file, found, Intake(**limits), KNOWN) if isinstance(found, Decoded) else found


def table_of(data: bytes | str, **limits: int) -> Table:
    table = opened(data, **limits)
    assert isinstance(table, Table), table
    return table


def whole(data: bytes | str, size: int = 200, after_line: int = 0, **limits: int) -> Chunk:
    """All chunks of a sheet as one."""
    all_of_it = Chunk()
    for chunk in table_of(data, **limits).chunks(size, after_line):
        assert chunk.last_line >= all_of_it.last_line
        all_of_it.lines += chunk.lines
        all_of_it.rows += chunk.rows
        all_of_it.problems += chunk.problems
        all_of_it.skipped += chunk.left_out()
        all_of_it.totals += chunk.totals
        all_of_it.last_line = chunk.last_line
    return all_of_it


def skipped(chunk: Chunk) -> list[tuple[int, str]]:
    return [(skipped.line, skipped.why.id) for skipped in chunk.skipped]


def problems(chunk: Chunk) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in chunk.problems]
