"""Mistakes a person can mend. Each is one line: what is wrong and what to do, never anybody's data."""

from __future__ import annotations

from typing import Any

from commandpost.words import Message, Words, message


class CommandpostError(Exception):
    """Base of all of them. `exit_code` is what a command ends with: 1 a problem, 2 wrong usage."""

    exit_code = 1

    def __init__(self, id: str, /, **args: Any) -> None:
        self.message: Message = message(id, **args)
        super().__init__(Words("en").say(self.message))


class UsageError(CommandpostError):
    exit_code = 2
