"""The one table of actions: keys, words, help, whether it writes. It feeds bindings, footer and help."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

Where = Literal["board", "desk", "list", "record", "help", "menu"]
EVERYWHERE: frozenset[Where] = frozenset(("board", "desk", "list", "record", "help"))
ROWS: frozenset[Where] = frozenset(("board", "desk"))
LIST: frozenset[Where] = frozenset(("list",))
BOARD: frozenset[Where] = frozenset(("board",))
MENU: frozenset[Where] = frozenset(("menu",))
DEEPER = EVERYWHERE - BOARD
SIMPLE = frozenset((*"0123456789", "up", "down", "left", "right", "enter", "tab", "escape"))
"""Keys every keyboard and every terminal has; what needs another one is in the menu too."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does."""

    id: str
    run: str
    """The screen's action."""
    keys: tuple[str, ...]
    """As Textual names them; the first are digits, arrows, Enter and function keys, letters come last."""
    label: str
    """Footer word, a message id in the context `key`."""
    help: str
    """A sentence for the help screen, a message id."""
    where: frozenset[Where] = EVERYWHERE
    shown: str = ""
    """How the footer names the key; empty: not in the footer."""
    writes: bool = False


ACTIONS: tuple[Action, ...] = (
    Action("todo", "pane('todo')", ("0",), "todo", "The to-do list; again: all of it.", ROWS, "0"),
    Action("flow", "pane('flow')", ("1",), "pane", "Go to a pane; the same digit again opens the full desk.", ROWS, "1-4"),
    Action("term", "pane('term')", ("2",), "pane", "", ROWS),
    Action("coverage", "pane('coverage')", ("3",), "pane", "", ROWS),
    Action("request", "pane('request')", ("4",), "pane", "", ROWS),
    Action("intake", "pane('intake')", ("5",), "intake", "What came in, and what of it went back.", ROWS),
    Action("menu", "menu", ("9",), "menu", "A menu of everything that has no digit.", EVERYWHERE, "9"),
    Action("up", "move(-1)", ("up", "k"), "row", "Go over the rows.", EVERYWHERE | MENU, "↑↓"),
    Action("down", "move(1)", ("down", "j"), "row", "", EVERYWHERE | MENU),
    Action("left", "side(-1)", ("left",), "pane", "The pane beside this one.", BOARD),
    Action("right", "side(1)", ("right", "tab"), "pane", "", BOARD),
    Action("before", "side(-1)", ("shift+tab",), "pane", "", BOARD),
    Action("open", "open", ("enter",), "open", "Open the row: values, file, line, raw text, versions.", ROWS | LIST | MENU, "⏎"),
    Action("source", "open", ("f4",), "source", "From where does the row under the cursor come?", ROWS, "F4"),
    Action("filter", "filter", ("f8", "slash"), "filter", "Only rows that hold these words; empty: all.", ROWS | LIST, "F8"),
    Action("mask", "mask", ("f9",), "mask", "Mask names, rooms, plates, numbers for visitors.", EVERYWHERE, "F9"),
    Action("people", "people", ("p",), "people", "Find somebody: name, pinyin, phone, room, plate.", EVERYWHERE),
    Action("zoom", "zoom", ("z",), "desk", "The full desk of the pane.", BOARD),
    Action("pageup", "page(-1)", ("pageup",), "page up", "A page up.", EVERYWHERE),
    Action("pagedown", "page(1)", ("pagedown",), "page down", "A page down.", EVERYWHERE),
    Action("first", "end(-1)", ("home", "g"), "first", "The first row.", EVERYWHERE),
    Action("last", "end(1)", ("end", "G"), "last", "The last row.", EVERYWHERE),
    Action("back", "back", ("escape", "backspace"), "back", "Back.", DEEPER | MENU, "Esc"),
    Action("quit", "leave", ("q", "ctrl+q"), "quit", "Leave. Intake inside this board stops too.", EVERYWHERE),
    Action("help", "help", ("f1", "question_mark"), "help", "All keys.", EVERYWHERE, "F1"),
    *(Action(f"pick-{n}", f"pick({n})", (str(n),), "menu", "", MENU) for n in range(10)),
)  # fmt: skip


def in_menu(where: Where) -> list[Action]:
    """What there is to do on a screen and has no simple key there: nothing is out of reach without F keys."""
    here = [action for action in ACTIONS if where in action.where]
    reached = {action.run for action in here if SIMPLE.intersection(action.keys)}
    return [action for action in here if action.run not in reached]


_SIGNS = str.maketrans({"、": "/", "【": "[", "】": "]", "。": ".", "，": ","})


def ascii_key(character: str) -> str:
    """A full-width sign as the ASCII one on its key; anything else as it is."""
    return unicodedata.normalize("NFKC", character.translate(_SIGNS))


def of_character(character: str, where: Where) -> Action | None:
    """What a typed character does here."""
    names = {"/": "slash", "?": "question_mark"}
    key = names.get(character, character)
    for action in ACTIONS:
        if where in action.where and key in action.keys:
            return action
    return None


_NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "enter": "⏎", "escape": "Esc", "backspace": "⌫",
    "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "slash": "/", "question_mark": "?",
    "tab": "Tab", "shift+tab": "⇧Tab",
}  # fmt: skip


def key_name(key: str) -> str:
    """A key as it is printed on the keyboard, from Textual's name of it."""
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return _NAMES.get(key, key.upper() if key.startswith("f") and key[1:].isdigit() else key)
