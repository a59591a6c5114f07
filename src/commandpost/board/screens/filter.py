"""F8: the words rows are narrowed to, typed in the last line."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input


class FilterScreen(ModalScreen[str | None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", show=False, id="filter-back")]

    def __init__(self, text: str, prompt: str) -> None:
        super().__init__()
        self._text, self._prompt = text, prompt

    def compose(self) -> ComposeResult:
        yield Input(self._text, self._prompt, select_on_focus=False, max_length=64)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_back(self) -> None:
        self.dismiss(None)
