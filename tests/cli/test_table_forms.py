"""`commandpost check --table` on every form of delimited text: RFC 4180's rules one by one, the cases that
CSV test suites agree on, and what spreadsheets write besides."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass

import pytest

from commandpost.cli.main import main


@dataclass(frozen=True)
class Form:
    data: bytes
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """(physical line, cells) of each."""
    header: tuple[str, ...] = ("a", "b", "c")
    delimiter: str = ","
    encoding: str = "utf-8"
    header_line: int = 1
    skipped: tuple[tuple[int, str], ...] = ()
    codes: tuple[str, ...] = ()
    """Of the rows that could not become one, in order."""


def of(text: str, *rows: tuple[int, tuple[str, ...]], **more: object) -> Form:
    """A form written in its encoding."""
    encoding = str(more.get("encoding", "utf-8"))
    return Form(text.encode(encoding), rows, **more)  # type: ignore[arg-type]


ABC = (2, ("1", "2", "3"))
FORMS = {
    # RFC 4180, section 2
    "1 each record on a line of its own, ended by CRLF": of("a,b,c\r\n1,2,3\r\n4,5,6\r\n", ABC, (3, ("4", "5", "6"))),
    "2 the last record may have no line end": of("a,b,c\r\n1,2,3\r\n4,5,6", ABC, (3, ("4", "5", "6"))),
    "3 a header line": of("a,b,c\r\n", header=("a", "b", "c")),
    "4 spaces are part of a field": of("a,b,c\r\n 1 ,2\t, 3\r\n", (2, (" 1 ", "2\t", " 3"))),
    "4 the last field has no comma behind it, or an empty one": of("a,b,c\r\n1,2,\r\n", (2, ("1", "2", ""))),
    "5 fields may be in quotes": of('"a","b",c\r\n"1",2,"3"\r\n', ABC),
    "6 commas in quotes": of('a,b,c\r\n1,"2,2",3\r\n', (2, ("1", "2,2", "3"))),
    "6 CRLF in quotes": of('a,b,c\r\n1,"2\r\n2",3\r\n4,5,6\r\n', (2, ("1", "2\r\n2", "3")), (4, ("4", "5", "6"))),
    "7 a quote is doubled in quotes": of('a,b,c\r\n1,"2""2""",""""\r\n', (2, ("1", '2"2"', '"'))),
    # what test suites of CSV readers agree on
    "a comma within quotes": of(
        'first,last,address\nAda,Li,"12, Lake Road"\n', (2, ("Ada", "Li", "12, Lake Road")),
        header=("first", "last", "address"),
    ),
    "empty fields, bare and quoted": of('a,b,c\n1,"",""\n2,,\n', (2, ("1", "", "")), (3, ("2", "", ""))),
    "empty fields and CRLF": of('a,b,c\r\n1,"",""\r\n2,,\r\n', (2, ("1", "", "")), (3, ("2", "", ""))),
    "quotes within quotes, alone and at the ends": of(
        'a,b\n1,"ha ""ha"" ha"\n2,""""\n3,"""x"""\n',
        (2, ("1", 'ha "ha" ha')), (3, ("2", '"')), (4, ("3", '"x"')), header=("a", "b"),
    ),
    "JSON in a cell": of(
        'key,val\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n',
        (2, ("1", '{"type": "Point", "at": [102.0, 0.5]}')), header=("key", "val"),
    ),
    "lines within quotes": of(
        'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n', ABC, (3, ("Once upon \na time", "5", "6")), (5, ("7", "8", "9"))
    ),
    "lines within quotes, CRLF kept": of(
        'a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9\r\n',
        ABC, (3, ("Once upon \r\na time", "5", "6")), (5, ("7", "8", "9")),
    ),
    "quotes and lines together": of(
        'a,b\n1,"ha \n""ha"" \nha"\n3,4\n', (2, ("1", 'ha \n"ha" \nha')), (5, ("3", "4")), header=("a", "b")
    ),
    "text of other scripts": of("a,b,c\n1,2,3\n4,5,ʤ\n", ABC, (3, ("4", "5", "ʤ"))),
    "degrees, minutes and seconds": of(
        "place,where\n某地,\"36°36'37.8\"\"N 121°2'17.9\"\"W\"\n", (2, ("某地", "36°36'37.8\"N 121°2'17.9\"W")), header=("place", "where")
    ),
    # line ends and line numbers
    "LF alone": of("a,b,c\n1,2,3\n", ABC),
    "CR alone": of("a,b,c\r1,2,3\r4,5,6\r", ABC, (3, ("4", "5", "6"))),
    "all line ends in one file": of("a,b,c\r\n1,2,3\n4,5,6\r7,8,9", ABC, (3, ("4", "5", "6")), (4, ("7", "8", "9"))),
    "a quoted CR is a line of the file": of('a,b,c\r"1\r1",2,3\r4,5,6\r', (2, ("1\r1", "2", "3")), (4, ("4", "5", "6"))),
    "a line of ten within quotes": of('a,b,c\n1,"' + "\n" * 10 + '",3\n4,5,6\n', (2, ("1", "\n" * 10, "3")), (13, ("4", "5", "6"))),
    "other separators of lines are text": of("a,b,c\n1,2\u2028\x85\x0b2,3\n", (2, ("1", "2\u2028\x85\x0b2", "3"))),
    "blank lines are none, and no end": of(
        "a,b,c\n\n1,2,3\n,,\n4,5,6\n\n", (3, ("1", "2", "3")), (5, ("4", "5", "6")),
        skipped=((2, "blank line"), (4, "blank line"), (6, "blank line")),
    ),
    "a header of several lines in quotes": of('"a\n1",b,c\n1,2,3\n', (3, ("1", "2", "3")), header=("a\n1", "b", "c")),
    # rows of another width
    "fewer cells": of("a,b,c\n1,2\n4\n7,8,9\n", (2, ("1", "2")), (3, ("4",)), (4, ("7", "8", "9"))),
    "more cells, empty ones": of("a,b,c\n1,2,3,,\n", (2, ("1", "2", "3"))),
    "more cells, filled ones": of("a,b,c\n1,2,3,4\n5,6,7\n", (2, ("1", "2", "3", "4")), (3, ("5", "6", "7")), codes=("columns",)),
    "a delimiter behind every line": of("a,b,c,\n1,2,3,\n", (2, ("1", "2", "3", "")), header=("a", "b", "c", "")),
    "one column": of("a\n1\n2\n", (2, ("1",)), (3, ("2",)), header=("a",)),
    # quotes out of place
    "a stray quote costs its line": of(
        'a,b,c\n1,"2,3\n4,5,6\n', (2, ("1", '"2', "3")), (3, ("4", "5", "6")), codes=("quote",)
    ),
    "text behind a closing quote": of('a,b,c\n1,"2"x,3\n4,5,6\n', (2, ("1", '"2"x', "3")), (3, ("4", "5", "6")), codes=("quote",)),
    "blanks around quotes": of('a,b,c\n1, "2,2" ,3\n', (2, ("1", "2,2", "3"))),
    "an inch is no quote": of('a,b,c\n1,24",3\n', (2, ("1", '24"', "3"))),
    "two quotes within a bare cell": of('a,b,c\n1,2 "x" 2,3\n', (2, ("1", '2 "x" 2', "3"))),
    "a single quote is text": of("a,b,c\n'1,2',3\n", (2, ("'1", "2'", "3"))),
    "a backslash is text": of('a,b,c\n1,2\\,3\n4,"5\\",6\n', (2, ("1", "2\\", "3")), (3, ("4", "5\\", "6"))),
    # delimiters
    "semicolons": of("a;b;c\n1;2,5;3\n", (2, ("1", "2,5", "3")), delimiter=";"),
    "tabs": of("a\tb\tc\n1\t2,2\t3\n", (2, ("1", "2,2", "3")), delimiter="\t"),
    "full-width commas": of("甲，乙，丙\n1，2,2，3\n", (2, ("1", "2,2", "3")), header=("甲", "乙", "丙"), delimiter="，"),
    "sep= says": of("sep=;\r\na;b,b;c\r\n1;2;3\r\n", (3, ("1", "2", "3")), header=("a", "b,b", "c"), delimiter=";",
                   header_line=2, skipped=((1, "separator line"),)),
    "a semicolon in quotes delimits nothing": of('a,b,c\n1,"2;2;2;2",3\n', (2, ("1", "2;2;2;2", "3"))),
    # titles
    "a title above": of("某表\na,b,c\n1,2,3\n", (3, ("1", "2", "3")), header_line=2, skipped=((1, "title"),)),
    # encodings
    "a mark": of("a,b,c\n1,2,3\n", ABC, encoding="utf-8-sig"),
    "GB18030": of("甲,乙,丙\n一,㐂,𠮷\n", (2, ("一", "㐂", "𠮷")), header=("甲", "乙", "丙"), encoding="gb18030"),
    "UTF-16, marked": Form(b"\xff\xfe" + "a\tb\tc\r\n1\t2\t3\r\n".encode("utf-16-le"), (ABC,), delimiter="\t", encoding="utf-16-le"),
    "UTF-16, the other way round": Form(b"\xfe\xff" + "甲,b,c\n1,2,3\n".encode("utf-16-be"), (ABC,), ("甲", "b", "c"), encoding="utf-16-be"),
    "UTF-16, unmarked": of("甲,b,c\n1,2,3\n", ABC, header=("甲", "b", "c"), encoding="utf-16-le"),
    "a line in another encoding": Form(
        "甲,乙,丙\n一,二,三\n四,五,六\n".encode() + "护,岗,镜\n".encode("gb18030"),
        ((2, ("一", "二", "三")), (3, ("四", "五", "六")), (4, ("\ufffd", "\ufffd", "\ufffd"))),
        ("甲", "乙", "丙"), codes=("encoding",),
    ),
}  # fmt: skip
"""What is read → how."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What one call says of all of them."""
    folder = tmp_path_factory.mktemp("forms")
    files = {name: folder / f"{n}.csv" for n, name in enumerate(FORMS)}
    for name, form in FORMS.items():
        files[name].write_bytes(form.data)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["check", "--table", "--lang", "en", *map(str, files.values())]) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    return dict(zip(files, lines, strict=True))


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_delimited_text_is_read_cell_by_cell(name: str, told: dict[str, dict[str, object]]) -> None:
    form, one = FORMS[name], told[name]
    rows = one["rows"]
    assert isinstance(rows, list)
    assert [(row["line"], tuple(row["cells"])) for row in rows] == list(form.rows)
    assert tuple(row["code"] for row in rows if "code" in row) == form.codes
    skipped = one["skipped"]
    assert isinstance(skipped, list)
    assert tuple((skip["line"], skip["why"]) for skip in skipped) == form.skipped
    assert {key: one[key] for key in ("encoding", "delimiter", "header_line", "header")} == {
        "encoding": form.encoding, "delimiter": form.delimiter,
        "header_line": form.header_line, "header": list(form.header),
    }  # fmt: skip
