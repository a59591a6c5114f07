"""`commandpost status`: the board as text or JSON, once; also as it was known at a moment."""

from __future__ import annotations

import argparse

from commandpost.cli.jsonline import json_line
from commandpost.cli.options import Parser, aware, moment
from commandpost.words import Words


def parser(words: Words, command: str) -> Parser:
    made = Parser(
        words,
        command,
        words("Print the board, once."),
        "commandpost status",
        "commandpost status --json --at 2020-02-03T20:00+08:00",
    )
    made.own.add_argument("--json", action="store_true", help=words("for scripts"))
    made.own.add_argument(
        "--at",
        metavar="ISO",
        type=moment(words),
        help=words("as it was known then (without an offset: in the post's zone)"),
    )
    return made


def run(options: argparse.Namespace, words: Words) -> int:
    from commandpost.cli.opening import opened

    with opened(options, words, readonly=True) as post:
        from commandpost import picture
        from commandpost.cli.opening import known_at, settings_at
        from commandpost.status import status_json

        at = aware(options.at, post.settings.zone) if options.at else None
        tick = known_at(post.engine, at) if at else None
        settings = post.settings if tick is None else settings_at(post, tick)
        seen = picture.at(post.engine, at or post.clock.now(), settings, tick)
        if options.json:
            print(json_line(status_json(seen, settings, post.words)))
        else:
            from commandpost.board.frame import four_panes

            print(four_panes(seen, post.words))
    return 0
