"""Workbooks for the tests of intake: as spreadsheets write them, and by hand for what no spreadsheet writes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from commandpost.intake.decode import Held, Refused
from commandpost.intake.workbook import Book, at_once, opened
from commandpost.settings import Intake

FORMATS = {
    datetime: "yyyy-mm-dd hh:mm:ss",
    date: "yyyy/m/d",
    time: "h:mm",
    timedelta: "[h]:mm",
}

Table = Sequence[Sequence[Any]]


def book(sheets: Mapping[str, Table], and_then: Callable[[xlsxwriter.Workbook], None] | None = None) -> bytes:
    """A workbook of these sheets: values by their types, None an empty cell, (number, format) a number in
    that format. `and_then`: merges, hides …"""
    data = BytesIO()
    made = xlsxwriter.Workbook(data, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                _write(made, sheet, r, c, value)
    if and_then is not None:
        and_then(made)
    made.close()
    return data.getvalue()


def _write(made: xlsxwriter.Workbook, sheet: Any, r: int, c: int, value: Any) -> None:
    if isinstance(value, tuple):
        sheet.write_number(r, c, value[0], made.add_format({"num_format": value[1]}))
    elif type(value) in FORMATS:
        sheet.write_datetime(r, c, value, made.add_format({"num_format": FORMATS[type(value)]}))
    elif isinstance(value, bool):
        sheet.write_boolean(r, c, value)
    elif isinstance(value, int | float):
        sheet.write_number(r, c, value)
    elif value is not None:
        sheet.write_string(r, c, value)


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKSHEET = f"{_RELATED}/worksheet"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def parts(*rows: str, shared: str = "", styles: str = "", **more: str) -> dict[str, str]:
    """The parts of a workbook with one sheet; `rows`: what stands in its sheetData, as XML."""
    data = f"<sheetData>{''.join(rows)}</sheetData>"
    made = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook {MAIN} xmlns:r="{_RELATED}"><sheets><sheet name="门岗" sheetId="1" r:id="rId1"/>'
            "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{WORKSHEET}" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_RELATED}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="rId3" Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}>{data}</worksheet>",
    }
    if shared:
        made["xl/sharedStrings.xml"] = shared
    if styles:
        made["xl/styles.xml"] = styles
    return made | {name.replace("__", "/"): content for name, content in more.items()}


def zipped(contents: Mapping[str, str | bytes]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return data.getvalue()


def looked_into(folder: Path, data: bytes, **limits: int) -> Book | Held | Refused:
    path = folder / "a.csv"
    path.write_bytes(data)
    with path.open("rb") as file:
        return at_once(opened(file, Intake(**limits), folder))


def printed(folder: Path, data: bytes, **limits: int) -> dict[str, list[str]]:
    """Name of each sheet → its lines as CSV."""
    found = looked_into(folder, data, **limits)
    assert isinstance(found, Book), found
    return {sheet.name: sheet.file.read().decode().splitlines() for sheet in found.sheets}


def why_not(folder: Path, data: bytes, **limits: int) -> tuple[str, str]:
    """(held or refused, the message's id)."""
    found = looked_into(folder, data, **limits)
    assert isinstance(found, Held | Refused), found
    return type(found).__name__.lower(), found.reason.id
