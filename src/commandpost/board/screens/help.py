"""F1: every key, from the one table."""

from __future__ import annotations

from typing import ClassVar

from commandpost.board import lines
from commandpost.board.actions import ACTIONS, MENU, Where, key_name
from commandpost.board.lines import Line, Span
from commandpost.board.screens.base import ScrolledScreen


class HelpScreen(ScrolledScreen):
    where: ClassVar[Where] = "help"

    def told(self, width: int) -> tuple[str, list[Line]]:
        words = self.board.words
        told: list[Line] = [()]
        shown: list[tuple[list[str], str]] = []
        for action in ACTIONS:
            if action.where == MENU:
                continue
            # Actions without a sentence belong to the one before: ↑ ↓ are one line.
            if action.help or not shown:
                shown.append((list(action.keys), action.help))
            else:
                shown[-1][0].extend(action.keys)
        for keys, help in shown:
            names = lines.pad(self.key_word(" ".join(map(key_name, keys))), 18)
            told.append((Span(names, "key"), Span(" "), Span(words(help))))
        told += [(), (Span(words("Full-width digits and signs count as their keys."), "muted"),)]
        told.append((Span(words("!! critical  ! warning  · info  ? unknown, never 0"), "muted"),))
        return words("Help"), told
