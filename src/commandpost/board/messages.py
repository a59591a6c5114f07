"""What the source thread tells the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from commandpost.board.panes.edges import IntakeState
    from commandpost.picture import Picture
    from commandpost.settings import Settings
    from commandpost.words import Message as Said


class Pictured(Message):
    """A new picture of the post. A later one makes an earlier one needless.

    `mistake`: why the settings as they stand are not taken; `settings` are the last good ones then.
    """

    def __init__(self, picture: Picture, settings: Settings, mistake: Said | None = None) -> None:
        super().__init__()
        self.picture = picture
        self.settings = settings
        self.mistake = mistake

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Pictured)


class Unavailable(Message):
    """The post cannot be read; it is tried again."""

    def __init__(self, why: Said) -> None:
        super().__init__()
        self.why = why


class IntakeChanged(Message):
    """Whether files are being taken in."""

    def __init__(self, state: IntakeState) -> None:
        super().__init__()
        self.state = state


class Answered(Message):
    """What a screen asked the source thread for, under the name it asked by; None: it failed."""

    def __init__(self, name: tuple[Any, ...], answer: Any) -> None:
        super().__init__()
        self.name = name
        self.answer = answer
