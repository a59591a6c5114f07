"""What a screen uses of the application around it, and the choices of a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from commandpost.board.frame import Pane
    from commandpost.board.panes.edges import IntakeState
    from commandpost.board.source import Source
    from commandpost.board.tones import Colours
    from commandpost.desks.people.search import Ref
    from commandpost.picture import Picture
    from commandpost.places import PostPlaces
    from commandpost.words import Message, Words


class Choice(NamedTuple):
    """One line of a menu: what it does, in the reader's language."""

    label: str
    help: str
    keys: str
    """How it is reached without the menu; empty when it is not."""
    run: Callable[[], Any]


class Shell(Protocol):
    """The application as its screens know it: the post's picture, how it is shown, where to go."""

    places: PostPlaces
    words: Words
    colours: Colours
    ascii_only: bool
    kiosk: bool
    masked: bool
    source: Source
    picture: Picture | None
    intake: IntakeState | None
    unavailable: Message | None
    """Why the post cannot be read."""
    mistake: Message | None
    """What is wrong in the settings; the last good ones hold."""

    def end(self, code: int = 0) -> None:
        """Leaves, whatever hangs."""

    def open_desk(self, pane: Pane, filter: str = "") -> None:
        """A pane in the whole window."""

    def open_row(self, pane: Pane, row: Any) -> None:
        """What a row is about: its record, its drop, its shifts or its desk."""

    def open_record(self, table: str, version: int) -> None:
        """A version of a table, whole."""

    def open_people(self, text: str) -> None:
        """Everybody the words can mean."""

    def open_person(self, ref: Ref) -> None:
        """All that is known of somebody."""

    def open_menu(self, title: str, choices: Sequence[Choice]) -> None:
        """A numbered menu over the screen; 0 and Esc choose nothing."""

    def open_help(self) -> None:
        """Every key."""
