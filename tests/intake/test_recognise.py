"""Header → kind and columns."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from tests.intake.sheets import MESSY

from commandpost.contract.kind import Column, Kind
from commandpost.desks.kinds import KINDS
from commandpost.intake.decode import Decoded, examine
from commandpost.intake.recognise import Asks, Recognised, known_headers, recognise
from commandpost.intake.table import Table, open_table
from commandpost.settings import Intake, Settings, Team

CASES = json.loads((MESSY / "expected.json").read_text())["cases"]


def seen(header: str, **hints: Any) -> Recognised | Asks:
    return recognise(tuple(header.split(",")), KINDS, Settings(), **hints)


def kind_of(header: str, **hints: str) -> str:
    found = seen(header, **hints)
    assert isinstance(found, Recognised), found
    return found.kind.name


@pytest.mark.parametrize("case", [case for case in CASES if case["kind"]], ids=lambda case: case["file"])
def test_every_sample_is_recognised_by_its_header(case: dict[str, str]) -> None:
    file = io.BytesIO((MESSY / case["file"]).read_bytes())
    found = examine(file, 1 << 20)
    assert isinstance(found, Decoded)
    table = open_table(file, found, Intake(), known_headers(KINDS))
    assert isinstance(table, Table)
    kind = recognise(table.header, KINDS, Settings())
    assert isinstance(kind, Recognised)
    assert kind.kind.name == case["kind"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_recognised_by_its_own_columns_in_any_order_and_language(kind: Kind) -> None:
    for names in (
        [column.header for column in kind.columns],
        [column.english for column in kind.columns],
        [f" {column.header}（必填） " for column in kind.columns],
    ):
        for header in (names, names[::-1], [*names, "无人认识的列"]):
            found = recognise(tuple(header), KINDS, Settings())
            assert isinstance(found, Recognised), header
            assert found.kind is kind
            assert len(found.mapping) == len(kind.columns)
            assert len(found.unknown) == len(header) - len(kind.columns)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_two_columns_of_a_kind_share_a_name(kind: Kind) -> None:
    for field in [column.field for column in kind.columns]:
        for name in (kind.column(field).header, kind.column(field).english):
            found = recognise((*_required(kind, but=field), name), [kind], Settings())
            assert isinstance(found, Recognised)
            assert found.mapping[field] == len(_required(kind, but=field))


def _required(kind: Kind, but: str) -> list[str]:
    needed = [
        column for column in kind.columns if column.required or any(column.field in g for g in kind.any_of)
    ]
    return [column.header for column in needed if column.field != but]


def test_columns_nobody_knows_are_kept() -> None:
    found = seen("序号,登记时间,卡口,方向,姓名,心情")
    assert isinstance(found, Recognised)
    assert found.unknown == (0, 5)
    assert found.mapping["gate"] == 2


@pytest.mark.parametrize("header", ["甲,乙,丙", "姓名", "", "登记时间,卡口,方向"])
def test_a_header_nobody_knows_asks(header: str) -> None:
    found = seen(header)
    assert isinstance(found, Asks)
    assert found.kinds == ()


@pytest.mark.parametrize("header", ["登记时间,卡口,方向,姓名,姓名", "登记时间,卡口,方向,姓名,体温,体 温(℃)"])
def test_a_column_that_is_there_twice_asks(header: str) -> None:
    assert isinstance(seen(header), Asks)


def _column(field: str, header: str, required: bool = True) -> Column:
    return Column(field, header, field, read=lambda context: str, required=required)


def _kind(name: str, chinese: str, *columns: Column) -> Kind:
    return Kind(name, chinese, "desk", "log", columns, table=object)


TESTS = _kind("tests", "核酸", _column("name", "姓名"), _column("at", "时间"), _column("tube", "管号", False))
VISITS = _kind(
    "visits", "来访", _column("name", "姓名"), _column("at", "时间"), _column("host", "受访人", False)
)


def test_two_kinds_that_fit_alike_ask() -> None:
    found = recognise(("姓名", "时间"), [TESTS, VISITS], Settings())
    assert isinstance(found, Asks)
    assert found.kinds == ("tests", "visits")


def test_the_kind_with_more_of_its_columns_fits_better() -> None:
    found = recognise(("姓名", "时间", "受访人"), [TESTS, VISITS], Settings())
    assert isinstance(found, Recognised)
    assert found.kind is VISITS


@pytest.mark.parametrize("name", ["north/tests.csv", "核酸0328.csv", "核酸/3月.csv"])
def test_a_name_breaks_the_tie(name: str) -> None:
    found = recognise(("姓名", "时间"), [TESTS, VISITS], Settings(), name=name)
    assert isinstance(found, Recognised)
    assert found.kind is TESTS


def _sends(team: str, kind: str) -> Team:
    """A team that sends one of the kinds made up here, which no post.toml may name."""
    return Team.model_construct(name=team, kinds=(kind,))


def test_the_kinds_a_team_sends_break_the_tie() -> None:
    settings = Settings(team=(_sends("lab", "tests"), _sends("door", "visits")))
    for team, kind in (("lab", TESTS), ("door", VISITS)):
        found = recognise(("姓名", "时间"), [TESTS, VISITS], settings, team=team)
        assert isinstance(found, Recognised)
        assert found.kind is kind


def test_no_hint_makes_a_kind_out_of_a_header_that_lacks_its_columns() -> None:
    settings = Settings(team=(_sends("lab", "tests"),))
    assert isinstance(recognise(("姓名",), [TESTS], settings, team="lab", name="tests.csv"), Asks)


@pytest.mark.parametrize(
    "header",
    [
        "Ticket,Requested by,Description,Location,Priority,Status,Date requested",
        "Name,Location,Time In,Time Out",
        "Visitor name,Date,Host,Vehicle,Start,End",
        "Name,Destination,Departure,Return",
        "Point,Time,Officer,Remarks",
        "Name,Sampling time,Tube No,Result,Location",
        "Date,Type,Unit,Persons",
        "Batch,Name,Phone,Address,Verdict",
        "日期,物资,数量,部门",
    ],
)
def test_the_header_of_another_list_asks(header: str) -> None:
    assert isinstance(seen(header, dated=True), Asks)
