"""Text: what the door takes away, what it leaves, and what counts as nothing said."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_case import code, here, reading, value
from tests.examples import examples

from commandpost.contract.values.text import clean, fold, header, is_ditto, is_unknown, joined, name, text

HIDING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ("王\x1b[31m伟\u202e", "王伟"),
        ("\x1b]52;c;cm0gLXJm\x07张敏", "张敏"),
        ("\x1b]8;;http://x\x1b\\点我\x1b]8;;\x1b\\", "点我"),
        ("\x1bP1$r0m\x1b\\李娜", "李娜"),
        ("\x9b2J李\x9d0;x\x9c娜", "李娜"),
        ("\x1bc李\x1b(B娜", "李娜"),
        ("\x1b]52;c;never ended", "52;c;never ended"),
        ("\x1b\u200b[31m红", "红"),
        ("\ufeff张\u200b三\u2066\u2069", "张三"),
        ("a\u2028b\u2029c\x85d\r\ne\tf", "a b c d e f"),
        ("　张　三　", "张 三"),
        ("\udcff坏", "\\xff坏"),
        ("\ud83d半", "\\ud83d半"),
        ("张\ufe00三\U000e0101\u3164", "张三"),
        ("a\x00b\x07", "ab"),
    ],
)
def test_nothing_that_speaks_to_a_terminal_or_hides_passes_the_door(came: str, kept: str) -> None:
    assert clean(came) == kept


@pytest.mark.parametrize(
    "ordinary",
    ['=HYPERLINK("http://x","点我")', "@SUM(A1)", "-张敏", '王"小"伟, 访客', "[@click=app.quit]x[/]", "[/]", "𠮷野家",
     "（全角）", "36.5℃", "🙂", "é", "Ж", "+1 2"],
)  # fmt: skip
def test_ordinary_text_is_left_as_it_is(ordinary: str) -> None:
    assert clean(ordinary) == ordinary


def test_no_character_of_unicode_leaves_anything_hidden_behind() -> None:
    everything = [chr(point) for point in range(sys.maxunicode + 1)]
    for start in range(0, len(everything), 4096):
        for cleaned in (
            clean("a".join(everything[start : start + 4096])),
            fold("a".join(everything[start : start + 4096])),
        ):
            assert HIDING.isdisjoint(map(unicodedata.category, cleaned))


@examples(150)
@given(st.text(st.characters() | st.sampled_from("\x1b[]\x9b\x07;m\u200b\r\n \u3000")))
def test_cleaning_twice_changes_nothing(came: str) -> None:
    once = clean(came)
    assert clean(once) == once
    assert HIDING.isdisjoint(map(unicodedata.category, once))
    assert fold(fold(came)) == fold(came)
    assert joined(joined(came)) == joined(came)
    assert once == once.strip()


def test_a_run_of_unended_escapes_costs_no_more_than_its_length() -> None:
    assert clean("\x1b]" * 50_000 + "x") == "x"
    # 合 read as Latin-1: in it begins a string that ends nowhere.
    assert clean("合".encode().decode("latin-1") * 300_000) == "å" * 300_000
    assert clean("\x90a\x9b31mb\x90c\x1b[32md") == "abcd"


def test_a_letter_with_any_number_of_marks_costs_no_more_than_its_length() -> None:
    marked = "e" + "\u0300\u0316" * 300_000
    assert len(fold(marked)) == 30
    assert len(fold(f"{marked}长{marked}")) == 61
    assert fold("e\u0301" * 600) == "é" * 600


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        ("联系电话（必填）", "联系电话"), ("姓 名", "姓名"), ("进/出", "进/出"), ("体温(℃)", "体温"), ("体温℃", "体温"),
        ("*姓名", "姓名"), ("姓名：", "姓名"), ("ＩＤ Number", "idnumber"), ("id_number", "idnumber"), ("体温（早）", "体温早"),
        ("时间(进)", "时间进"), ("数量【个】", "数量"), ("登记\n时间", "登记时间"), ("体温(℃", "体温"), ("(℃)", "(°c)"),
        ("\ufeff时间", "时间"), ("体温（上午）℃", "体温上午"), ("", ""),
    ],
)  # fmt: skip
def test_a_header_matches_without_spaces_brackets_and_units(written: str, matched: str) -> None:
    assert header(written) == matched


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "/",
        "／",
        "—",
        "——",
        "-",
        "--",
        "－",
        "…",
        "不详",
        "未知",
        "N/A",
        "n/a",
        "#N/A",
        "NULL",
        "　",
        "\\",
        "待核实",
        "?",
    ],
)
def test_a_cell_that_says_nothing_is_unknown(said: str) -> None:
    assert is_unknown(said)
    assert reading(text())(said) is None
    assert reading(name())(said) is None


@pytest.mark.parametrize("said", ["无", "0", "否", "不详细", "-1", "张-三", "×"])
def test_none_zero_and_no_are_not_unknown(said: str) -> None:
    assert not is_unknown(said)


@pytest.mark.parametrize("said", ["同上", "〃", '"', "″", " 同上 ", "”", "同　上"[:1] + "上"])
def test_ditto_marks(said: str) -> None:
    assert is_ditto(said)
    assert not is_ditto("同上海")


@pytest.mark.parametrize(
    ("written", "known_as"),
    [
        ("王伟\r\n(访客)", "王伟(访客)"), ("姓 名", "姓名"), ('王"小"伟, 访客', '王"小"伟, 访客'), ("John  Smith", "John Smith"),
        ("王伟（访客）", "王伟(访客)"), ("-张敏", "-张敏"), ("欧阳·娜娜", "欧阳·娜娜"), ("无", None), ("阿卜杜拉 买买提", "阿卜杜拉买买提"),
        ("张三", "张三"), ("张三;", "张三"), ("不详", None), ("暂无", None),
    ],
)  # fmt: skip
def test_names_are_kept_as_written(written: str, known_as: str | None) -> None:
    assert reading(name())(written) == known_as


@pytest.mark.parametrize(
    "written",
    [
        "王某等3人",
        "王某等三人",
        "访客3人",
        "志愿者等十人",
        "张三一家",
        "张三等",
        "张三等人",
        "张三夫妇",
        "若干人",
    ],
)
def test_a_group_is_one_entry_and_flagged(written: str) -> None:
    found = reading(name())(written)
    assert (value(found), code(found)) == (written, "group")


def test_none_means_none_only_where_the_column_says_so() -> None:
    assert reading(text(nothing=""))("无") == ""
    assert reading(text())("无") is None
    assert reading(text())("无发热") == "无发热"


def test_a_cell_over_the_limit_is_too_long() -> None:
    limited = here("[intake]\nmax_cell = 5")
    assert code(reading(text(), limited)("六个字的文本")) == "too-long"
    assert reading(text(), limited)("五个字文本") == "五个字文本"
