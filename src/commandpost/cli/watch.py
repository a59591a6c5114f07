"""`commandpost watch`: intake alone."""

from __future__ import annotations

import argparse
import signal
import sys

from commandpost.cli.board import gone
from commandpost.cli.options import Parser, clock_of, places_of
from commandpost.words import Words


def parser(words: Words, command: str) -> Parser:
    made = Parser(
        words,
        command,
        words("Take in what is saved into drops/, until interrupted. One per post."),
        "commandpost watch --post /srv/post",
    )
    made.own.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return made


def run(options: argparse.Namespace, words: Words) -> int:
    places = places_of(options)
    from commandpost.intake.watcher import watch

    def begun() -> None:
        if not options.child:
            line = words("Watching {folder}. Ctrl-C ends it.", folder=places.drops)
            print(line, file=sys.stderr, flush=True)

    ended = watch(places, clock_of(options), child=options.child, begun=begun)
    if options.child:
        gone(0)
    print(words("Ended. What comes meanwhile is taken in at the next start."), file=sys.stderr, flush=True)
    return 130 if ended == signal.SIGINT else 0
