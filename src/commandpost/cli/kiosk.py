"""`commandpost kiosk`: the board for the wall, read-only and masked."""

from __future__ import annotations

import argparse

from commandpost.cli.board import show
from commandpost.cli.options import Parser
from commandpost.words import Words


def parser(words: Words, command: str) -> Parser:
    return Parser(
        words,
        command,
        words("The board for the wall: reads only, masks names, has no keys."),
        "commandpost kiosk --post /srv/post",
    )


def run(options: argparse.Namespace, words: Words) -> int:
    return show(options, words, kiosk=True)
