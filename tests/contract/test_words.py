"""Closed lists of words."""

from __future__ import annotations

from typing import Any

import pytest
from reading_case import code, reading

from commandpost.contract.values import words
from commandpost.contract.values.words import Table, one_of
from commandpost.words import Words

TABLES = {name: table for name, table in vars(words).items() if name.isupper() and isinstance(table, dict)}


@pytest.mark.parametrize(
    ("table", "written", "meant"),
    [
        *((words.DIRECTIONS, w, "IN") for w in ("进", "入", "进入", "in", "IN", "Ｉｎ", " 进 ")),
        *((words.DIRECTIONS, w, "OUT") for w in ("出", "离开", "外出", "out", "Out")),
        *((words.VERDICTS, w, "ADMITTED") for w in ("放行", "通过", "正常", "√")),
        *((words.VERDICTS, w, "REFUSED") for w in ("拒入", "不予放行")),
        (words.VERDICTS, "劝返", "TURNED_BACK"), (words.VERDICTS, "留观", "HELD"),
        *((words.MODES, w, "CENTRAL") for w in ("集中", "集隔", "集中医学观察", "集中隔离")),
        *((words.MODES, w, "HOME") for w in ("居家", "居隔", "居家观察", "居家隔离")),
        *((words.MODES, w, "MONITORING") for w in ("居家监测", "健康监测", "居家健康监测")),
        *((words.PRIORITIES, w, "URGENT") for w in ("特急", "紧急")), (words.PRIORITIES, "急", "HIGH"),
        *((words.PRIORITIES, w, "NORMAL") for w in ("一般", "普通")),
        *((words.YES_NO, w, True) for w in ("是", "有", "√", "✓", "1", "Y", "已上报")),
        *((words.YES_NO, w, False) for w in ("否", "无", "×", "0", "N", "未上报")),
        (words.CATEGORIES, "密接", "CLOSE_CONTACT"), (words.CATEGORIES, "次密接", "SECONDARY_CONTACT"), (words.CATEGORIES, "次密", "SECONDARY_CONTACT"),
        (words.CATEGORIES, "密接的密接", "SECONDARY_CONTACT"), (words.CATEGORIES, "时空伴随", "CO_PRESENT"), (words.CATEGORIES, "涉疫地区", "RISK_AREA"),
        (words.CATEGORIES, "快递", "COURIER"), (words.CATEGORIES, "入境", "INBOUND"), (words.CATEGORIES, "无症状", "ASYMPTOMATIC"),
        (words.SLOTS, "晨检", "AM"), (words.SLOTS, "午检", "NOON"), (words.SLOTS, "晚", "PM"), (words.SLOTS, "pm", "PM"),
        *((words.REQUEST_STATES, w, s) for w, s in (("待审批", "SUBMITTED"), ("已批准", "APPROVED"), ("配货中", "ALLOCATED"), ("配送中", "DISPATCHED"),
                                                    ("已送达", "DELIVERED"), ("已完成", "CLOSED"), ("驳回", "REJECTED"), ("部分送达", "PARTIAL"), ("取消", "CANCELLED"))),
        *((words.MOVES, w, s) for w, s in (("入库", "IN"), ("领用", "OUT"), ("出库", "OUT"), ("调整", "ADJUST"), ("盘点", "COUNT"), ("结存", "COUNT"))),
        (words.ROLES, "带班领导", "LEADER"), (words.ROLES, "保安", "GUARD"),
    ],
)  # fmt: skip
def test_the_fields_words(table: Table, written: str, meant: Any) -> None:
    assert reading(one_of(table))(written) is meant or reading(one_of(table))(written) == meant


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_word_of_a_list_means_two_things(name: str) -> None:
    spellings = [alias for aliases in TABLES[name].values() for alias in set(map(words.plain, aliases))]
    assert sorted(spellings) == sorted(set(spellings))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_canonical_word_reads_back(name: str) -> None:
    read = reading(one_of(TABLES[name]))
    for canonical, aliases in TABLES[name].items():
        for written in (*aliases, *([canonical] if isinstance(canonical, str) else [])):
            assert read(written) == canonical


def test_a_secondary_contact_is_never_a_close_contact() -> None:
    read = reading(one_of(words.CATEGORIES))
    for written in ("次密接", "次 密接", "次密接者", "次密接人员", "次密切接触者", "次密接2号"):
        assert read(written) != "CLOSE_CONTACT"


def test_any_other_word_is_refused_and_the_hint_names_the_words() -> None:
    found = reading(one_of(words.DIRECTIONS))("旁边")
    assert code(found) == "value"
    assert "进 / 出" in Words("zh").say(found.hint)
    assert reading(one_of(words.DIRECTIONS, unknown_ok=True))("旁边") == "旁边"


@pytest.mark.parametrize("said", ["", "/", "—", "-", "不详", "N/A"])
def test_unknown_is_never_no(said: str) -> None:
    assert reading(one_of(words.YES_NO))(said) is None
