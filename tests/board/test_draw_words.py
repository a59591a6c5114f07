"""Every word the board draws is said in Chinese, and fits its column in both languages."""

from __future__ import annotations

import ast
import gettext
from pathlib import Path

import pytest

import commandpost.board.panes
import commandpost.desks
from commandpost.board import frame, lines
from commandpost.board.actions import ACTIONS
from commandpost.board.panes import flow, request, term
from commandpost.board.panes.todo import ACT_CELLS
from commandpost.desks.shapes.rules import RULES
from commandpost.places import LOCALE
from commandpost.words import Language, Words

PANES = Path(commandpost.board.panes.__file__).parent
SAME = {("verdict", "?")}
"""Said alike in both languages."""


def spoken() -> set[tuple[str, str]]:
    """Context and id of every word written in the drawing modules; "" without context."""
    found: set[tuple[str, str]] = set()
    for path in [*PANES.glob("*.py"), Path(frame.__file__)]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if name in ("short", "word") and len(texts) == 2:
                found.add((texts[0], texts[1]))
            elif name == "column" and len(texts) == 1 and isinstance(node.func, ast.Attribute):
                found.add(("column", texts[0]))
            elif name == "words" and len(texts) == 1:
                found.add(("", texts[0]))
    return found


TABLES = {
    "verdict": flow._VERDICTS.values(),
    "mode": term._MODES.values(),
    "priority": request._PRIORITIES.values(),
    "state": request._STATES.values(),
    "alert": RULES,
}


def test_every_word_of_the_board_is_said_in_chinese() -> None:
    chinese = gettext.translation("commandpost", LOCALE, languages=["zh"])
    asked = spoken() | {(context, id) for context, ids in TABLES.items() for id in ids}
    asked |= {("key", action.label) for action in ACTIONS} | {
        ("", action.help) for action in ACTIONS if action.help
    }
    assert len(asked) > 120
    missing = [
        (context, id)
        for context, id in sorted(asked - SAME)
        if (chinese.pgettext(context, id) if context else chinese.gettext(id)) == id
    ]
    assert not missing


@pytest.mark.parametrize(
    ("context", "chinese", "english"),
    [("alert", 4, 7), ("verdict", 4, 6), ("mode", 4, 5), ("priority", 4, 4), ("state", 10, 10)],
)
def test_words_of_a_column_fit_it(context: str, chinese: int, english: int) -> None:
    for id in TABLES[context]:
        assert lines.width(Words("zh").short(context, id)) <= chinese, id
        assert lines.width(Words("en").short(context, id).upper()) <= english, id


def acts() -> set[str]:
    """Message ids of the next acts that the desks propose."""
    found = {"arrange release", "phone"}
    for path in Path(commandpost.desks.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "act":
                found |= {
                    call.args[0].value
                    for call in ast.walk(node.value)
                    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "message"
                    if isinstance(call.args[0], ast.Constant)
                }
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_act_fits_its_place_in_the_band(language: Language) -> None:
    said = {act: Words(language)(act).replace("{time}", "20:31") for act in acts()}
    assert len(said) > 8
    assert {act: text for act, text in said.items() if lines.width(text) + 1 > ACT_CELLS} == {}


def test_every_rule_has_an_english_kind_word() -> None:
    said = [Words("en").short("alert", rule) for rule in RULES]
    assert all("-" not in word for word in said), said
    assert len(set(said)) == len(said)
