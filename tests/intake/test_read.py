"""Reading a chunk: by columns and by rows the same, balanced whatever comes."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.intake.clerking import HEADER, LI, RECEIVED, WANG, ZHANG, balances, check, sheet

from commandpost.contract.kind import Kind
from commandpost.contract.reading import Context
from commandpost.desks.gate.drops import GATE_PASSES
from commandpost.desks.kinds import KINDS
from commandpost.intake import cells as cells_of
from commandpost.intake.cells import Memo
from commandpost.intake.chunk import Chunk
from commandpost.intake.read import Reader
from commandpost.settings import Settings

MESS = [
    "", " ", "/", "—", "同上", "〃", "无", "张三", "李四、王五", "王某等3人", "36.5", "368", "98.6", "正常", "-5", "500",
    "2百多", "若干", "2022-03-28", "2022-02-30", "2022-03-28 06:13", "3月28日下午3点", "44648.25", "7:30", "24:00",
    "早", "夜班", "22:00-6:00", "进", "出", "东门", "鄂A12345", "13800000000", "1.38E+10", "420106199001011234",
    "居家隔离", "集中", "密接", "已送达", "特急", "入库", "N95（10万）/护目镜（1千）", "3栋2单元501", "14天",
    "\x1b[31m红", "[@click=app.quit]x[/]", "‮abc", "=1+1", "2099-01-01", "合计", "a,b",
]  # fmt: skip


def _context() -> Context:
    plain = Settings()
    return Context(RECEIVED, plain.zone, plain, None)


def _gate_reader() -> Reader:
    fields = ("at", "gate", "direction", "name", "phone", "plate", "temperature", "verdict")
    return Reader(GATE_PASSES, {f: i for i, f in enumerate(fields)}, HEADER.split(","), _context())


@st.composite
def drops(draw: st.DrawFn) -> tuple[Kind, str]:
    """A sheet of a kind's own columns, some of them, its cells examples or a mess."""
    kind = draw(st.sampled_from(KINDS))
    optional = [c for c in kind.columns if not c.required]
    columns = [c for c in kind.columns if c.required] + draw(
        st.lists(st.sampled_from(optional), unique_by=lambda c: c.field, min_size=min(3, len(optional)))
    )
    columns += [c for c in kind.columns if c.example and c not in columns]
    rows = draw(
        st.lists(
            st.tuples(*(st.one_of(st.just(c.example), st.just(c.example), st.sampled_from(MESS)) for c in columns)),
            min_size=1, max_size=8,
        )
    )  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(c.header for c in columns)
    writer.writerows(rows)
    return kind, text.getvalue()


@examples(60)
@given(drops())
def test_every_drop_balances(drop: tuple[Kind, str]) -> None:
    _, text = drop
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(text, "utf-8")
        report = check(path, values=True)
    assert balances(report)
    if report["verdict"] == "taken":
        assert report["records"] == len(report["values"])
        assert report["records"] >= report["rows"] - len(report["rejected"])
    assert "\x1b" not in str(report)
    assert "‮" not in str(report)


cells = st.one_of(
    st.sampled_from([cell for row in (WANG, LI, ZHANG) for cell in row.split(",")]), st.sampled_from(MESS)
)


@examples(100)
@given(st.lists(st.lists(cells, min_size=8, max_size=8), min_size=1, max_size=12))
def test_a_chunk_reads_as_its_rows_one_by_one(rows: list[list[str]]) -> None:
    together = _gate_reader().read(_chunk(rows))
    alone = [_gate_reader().read(_chunk([row], line)) for line, row in enumerate(rows, 2)]
    assert together.records == [r for batch in alone for r in batch.records]
    assert together.rejected == [r for batch in alone for r in batch.rejected]
    assert together.warnings == [w for batch in alone for w in batch.warnings]


@examples(100)
@given(st.lists(cells, min_size=8, max_size=8))
def test_a_row_reads_the_same_the_second_time(row: list[str]) -> None:
    reader = _gate_reader()
    assert reader.read(_chunk([row])) == reader.read(_chunk([row]))


def _chunk(rows: list[list[str]], first: int = 2) -> Chunk:
    return Chunk(
        lines=list(range(first, first + len(rows))), rows=[tuple(row) for row in rows], last_line=first
    )


def test_a_memo_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_of, "MEMO_LIMIT", 10)
    asked: list[str] = []

    def careful(text: str) -> Any:
        asked.append(text)
        return text.upper()

    memo = Memo(careful)
    assert [memo[f"x{n}"] for n in range(100)] == [f"X{n}" for n in range(100)]
    assert len(memo) <= 10
    assert memo["x99"] == "X99"
    assert len(asked) == 100


def test_same_as_above_is_filled_down_only_where_the_kind_says_so(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    head = "岗位,日期,开始,结束,姓名"
    path.write_text(sheet("北门,2022-03-28,7:00,15:00,张三", "同上,,15:00,23:00,李四", header=head), "utf-8")
    report = check(path, values=True)
    assert [(v["post"], v["day"]) for v in report["values"]] == [("北门", "2022-03-28")] * 2
    assert [w["code"] for w in report["warnings"]] == ["filled", "filled"]
    path.write_text(sheet(WANG, LI.replace("李娜", "同上")), "utf-8")
    assert [r["code"] for r in check(path)["rejected"]] == ["value"]


def test_a_field_clock_far_ahead_is_rejected_as_future(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(sheet(WANG.replace("2022-03-28 06", "2022-03-28 21")), "utf-8")
    assert [r["code"] for r in check(path)["rejected"]] == ["future"]


def test_a_row_with_several_faults_goes_back_once_for_the_leftmost(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(sheet(",,横,王伟,13812345678,,36.5,放行"), "utf-8")
    assert [(r["column"], r["code"]) for r in check(path)["rejected"]] == [("登记时间", "empty")]
