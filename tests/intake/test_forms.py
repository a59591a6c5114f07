"""Every kind in every layout of domain §4 ("Files as they come"), with headers in both languages."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from tests.intake.coming import Checking, found, row_of

from commandpost.cli.template import sheet as template
from commandpost.contract.kind import Kind
from commandpost.desks.kinds import KINDS
from commandpost.settings import parse_settings
from commandpost.words import Words


def _lines(kind: Kind, language: str) -> list[list[str]]:
    """The kind's own template: header and example row, and a second row on another day."""
    return list(csv.reader(io.StringIO(template(kind, Words(language)))))  # type: ignore[arg-type]


def _text(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _group(header: list[str], language: str) -> list[str]:
    """A line of groups above the header, merged over three columns each."""
    words = ("基本信息", "登记情况", "备注栏") if language == "zh" else ("Who", "What", "Remarks")
    return [words[min(i // 3, 2)] if i % 3 == 0 else "" for i in range(len(header))]


SECOND = {
    True: [[], ["物资", "申请单位", "数量"], ["口罩", "物业", "5"], ["合计", "", "5"]],
    False: [[], ["Item", "Requester", "Quantity"], ["masks", "caretakers", "5"]],
}
"""Another kind's table below the sheet's own; of requests, one of temperatures."""
TEMPERATURES = {
    True: [[], ["日期", "姓名", "体温"], ["3.28", "王伟", "36.5"]],
    False: [[], ["Date", "Name", "Temperature"], ["2022-03-28", "Wang", "36.5"]],
}


FORMS: dict[str, Any] = {
    "plain": lambda h, r, zh: _text([h, r]),
    "title lines": lambda h, r, zh: _text(
        [
            ["某某园区2022年3月登记表" if zh else "Sheet of March 2022"],
            ["填表：门岗" if zh else "By: the gate"],
            h,
            r,
        ]
    ),
    "blank lines": lambda h, r, zh: _text([[], h, [""] * len(h), r, [], [""] * len(h)]),
    "repeated header": lambda h, r, zh: _text([h, r, h]),
    "total below": lambda h, r, zh: _text([h, r, ["合计" if zh else "Total"] + [""] * (len(h) - 1)]),
    "two-row header": lambda h, r, zh: _text([_group(h, "zh" if zh else "en"), h, r]),
    "second table": lambda h, r, zh: _text(
        [h, r, *(TEMPERATURES if h[0] in ("物资", "Item", "捐赠人", "Donor") else SECOND)[zh]]
    ),
    "sep line": lambda h, r, zh: "sep=;\r\n" + _text([h, r], ";"),
    "semicolon": lambda h, r, zh: _text([h, r], ";"),
    "tab": lambda h, r, zh: _text([h, r], "\t"),
    "full-width comma": lambda h, r, zh: _text([h, r]).replace(",", "，"),
    "spaced headers": lambda h, r, zh: _text([[f" {' '.join(x)} " if zh else f" {x} " for x in h], r]),
    "full-width headers": lambda h, r, zh: _text([[_wide(x) for x in h], r]),
    "starred headers": lambda h, r, zh: _text([[f"*{x}" for x in h], r]),
    "numbered rows": lambda h, r, zh: _text([["序号" if zh else "No.", *h], ["1", *r]]),
    "unknown columns": lambda h, r, zh: _text([[*h, "天气" if zh else "weather"], [*r, "晴"]]),
    "reversed columns": lambda h, r, zh: _text([h[::-1], r[::-1]]),
    "CR": lambda h, r, zh: _text([h, r]).replace("\r\n", "\r"),
    "quoted": lambda h, r, zh: "\r\n".join(",".join(f'"{x}"' for x in row) for row in (h, r)),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_is_read_in_every_layout(told: Checking, kind: Kind, language: str) -> None:
    header, row = _lines(kind, language)
    plain = told(FORMS["plain"](header, row, language == "zh"))
    assert (plain["kind"], plain["accepted"], plain["rejected"]) == (kind.name, 1, [])
    odd = {}
    for form, laid_out in FORMS.items():
        report = told(laid_out(header, row, language == "zh"))
        said = [{k: v for k, v in value.items() if k != "line"} for value in report["values"]]
        first = [{k: v for k, v in value.items() if k != "line"} for value in plain["values"]]
        if (report["verdict"], report["kind"], report["rejected"]) != (
            "taken",
            kind.name,
            [],
        ) or said != first:
            odd[form] = (report["verdict"], report.get("reason"), report["rejected"], said)
    assert odd == {}


PACKS = {
    ("2箱×50", "个"): (100.0, "个"),
    ("2箱×50只", "个"): (100.0, "只"),
    ("2箱*50", "箱"): "value",
    ("2箱x50", ""): "value",
}


@pytest.mark.parametrize(("written", "unit"), PACKS)
@pytest.mark.parametrize("kind", ["stock-movements", "donations", "supply-requests"])
def test_packs_are_counted_in_the_unit_that_is_known(
    told: Checking, kind: str, written: str, unit: str
) -> None:
    report = told(row_of(kind, 数量=written, 单位=unit))
    becomes = PACKS[written, unit]
    if isinstance(becomes, tuple):
        assert [(v["quantity"], v["unit"]) for v in report["values"]] == [becomes]
    else:
        what = "warnings" if kind == "supply-requests" else "rejected"
        assert becomes in [code for _, column, code in found(report, what) if column == "数量"]


def test_packs_are_counted_in_the_items_declared_unit(told: Checking) -> None:
    post = parse_settings('[[item]]\nname = "口罩"\nunit = "个"\n')
    report = told(row_of("stock-movements", 数量="2箱×50"), settings=post)
    assert [(v["quantity"], v["unit"]) for v in report["values"]] == [(100.0, "个")]


PASSERS: dict[str, list[str | None]] = {
    "张三": ["张三"], "张三、李四": ["张三", "李四"], "张三/李四": ["张三", "李四"], "张三 李四": ["张三", "李四"], "张三，李四": ["张三", "李四"],
    "张三和李四": ["张三", "李四"], "1.张三 2.李四": ["张三", "李四"], "张 三": ["张三"], "李和平": ["李和平"], "John Smith": ["John Smith"],
    "Smith, John": ["Smith, John"], "张三(司机)": ["张三"], "买买提·吐尔逊": ["买买提·吐尔逊"],
    "王某等3人": ["王某等3人", None, None], "王某等三人": ["王某等三人", None, None], "访客2人": ["访客2人", None],
    "张三、李四等4人": ["张三、李四等4人", None, None, None], "张三一家": ["张三一家"], "访客200人": ["访客200人"],
}  # fmt: skip
"""Cell of a name → the names of the passes it makes; None: it names nobody."""


@pytest.mark.parametrize("wide", [False, True], ids=["long", "wide"])
@pytest.mark.parametrize("written", PASSERS)
def test_several_people_at_a_gate_are_several_passes(told: Checking, written: str, wide: bool) -> None:
    row = {"门岗": "东门", "姓名": written}
    row |= {"进入时间": "3.28 8:00", "离开时间": "9:00"} if wide else {"时间": "3.28 8:00", "方向": "进"}
    report = told(_text([list(row), list(row.values())]))
    ways = {way: [v["name"] for v in report["values"] if v["direction"] == way] for way in ("IN", "OUT")}
    assert ways == {"IN": PASSERS[written], "OUT": PASSERS[written] if wide else []}
    assert (report["rows"], report["accepted"], report["rejected"]) == (1, 1, [])
    assert bool(found(report, "warnings")) is (
        len(PASSERS[written]) > 1 or written in ("张三一家", "访客200人", "张三(司机)")
    )


def test_a_fever_written_beside_several_people_is_each_of_theirs(told: Checking) -> None:
    for written, becomes in (("36.5", None), ("37.9", 37.9)):
        report = told(row_of("gate-passes", 姓名="张三、李四", 体温=written, 电话="13800000000"))
        assert [(v["temperature"], v["phone"]) for v in report["values"]] == [(becomes, None)] * 2


EITHER: dict[str, tuple[str | None, str | None]] = {
    "张三": ("张三", None), "鄂A12345": (None, "鄂A12345"), "张三/鄂A·12345": ("张三", "鄂A12345"), "鄂AD12345 张三": ("张三", "鄂AD12345"),
    "张三（鄂a12345）": ("张三", "鄂A12345"),
}  # fmt: skip


@pytest.mark.parametrize("written", EITHER)
def test_names_and_plates_in_one_column(told: Checking, written: str) -> None:
    report = told(_text([["时间", "门岗", "方向", "姓名/车牌"], ["3.28 8:00", "东门", "进", written]]))
    assert [(v["name"], v["plate"]) for v in report["values"]] == [EITHER[written]]


def test_headers_and_words_in_traditional_characters(told: Checking) -> None:
    report = told(
        _text(
            [
                ["時間", "門崗", "進出", "姓名", "體溫", "結果"],
                ["3.28 8:00", "東門", "進", "張三", "36.5", "勸返"],
            ]
        )
    )
    (value,) = report["values"]
    assert (report["kind"], value["gate"], value["name"], value["direction"], value["verdict"]) == (
        "gate-passes", "東門", "張三", "IN", "TURNED_BACK",
    )  # fmt: skip
    report = told(_text([["檢測日期", "姓名", "體溫", "症狀"], ["3.28", "張三", "36.5", "无"]]))
    assert (report["kind"], report["accepted"]) == ("health-reports", 1)


def test_several_people_in_isolation_are_one_each(told: Checking) -> None:
    report = told(row_of("isolations", 姓名="张三、李四", 房号="3-2-501", 电话="13800000000"))
    assert [(v["name"], v["place"], v["phone"]) for v in report["values"]] == [
        ("张三", "3-2-501", None), ("李四", "3-2-501", None),
    ]  # fmt: skip
