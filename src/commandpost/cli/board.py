"""`commandpost`: the board on this post, with intake inside unless somebody watches already."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from typing import NoReturn

from commandpost.cli.options import Parser, clock_of, places_of
from commandpost.errors import UsageError
from commandpost.words import Words


def parser(words: Words, command: str) -> Parser:
    return Parser(words, command, words("The board on this post."), "commandpost --post ~/post")


def run(options: argparse.Namespace, words: Words) -> int:
    return show(options, words, kiosk=False)


def show(options: argparse.Namespace, words: Words, *, kiosk: bool) -> int:
    """The board or the kiosk on the terminal; its text where the terminal is too simple for either."""
    places_of(options)
    need_terminal(words)
    if simple_terminal():
        from commandpost.cli import status

        return status.run(argparse.Namespace(**{**vars(options), "json": False, "at": None}), words)
    from commandpost.board.run import run as open_board

    places = places_of(options)
    clock = clock_of(options)
    gone(open_board(places, clock, options.lang, kiosk=kiosk))


def gone(code: int) -> NoReturn:
    """Ends the process now that nothing is left to do: taking Python's modules apart takes 0.1-0.2 s of the
    second in which everything is promised to be gone."""
    for stream in (sys.stdout, sys.stderr):
        # The terminal behind it may be gone.
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def simple_terminal() -> bool:
    """Textual draws true colour codes on a terminal that says it is dumb."""
    return os.environ.get("TERM", "dumb") in ("", "dumb", "unknown")


def has_terminal() -> bool:
    """Textual reads stdin and draws on stderr."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def need_terminal(words: Words) -> None:
    if not has_terminal():
        raise UsageError("the board needs a terminal; commandpost status prints it as text")
