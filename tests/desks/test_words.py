"""Every word a desk says has its Chinese, and every message can be said in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from commandpost.contract.values import words as closed
from commandpost.desks import KEPT
from commandpost.desks.shapes.common import Code
from commandpost.desks.shapes.detail import CODED
from commandpost.desks.shapes.rules import RULES
from commandpost.places import LOCALE
from commandpost.words import Words

SOURCES = Path(__file__).parents[2] / "src" / "commandpost" / "desks"


def _catalogue() -> set[tuple[str | None, str]]:
    found = set()
    for part in (LOCALE / "zh").glob("*.po"):
        with part.open("rb") as file:
            found |= {(said.context, str(said.id)) for said in read_po(file) if said.id}
    return found


def test_every_alert_text_and_act_has_chinese_words() -> None:
    known = {id for context, id in _catalogue() if context is None}
    said = set()
    for source in [*SOURCES.glob("*/alerts.py"), *SOURCES.glob("*/picture.py"), SOURCES / "arrivals.py"]:
        said |= set(re.findall(r'message\(\s*"([^"]+)"', source.read_text("utf-8")))
    assert said - known == set()


def test_every_rule_and_every_field_has_a_chinese_word() -> None:
    known = _catalogue()
    assert {rule for rule in RULES if ("alert", rule) not in known} == set()
    labels = {c.replace("_", " ") for kept in KEPT for c in (*kept.table.KEY, *kept.table.SAID) if c != "nth"}
    assert {label for label in labels if ("field", label) not in known} == set()


def test_every_stored_code_has_a_chinese_word() -> None:
    known = _catalogue()
    codes = {code for found in CODED.values() for code in found}
    assert {code for code in codes if ("value", Code(code).word) not in known} == set()
    assert Words("zh").short("value", Code("TURNED_BACK").word) == "劝返"
    assert Words("en").short("value", Code("TURNED_BACK").word) == "turned back"


def test_every_closed_list_of_a_kind_is_among_the_codes() -> None:
    lists = {
        frozenset(table)
        for name, table in vars(closed).items()
        if name.isupper() and isinstance(table, dict) and table not in (closed.YES_NO, closed.TICKS)
    }
    assert {code for table in lists for code in table} == {code for table in CODED.values() for code in table}
    columns = {column for kept in KEPT for column in (*kept.table.KEY, *kept.table.SAID)}
    assert CODED.keys() <= columns


def test_words_are_filled_with_the_same_names_in_chinese() -> None:
    with (LOCALE / "zh" / "desks.po").open("rb") as file:
        for said in read_po(file):
            if said.id:
                assert set(re.findall(r"{(\w+)", str(said.id))) >= set(
                    re.findall(r"{(\w+)", str(said.string))
                )
    assert Words("zh").short("field", "temperature") == "体温"
