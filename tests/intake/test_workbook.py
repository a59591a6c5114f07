"""Workbooks (.xlsx) as text: what a cell becomes, which sheets are looked at, what hostile ones come to."""

from __future__ import annotations

import os
import resource
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter
from tests.intake.books import MAIN, WORKSHEET, book, looked_into, parts, printed, why_not, zipped

from commandpost.intake.workbook import Book, at_once, opened
from commandpost.settings import Intake

CELLS: dict[str, tuple[Any, str]] = {
    "text": ("王伟", "王伟"),
    "a number stored as text": ("013812345678", "013812345678"),
    "a phone that became a number": (13800000000.0, "13800000000"),
    "fifteen digits": (420106199001011.0, "420106199001011"),
    "digits lost": (420106199001011234.0, "4.20106199001011E+17"),
    "a temperature": (36.8, "36.8"),
    "what floats make of a sum": (0.1 + 0.2, "0.3"),
    "a negative number": (-5.0, "-5"),
    "a moment": (datetime(2022, 3, 28, 6, 13, 21), "2022-03-28 06:13:21"),
    "a moment between two seconds": ((44648.2593865741, "yyyy-mm-dd hh:mm:ss"), "2022-03-28 06:13:31"),
    "a moment at midnight": (datetime(2022, 3, 28), "2022-03-28 00:00:00"),
    "midnight in the words of a locale": ((44648, '[$-804]yyyy"年"m"月"d"日" h"时"mm"分"'), "2022-03-28 00:00:00"),
    "midnight in a built-in format": ((44648, "m/d/yy h:mm"), "2022-03-28 00:00:00"),
    "a day": (date(2022, 3, 28), "2022-03-28"),
    "a day with words": ((44648, 'm"月"d"日"'), "2022-03-28"),
    "a day whose colour is no hour": ((44648, "[Red]yyyy-mm-dd"), "2022-03-28"),
    "a serial that nobody made a date": (44648.0, "44648"),
    "a time": (time(7, 30), "7:30"),
    "a time with seconds": ((0.3125 + 5 / 86400, "h:mm:ss"), "7:30:05"),
    "midnight as a time": (time(0, 0), "0:00"),
    "a negative time is no midnight": ((-1, "h:mm"), "-1"),
    "24:00": (timedelta(days=1), "24:00"),
    "true": (True, "TRUE"),
    "a percentage": ((0.05, "0%"), "0.05"),
    "a comma": ("王伟,访客", '"王伟,访客"'),
    "quotes": ('24"屏', '"24""屏"'),
    "a line end in a cell": ("王伟\n(访客)", "王伟 (访客)"),
    "two sorts of line ends": ("a\r\nb\rc", "a b c"),
    "blanks around": (" 王伟 ", " 王伟 "),
    "a formula's text": ("=HYPERLINK(1)", "=HYPERLINK(1)"),
}  # fmt: skip


def test_a_cell_becomes_the_text_a_person_would_type(tmp_path: Path) -> None:
    rows = [[name, value] for name, (value, _) in CELLS.items()]
    found = printed(tmp_path, book({"a": rows}))["a"]
    told = {line.split(",", 1)[0]: line.split(",", 1)[1] for line in found}
    assert told == {name: said for name, (_, said) in CELLS.items()}


def test_a_formula_counts_as_what_it_came_to(tmp_path: Path) -> None:
    v = '<c r="A1"><f>B1+1</f>{}</c>'
    errors = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")
    found = printed(
        tmp_path,
        zipped(
            parts(
                f'<row r="1">{v.format("<v>36.5</v>")}<c r="B1" t="str"><f>A1</f><v>王伟</v></c></row>',
                f'<row r="2">{v.format("<v/>").replace("A1", "A2")}<c r="B2"><v>1</v></c></row>',
                f'<row r="3">{v.format("").replace("A1", "A3")}<c r="B3"><v>1</v></c></row>',
                *(
                    f'<row r="{n}"><c t="e" r="A{n}"><f>X!A1</f><v>{error}</v></c><c r="B{n}"><v>1</v></c></row>'
                    for n, error in enumerate(errors, 4)
                ),
            )
        ),
    )["门岗"]
    # Nobody calculated the formulas of lines 2 and 3.
    assert found == ["36.5,王伟", ",1", ",1", *(f"{error},1" for error in errors)]


def test_a_line_is_a_row_of_the_sheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[], [], [None, None, "时间"], [], [None, None, "a\nb"], [], []]
    assert printed(tmp_path, book({"a": rows}))["a"] == ["", "", "时间", "", "a b"]


def test_cells_without_a_place_stand_in_order(tmp_path: Path) -> None:
    cells = '<c t="inlineStr"><is><t>a</t></is></c><c><v>2</v></c>'
    assert (
        printed(tmp_path, zipped(parts(f"<row>{cells}</row>", f"<row>{cells}</row>")))["门岗"] == ["a,2"] * 2
    )


def test_a_date_counts_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    data = BytesIO()
    made = xlsxwriter.Workbook(data, {"date_1904": True})
    made.add_worksheet().write_datetime(
        0, 0, datetime(2022, 3, 28), made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    )
    made.close()
    assert printed(tmp_path, data.getvalue())["Sheet1"] == ["2022-03-28 00:00:00"]


def test_only_sheets_that_can_be_seen_and_hold_something_are_read(tmp_path: Path) -> None:
    def more(made: xlsxwriter.Workbook) -> None:
        made.get_worksheet_by_name("字典").hide()
        made.get_worksheet_by_name("深藏").very_hidden()
        made.add_chartsheet("图")

    table = [["a", "b"]]
    found = looked_into(
        tmp_path, book({"一": table, "字典": table, "空": [], "深藏": table, "二": table}, more)
    )
    assert isinstance(found, Book)
    assert [sheet.name for sheet in found.sheets] == ["一", "二"]
    assert [(name, why.id) for name, why in found.skipped] == [
        ("字典", "hidden sheet"),
        ("空", "empty sheet"),
        ("深藏", "hidden sheet"),
        ("图", "no sheet of cells"),
    ]


def test_words_beside_the_cell_are_no_text_of_it(tmp_path: Path) -> None:
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2" uniqueCount="2">'
        '<si><r><t>王</t></r><r><rPr><b/></rPr><t>伟</t></r><rPh sb="0" eb="1"><t>ワン</t></rPh></si>'
        "<si><t>a_x000D_b</t></si></sst>"
    )
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert printed(tmp_path, zipped(parts(row, shared=shared)))["门岗"] == ["王伟,a b"]


def _lying() -> bytes:
    """A directory that says 100 bytes of a part that unpacks to 50 MB."""
    data = bytearray(zipped(parts("<row>" + " " * 50_000_000 + "</row>")))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def _locked() -> bytes:
    data = bytearray(zipped(parts("<row/>")))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def _many() -> bytes:
    return zipped(parts("<row/>") | {f"xl/media/{n}.png": "" for n in range(10_000)})


def _nested() -> bytes:
    """Archives within the archive, each a thousand times its size: nobody looks into them."""
    inner = zipped({"a": "\0" * 20_000_000})
    return zipped(parts("<row/>") | {"xl/embeddings/inner.zip": zipped({"b": inner, "c": "\0" * 900_000})})


def _far_apart() -> bytes:
    """Two cells at opposite corners: 17,179,869,184 cells to a reader that takes all between them."""
    return zipped(
        parts(
            '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        )
    )


def _one_long_text_everywhere() -> bytes:
    text = "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1_000_000))
    shared = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    )
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 12_001))
    return zipped(parts(cells, shared=shared))


def _promises() -> bytes:
    """Shared strings that say there are four billion of them."""
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4294967295" '
        'uniqueCount="4294967295"><si><t>a</t></si></sst>'
    )
    return zipped(parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=shared))


def _laughs() -> bytes:
    return zipped(
        parts("<row/>") | {"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "ha">]><workbook>&b;</workbook>'}
    )


def _broken() -> bytes:
    data = bytearray(zipped(parts('<row r="1"><c r="A1"><v>1</v></c></row>')))
    at = data.index(b"xl/worksheets/sheet1.xml") + 30
    data[at : at + 8] = b"\xff" * 8
    return bytes(data)


def _overlapping() -> bytes:
    """A thousand parts of the directory that are one part of the file."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts("<row/>").items():
            file.writestr(name, content)
        file.writestr("xl/a.xml", Random(1).randbytes(2_000_000))
        first = file.infolist()[-1]
        for n in range(1000):
            info = zipfile.ZipInfo(f"xl/{n}.xml")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(info, name, getattr(first, name))
            file.filelist.append(info)
    return data.getvalue()


def _nothing() -> bytes:
    return zipped(parts("<row>" + " " * 50_000_000 + "</row>"))


GOOD = book({"a": [["时间", "门岗"]]})

HOSTILE: dict[str, tuple[bytes | Callable[[], bytes], str, str]] = {
    "cut short": (GOOD[:-30], "held", "not complete"),
    "half of it": (GOOD[: len(GOOD) // 2], "held", "not complete"),
    "its first bytes": (b"PK\x03\x04", "held", "not complete"),
    "a place kept for it": (GOOD[:1000] + b"\0" * 70_000, "held", "not complete"),
    "a gap": (GOOD[:900] + b"\0" * 300 + GOOD[1200:], "refused", "damaged"),
    "broken within": (_broken, "refused", "damaged"),
    "a part too few": (zipped({"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "<Types/>"}), "refused", "damaged"),
    "no XML": (zipped(parts("<row") | {"xl/workbook.xml": "workbook"}), "refused", "damaged"),
    "definitions": (_laughs, "refused", "damaged"),
    "a lying directory": (_lying, "refused", "damaged"),
    "a password on its parts": (_locked, "refused", "password"),
    "ten thousand parts": (_many, "refused", "more than {n} parts"),
    "a part of nothing, a thousand times": (_nothing, "refused", "times its size"),
    "larger than allowed": (_overlapping, "refused", "larger than {limit} MB"),
    "two cells far apart": (_far_apart, "refused", "memory"),
    "a text in twelve thousand cells": (_one_long_text_everywhere, "refused", "memory"),
    "a promise of many texts": (_promises, "refused", "memory"),
    "an archive": (zipped({"a.csv": "时间,门岗"}), "refused", "archive"),
    "a document": (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "refused", "document"),
    "another kind": (zipped({"mimetype": "", "content.xml": ""}), "refused", "another kind"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_held_or_refused_with_a_word(tmp_path: Path, name: str) -> None:
    data, verdict, says = HOSTILE[name]
    found, why = why_not(tmp_path, data() if callable(data) else data)
    assert (found, says in why) == (verdict, True), why
    assert os.listdir(tmp_path) == ["a.csv"]


def test_archives_within_a_workbook_are_left_alone(tmp_path: Path) -> None:
    found = looked_into(tmp_path, _nested())
    assert isinstance(found, Book)
    assert [name for name, _ in found.skipped] == ["门岗"]


def test_one_sheet_that_cannot_be_read_spares_the_others(tmp_path: Path) -> None:
    two = parts('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>')
    for name, more in (
        ("xl/workbook.xml", '<sheet name="坏" sheetId="2" r:id="rId9"/>'),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationship Id="rId9" Type="{WORKSHEET}" Target="worksheets/sheet2.xml"/>',
        ),
    ):
        end = "</sheets>" if "sheet name" in more else "</Relationships>"
        two[name] = two[name].replace(end, more + end)
    two["xl/worksheets/sheet2.xml"] = two["xl/worksheets/sheet1.xml"].replace(
        "<v>1</v>", '<v>1</v></c><c r="C1" t="e"><v>#ODD!</v>'
    )
    found = looked_into(tmp_path, zipped(two))
    assert isinstance(found, Book)
    assert [(sheet.name, sheet.damaged) for sheet in found.sheets] == [("门岗", False), ("坏", True)]


def test_the_limits_are_settings(tmp_path: Path) -> None:
    assert "parts" in why_not(tmp_path, GOOD, workbook_parts=3)[1]
    assert "larger" in why_not(tmp_path, GOOD, workbook_bytes=100)[1]
    assert "larger than {limit} MB; send" in why_not(tmp_path, GOOD, max_bytes=100)[1]
    long = zipped(parts("<row>" + " " * 3_000_000 + "</row>"))
    assert "times" in why_not(tmp_path, long)[1]
    assert isinstance(looked_into(tmp_path, long, workbook_ratio=2000), Book)


def test_macros_and_links_are_neither_run_nor_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    row = '<row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>7</v></c><c r="B1" t="str"><f>WEBSERVICE("http://[::1]/")</f><v>x</v></c></row>'
    more = {
        "xl/vbaProject.bin": b"\xcc\x61" + b"Auto_Open" * 100,
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": f'<Relationship Target="file://{outside}" TargetMode="External"/>',
    }
    assert printed(tmp_path, zipped(parts(row) | more))["门岗"] == ["7,x"]


@pytest.mark.parametrize("seed", range(3))
def test_a_workbook_with_odd_bytes_is_read_held_or_refused(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    data = bytearray(book({"a": [["时间", "门岗"], [datetime(2022, 3, 28, 6), "东门"]]}))
    for _ in range(chance.randrange(1, 20)):
        data[chance.randrange(4, len(data))] = chance.randrange(256)
    looked_into(tmp_path, bytes(data))


@pytest.mark.long
def test_the_largest_sheet_there_can_be_is_read_in_bounded_memory(tmp_path: Path) -> None:
    """1,048,576 rows of eight cells."""
    rows, step = 1_048_576, 10_000
    shared = "".join(f"<si><t>访客{n}</t></si>" for n in range(2000))
    path = tmp_path / "largest.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        made = parts(shared=f"<sst {MAIN}>{shared}</sst>")
        sheet = made.pop("xl/worksheets/sheet1.xml").split("</sheetData>")
        for name, content in made.items():
            file.writestr(name, content)
        with file.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(sheet[0].encode())
            for first in range(1, rows + 1, step):
                part.write(
                    "".join(
                        f'<row r="{n}">'
                        + "".join(
                            f'<c r="{c}{n}" t="s"><v>{n % 1990 + i}</v></c>' for i, c in enumerate("ABCDEFG")
                        )
                        + f'<c r="H{n}"><v>{13_800_000_000 + n}</v></c></row>'
                        for n in range(first, min(first + step, rows + 1))
                    ).encode()
                )
            part.write(f"</sheetData>{sheet[1]}".encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("rb") as file_:
        found = at_once(opened(file_, Intake(), tmp_path))
    assert isinstance(found, Book), found
    (one,) = found.sheets
    assert sum(piece.count(b"\n") for piece in iter(lambda: one.file.read(1 << 20), b"")) == rows
    # KB: what reads is another process, which never had more than its limit.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32_768
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= Intake().workbook_memory >> 10
