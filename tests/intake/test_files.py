"""Whole files as they come: encodings, delimiters, what stands around a table, and what is no table at all.

Domain §4, "Files as they come". Each case: what is dropped → the verdict, the lines that count, the lines that
go back (line, column, code), the warnings (line, code), the lines skipped.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from typing import Any

import pytest
from tests.intake.clerking import HEADER, LI, WANG, ZHANG
from tests.intake.coming import Checking, found, sheet

THREE = sheet(WANG, LI, ZHANG, header=HEADER)
SHORT = "时间,门岗,方向,姓名"
EAST = "2022-03-28 06:13,东门,进,王伟"
WEST = "2022-03-28 06:14,西门,出,李娜"


@dataclass(frozen=True)
class File:
    content: str | bytes
    lines: tuple[int, ...] = ()
    """Those that count."""
    back: tuple[tuple[int, str, str], ...] = ()
    warned: tuple[tuple[int, str], ...] = ()
    skipped: dict[int, str] = field(default_factory=dict)
    verdict: str = "taken"
    says: str = ""
    """Of a file that is not taken: a part of the reason."""
    name: str = "a.csv"
    told: dict[str, Any] = field(default_factory=dict)
    """Of the report: encoding, delimiter, kind …"""


def _all(content: str | bytes, *lines: int, **more: Any) -> File:
    return File(content, lines or (2, 3, 4), **more)


def _held(content: str | bytes, says: str) -> File:
    return File(content, verdict="held", says=says)


def _refused(content: str | bytes, says: str = "", name: str = "a.csv") -> File:
    return File(content, verdict="refused", says=says, name=name)


def _asks(content: str | bytes, says: str = "") -> File:
    return File(content, verdict="asks", says=says)


def _with(line: bytes, encoding: str) -> bytes:
    """The three rows in `encoding`, the second in other bytes."""
    head, first, _, third, _ = THREE.encode(encoding).split(b"\r\n")
    return b"\r\n".join([head, first, line, third, b""])


def _zip() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("a.csv", THREE)
    return data.getvalue()


BAD_BYTES = LI.encode("gb18030").replace("李娜".encode("gb18030"), b"\xff\xfe\xff")
ONE_ODD = {"back": ((3, "", "encoding"),)}

ENCODINGS = {
    "utf-8": _all(THREE, told={"encoding": "utf-8", "delimiter": ","}),
    "utf-8 with a mark": _all(THREE.encode("utf-8-sig"), told={"encoding": "utf-8-sig"}),
    "a mark twice": _all(b"\xef\xbb\xbf" + THREE.encode("utf-8-sig")),
    "gb18030": _all(THREE.encode("gb18030"), told={"encoding": "gb18030"}),
    "gb18030 with a mark": _all(b"\x84\x31\x95\x33" + THREE.encode("gb18030"), told={"encoding": "gb18030"}),
    "gbk": _all(THREE.encode("gbk"), told={"encoding": "gb18030"}),
    "utf-16 with a mark": _all(THREE.encode("utf-16"), told={"encoding": "utf-16-le"}),
    "utf-16 little-endian": _all(THREE.encode("utf-16-le"), told={"encoding": "utf-16-le"}),
    "utf-16 big-endian": _all(THREE.encode("utf-16-be"), told={"encoding": "utf-16-be"}),
    "utf-16 big-endian with a mark": _all(("\ufeff" + THREE).encode("utf-16-be"), told={"encoding": "utf-16-be"}),
    "utf-16 of tabs": _all(THREE.replace(",", "\t").encode("utf-16"), told={"delimiter": "\t"}),
    "ascii": _all("Time,Gate,Direction,Name\r\n2022-03-28 06:13,East,in,John\r\n", 2, told={"encoding": "utf-8"}),
    "gb18030, a line of garbage": _all(_with(BAD_BYTES, "gb18030"), 2, 4, **ONE_ODD, told={"encoding": "gb18030"}),
    "gb18030, a line in utf-8": _all(_with(LI.encode(), "gb18030"), 2, 4, **ONE_ODD, told={"encoding": "gb18030"}),
    "utf-8, a line in gb18030": _all(_with(LI.encode("gb18030"), "utf-8"), 2, 4, **ONE_ODD, told={"encoding": "utf-8"}),
    "utf-8 with a mark, a line in gb18030": _all(_with(LI.encode("gb18030"), "utf-8-sig"), 2, 4, **ONE_ODD),
    "utf-16, half a character": _all(
        THREE.encode("utf-16").replace("李".encode("utf-16-le"), b"\x00\xd8"), 2, 4, **ONE_ODD
    ),
    "stray NULs": _all(THREE.replace("李娜", "\x00李\x00娜\x00")),
    "a header in another encoding": _asks(HEADER.encode() + THREE.encode("gb18030")[len(HEADER.encode("gb18030")) :]),
}  # fmt: skip

DELIMITERS = {
    "semicolons": _all(THREE.replace(",", ";"), told={"delimiter": ";"}),
    "tabs": _all(THREE.replace(",", "\t"), told={"delimiter": "\t"}),
    "full-width commas": _all(THREE.replace(",", "，"), told={"delimiter": "，"}),
    "decimal commas": _all(THREE.replace(",", ";").replace("36.5", "36,5")),
    "some cells quoted": _all(sheet(WANG, '"2022-03-28 06:14:02",西门,"出","李娜",13987654321,"",36.7,放行', ZHANG, header=HEADER)),
    "every cell quoted": _all("\r\n".join('"' + line.replace(",", '","') + '"' for line in THREE.split("\r\n")[:4]) + "\r\n"),
    "full-width commas, a row typed with plain ones": _all(sheet(WANG.replace(",", "，"), LI, ZHANG.replace(",", "，"), header=HEADER.replace(",", "，"))),
    "commas, a row typed with full-width ones": _all(sheet(WANG, LI.replace(",", "，"), ZHANG, header=HEADER)),
    "a delimiter within quotes": _all(sheet(EAST.replace("王伟", '"王伟,李娜"'), header=SHORT), 2, 2, warned=((2, "group"),), told={"records": 2}),
    "sep=": _all("sep=;\r\n" + THREE.replace(",", ";"), 3, 4, 5, skipped={1: "separator line"}),
    "sep= in quotes": _all('"sep=,"\r\n' + THREE, 3, 4, 5, skipped={1: "separator line"}),
    "sep= of a tab, behind a mark": _all("\ufeffSEP=\t\n" + THREE.replace(",", "\t"), 3, 4, 5, skipped={1: "separator line"}),
    "sep= that is not true": _all("sep=;\r\n" + THREE, 3, 4, 5, skipped={1: "separator line"}, told={"delimiter": ","}),
    "line ends LF": _all(THREE.replace("\r\n", "\n")),
    "line ends CR": _all(THREE.replace("\r\n", "\r")),
    "line ends of all sorts": _all(f"{HEADER}\r\n{WANG}\n{LI}\r{ZHANG}"),
    "U+2028 ends no line": _all(sheet(EAST.replace("王伟", "王\u2028伟"), WEST, header=SHORT), 2, 3),
}  # fmt: skip

AROUND = {
    "titles above": _all("某街道登记表,,,\r\n填报日期：2022-03-28,,,\r\n,,,\r\n" + sheet(EAST), 5, skipped={1: "title", 2: "title", 3: "blank line"}),
    "ten lines above": _all("说明\r\n" * 10 + sheet(EAST), 12, skipped=dict.fromkeys(range(1, 11), "title")),
    "eleven lines above": _asks("说明\r\n" * 11 + sheet(EAST)),
    "a repeated header": _all(sheet(EAST, SHORT, WEST, SHORT), 2, 4, skipped={3: "repeated header", 5: "repeated header"}),
    "blank lines, which end nothing": _all(
        "\r\n" + sheet("", EAST, "", "", ",,,", "　", WEST, "\t", EAST.replace("王伟", "张敏"), ""),
        4, 9, 11, skipped=dict.fromkeys((1, 3, 5, 6, 7, 8, 10, 12), "blank line"),
    ),
    "a footer": _all(sheet(EAST, "填表人：王伟,,审核人：李娜,"), 2, skipped={3: "footer"}),
    "a group line above the real header": _all(",,人员信息,\r\n" + sheet(EAST), 3, skipped={1: "title"}),
    "a header of two lines, names below": _all("登记,,进出,人员\r\n" + sheet(EAST), 3, skipped={1: "title"}),
    "a header of two lines, merged downwards": _all(sheet(",,,姓名,手机号", EAST + ",13800000000", header="时间,门岗,方向,人员信息,"), 3),
    "a header of two lines, side by side": _all(
        sheet(",,时间,时间", "王伟,东门,2022-03-28 7:30,2022-03-28 8:30", header="姓名,门岗,进入,离开"), 3, 3, told={"records": 2}
    ),
    "a header of two lines, again below": _all(
        sheet(",,,姓名,手机号", EAST + ",", "时间,门岗,方向,人员信息,", ",,,姓名,手机号", WEST + ","  , header="时间,门岗,方向,人员信息,"),
        3, 6, skipped={4: "repeated header", 5: "repeated header"},
    ),
    "another table below": _all(
        sheet(EAST, "", "物资,数量,单位,申请单位", "口罩,500,个,北门岗"), 2,
        warned=((4, "table"),), skipped={3: "blank line", 4: "another table", 5: "another table"},
    ),
    "another table and the first again": _all(
        sheet(EAST, "物资,数量,申请单位,", "口罩,500,北门岗,", SHORT, WEST), 2, 6,
        warned=((3, "table"),), skipped={3: "another table", 4: "another table", 5: "repeated header"},
    ),
    "two other tables": _all(
        sheet(EAST, "物资,数量,申请单位,", "a,1,b,", SHORT, WEST, "地址,户主,人数,", "501,王伟,3,"), 2, 6,
        warned=((3, "table"), (7, "table")), skipped={3: "another table", 4: "another table", 5: "repeated header", 7: "another table", 8: "another table"},
    ),
    "a form printed with its numbers, not filled to the end": _all(
        sheet("1," + EAST, "2,,,,", "3", '"4","","","",""', "5," + WEST, "6,,,,", header="序号," + SHORT), 2, 6,
        skipped=dict.fromkeys((3, 4, 5, 7), "blank line"),
    ),
    "a total in a sentence, a mean": _all(
        sheet(EAST, "总计：进1人 出0人,,,", "平均,,,36.5"), 2, skipped={3: "total", 4: "footer"},
    ),
    "how many there should be": _all(sheet(EAST, "应到20人，实到1人,,,", "应检：20,,,"), 2, skipped={3: "footer", 4: "footer"}),
    "columns nobody knows": _all(sheet("1," + EAST + ",好", header="序号," + SHORT + ",心情"), 2),
    "brackets, spaces, units and signs in a header": _all(sheet(EAST + ",36.5", header="时 间（必填）,门岗*,方 向：,姓名,体温(℃)"), 2),
    "units behind a stroke in a header": _all(sheet(EAST + ",98.6", header="时间,门岗,方向,姓名,体温/℃"), 2, warned=((2, "temperature"),)),
    "a header only": File(sheet(), told={"rows": 0}),
    "a header without an end": File(SHORT, told={"rows": 0}),
}  # fmt: skip

TOTALS = {
    "a total that agrees": _all(sheet(EAST, WEST, "合计,2,,"), 2, 3, skipped={4: "total"}),
    "a total that does not": _all(sheet(EAST, WEST, "合计,3,,"), 2, 3, warned=((4, "total"),), skipped={4: "total"}),
    "a total in its own words": _all(sheet(EAST, WEST, "合计：2人次,,,"), 2, 3, skipped={4: "total"}),
    "totals of parts and of all": _all(
        sheet(EAST, "小计,1,,", WEST, "小计,1,,", "总计,2,,"), 2, 4, skipped={3: "total", 5: "total", 6: "total"}
    ),
    "a part that does not agree": _all(sheet(EAST, "小计,2,,", WEST, "总计,2,,"), 2, 4, warned=((3, "total"),), skipped={3: "total", 5: "total"}),
    "a sum that agrees": _all(
        sheet("口罩,3.28 9:00,入库,500", "手套,3.28 9:00,入库,1千", "合计,,,1500", header="物资,时间,类型,数量"), 2, 3, skipped={4: "total"}
    ),
    "a sum that does not": _all(
        sheet("口罩,3.28 9:00,入库,500", "手套,3.28 9:00,入库,1千", "合计,,,1400", header="物资,时间,类型,数量"), 2, 3,
        warned=((4, "total"),), skipped={4: "total"},
    ),
    "people counted": _all(sheet("501,王伟,3", "502,李娜,2", "共计,2户,5人", header="地址,户主,人数"), 2, 3, skipped={4: "total"}),
    "a mean below a measurement is no sum": _all(
        sheet("3.28,王伟,36.5", "3.28,李娜,36.7", "合计,2,36.6", header="日期,姓名,体温"), 2, 3, skipped={4: "total"}
    ),
    "a total of lines that go back": _all(
        sheet(EAST, WEST.replace("出", "横"), "合计,2,,"), 2, back=((3, "方向", "value"),), skipped={4: "total"}
    ),
}  # fmt: skip

LINES = {
    "fewer cells, the required ones there": _all(sheet("2022-03-28 06:14:02,西门,出,李娜", ZHANG, header=HEADER), 2, 3),
    "fewer cells, a required one gone": _all(sheet("2022-03-28 06:14:02,西门", ZHANG, header=HEADER), 3, back=((2, "方向", "columns"),)),
    "fewer cells, one slipped": _all(sheet("2022-03-28 06:14:02,出,李娜", ZHANG, header=HEADER), 3, back=((2, "方向", "columns"),)),
    "fewer cells, the first one slipped": _all(sheet("西门,出,李娜", ZHANG, header=HEADER), 3, back=((2, "登记时间", "columns"),)),
    "fewer cells, a date that is none": _all(sheet("2022-02-30 06:14:02,西门,出,李娜", ZHANG, header=HEADER), 3, back=((2, "登记时间", "date"),)),
    "as many cells, a required one empty": _all(sheet("2022-03-28 06:14:02,西门,,李娜,,,,,,", ZHANG, header=HEADER), 3, back=((2, "方向", "empty"),)),
    "more filled cells than the header": _all(sheet(WANG + ",备注", ZHANG + ",,,", header=HEADER), 3, back=((2, "", "columns"),)),
    "cells that do not fit their columns": _all(sheet("2022-03-28 06:14:02,出,西门,李娜", ZHANG, header=HEADER), 3, back=((2, "方向", "columns"),)),
    "a line end in quotes": _all(sheet(EAST.replace("王伟", '"王伟\n(访客)"'), WEST), 2, 4, warned=((2, "value"),)),
    "several line ends in quotes": _all(sheet(EAST.replace("王伟", '"王\r\n伟\r\n"'), WEST), 2, 5),
    "doubled quotes": _all(sheet(EAST.replace("王伟", '"王""小""伟"'), WEST), 2, 3),
    "a stray quote before": _all(sheet(EAST.replace("王伟", '"王伟'), WEST), 3, back=((2, "", "quote"),)),
    "a stray quote within": _all(sheet(EAST.replace("王伟", '王"伟'), WEST), 3, back=((2, "", "quote"),)),
    "a stray quote behind": _all(sheet(EAST.replace("王伟", '"王"伟'), WEST), 3, back=((2, "", "quote"),)),
    "stray quotes in two lines": _all(
        sheet(EAST.replace("王伟", '"王伟'), WEST, EAST.replace("王伟", '"赵六'), WEST.replace("李娜", "钱七")), 3, 5,
        back=((2, "", "quote"), (4, "", "quote")),
    ),
    "a stray quote in the last line": _all(sheet(EAST, WEST.replace("李娜", '"李娜')), 2, back=((3, "", "quote"),)),
    "an inch mark": _all(sheet(EAST.replace("王伟", '24"屏'), WEST), 2, 3),
    "a cell over the limit": _all(sheet(EAST.replace("王伟", "长" * 10_001), WEST), 3, back=((2, "姓名", "too-long"),)),
    "merged cells, in columns of the kind that are filled down": _all(
        sheet("北门,3.30,7:00,15:00,张三", ",,15:00,23:00,李四", "同上,〃,23:00,7:00,王五", header="岗位,日期,开始,结束,姓名"), 2, 3, 4,
        warned=((3, "filled"), (3, "filled"), (4, "filled"), (4, "filled")),
    ),
    "merged cells, where a fact would be made up": _all(sheet(EAST, ",,出,李娜"), 2, back=((3, "时间", "empty"),)),
    "nothing above to fill down": _all(
        sheet("同上,3.30,7:00,15:00,张三", "北门,3.30,7:00,15:00,张三", header="岗位,日期,开始,结束,姓名"), 3, back=((2, "岗位", "empty"),)
    ),
    "the leftmost fault is told": _all(sheet(",西门,横,李娜", EAST), 3, back=((2, "时间", "empty"),)),
}  # fmt: skip

NOT_TAKEN = {
    "nothing": _held(b"", "empty"),
    "a mark and nothing": _held(b"\xef\xbb\xbf", "empty"),
    "NULs": _held(b"\0" * 9000, "zero bytes"),
    "a tail of NULs": _held(THREE.encode() + b"\0" * 4096, "zero bytes"),
    "a gap of NULs": _held(sheet(WANG, header=HEADER).encode() + b"\0" * 4096 + LI.encode(), "zero bytes"),
    "a tail of NULs in utf-16": _held(THREE.encode("utf-16") + b"\0" * 4096, "zero bytes"),
    "a last row cut short": _held(sheet(WANG, LI, header=HEADER) + ZHANG[:30], "cut short"),
    "a last row cut in quotes": _held(sheet(EAST) + '2022-03-28 06:14,西门,"', "cut short"),
    "a last row cut in the quotes of its last cell": _held(sheet(EAST) + '2022-03-28 06:14,西门,出,"李', "cut short"),
    "a last character cut": _held(THREE.encode()[:-3], "character"),
    "a last character cut, in gb18030": _held((THREE + "王").encode("gb18030")[:-1], "character"),
    "a last character cut, in utf-16": _held(THREE.encode("utf-16")[:-1], "character"),
    "line ends only": _refused("\r\n\r\n\r\n", "no text"),
    "blanks only": _refused("   ", "no text"),
    "a web page": _refused("<!DOCTYPE html>\n<html><body><table>", "web page"),
    "a table of a web page": _refused("  <table border=1><tr><td>姓名</td></tr></table>", "web page"),
    "a web page of one part": _refused("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "web page"),
    "XML": _refused("<?xml version='1.0'?><Workbook/>", "web page"),
    "an archive": _refused(_zip(), "archive", "登记.csv"),
    "xls": _refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook"),
    "pdf": _refused(b"%PDF-1.4\n%\xe2\xe3", "PDF"),
    "png": _refused(b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
    "jpg": _refused(b"\xff\xd8\xff\xe0" + bytes(100), "picture"),
    "bmp": _refused(b"BM\x36\x00\x0c\x00\x00\x00\x00\x006\x00" + b"\xff" * 500, "picture"),
    "rar": _refused(b"Rar!\x1a\x07\x00" + bytes(100), "archive"),
    "a program": _refused(b"\x7fELF" + bytes(range(256)) * 9, "no text"),
    "random bytes": _refused(Random(3).randbytes(9000), "no text"),
    "no header": _asks("\r\n".join([EAST, WEST, ""]), "no kind"),
    "prose": _asks("今天的通知：请各位尽快上报。\r\n谢谢。\r\n", "no kind"),
    "JSON": _asks('{"rows": [{"姓名": "王伟"}]}', "no kind"),
    "a column twice": _asks(sheet(EAST + ",李娜", header=SHORT + ",姓名"), "twice"),
    "an optional column twice": _asks(sheet(EAST + ",36.5,36.6", header=SHORT + ",体温,体 温(℃)"), "twice"),
    "a gate's log without its gate": _asks(
        sheet("3.28,7:30,进,王伟,13800000000,,36.5,上班", header="日期,时间,方向,姓名,电话,车牌,体温,事由"), "as 门岗通行 it needs 门岗"
    ),
    "two names of a required column": _asks(sheet(EAST + ",西门", header="时间,卡口,方向,姓名,大门"), "twice"),
    "two kinds": _asks(sheet("口罩,北门岗,3.28 9:00,入库,5", header="物资,申请单位,时间,类型,数量"), "it may be"),
    "a required column missing": _asks(sheet("东门,进,王伟", header="门岗,方向,姓名"), "no kind"),
    "a day of nowhere": _asks(sheet("王伟,501,36.5,36.6", header="姓名,房号,早,晚"), "no kind"),
}  # fmt: skip

CASES = {"encodings": ENCODINGS, "delimiters": DELIMITERS, "around": AROUND, "totals": TOTALS, "lines": LINES, "whole": NOT_TAKEN}  # fmt: skip


@pytest.mark.parametrize(
    "file",
    [pytest.param(file, id=f"{group}: {name}") for group, files in CASES.items() for name, file in files.items()],
)  # fmt: skip
def test_a_file_is_told_line_by_line(told: Checking, file: File) -> None:
    report = told(file.content, name=file.name)
    assert report["verdict"] == file.verdict
    assert file.says in report.get("why", "")
    assert ("why" in report) is (file.verdict != "taken")
    assert tuple(value["line"] for value in report["values"]) == file.lines
    assert tuple(found(report, "rejected")) == file.back
    assert tuple((line, code) for line, _, code in found(report, "warnings")) == file.warned
    assert {one["line"]: one["why"] for one in report["skipped"]} == file.skipped
    assert {name: report[name] for name in file.told} == file.told


@pytest.mark.parametrize(
    "name", ["a b.csv", "；.csv", "x\ny.csv", "\u202egnp.csv", "'\"$(x).csv", "a", "a.CSV", "a.txt", "é" * 99]
)
def test_a_name_decides_nothing(told: Checking, name: str) -> None:
    assert told(sheet(EAST), name=name)["accepted"] == 1


def test_of_endless_blank_lines_only_the_first_are_named(told: Checking) -> None:
    report = told(sheet(EAST) + "\r\n" * 30_000 + WEST)
    assert [value["line"] for value in report["values"]] == [2, 30_003]
    assert len(report["skipped"]) == 10_000
