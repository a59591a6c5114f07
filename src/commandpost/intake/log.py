"""What the watcher says to its log: nobody's data, no contents, file names veiled."""

from __future__ import annotations

import sys

from commandpost.errors import CommandpostError
from commandpost.intake.inbox import Arrival, Oddity


def say(line: str, **values: object) -> None:
    print("commandpost watch: " + line.format(**values), file=sys.stderr, flush=True)


def say_odd(shown: str, what: Oddity) -> None:
    say("{name}: {what}, ignored", name=veiled(shown), what=what)


def say_failed(arrival: Arrival | None, error: Exception, again: bool) -> None:
    name = veiled(arrival.shown) if arrival else "a drop left behind"
    # Errors of our own are written without anybody's data; of others only the type is.
    what = str(error) if isinstance(error, CommandpostError) else type(error).__name__
    say("{name}: {what}{more}", name=name, what=what, more="; it is tried again" if again else "; it is left")


def told(error: Exception) -> str:
    """Errors of our own are written without anybody's data; of others only the type is told."""
    return str(error) if isinstance(error, CommandpostError) else type(error).__name__


def veiled(shown: str) -> str:
    """A file's name for the log: its folder, how it begins and its ending (names may be people's, and two
    characters of a Chinese one all of it)."""
    folder, _, name = shown.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    first = (stem or ending)[:2]
    veil = (first if first.isascii() else first[:1]) + "…"
    veil += dot + ending if stem and ending.isascii() and len(ending) <= 5 else ""
    return f"{folder}/{veil}" if folder else veil
