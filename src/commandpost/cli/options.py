"""What all commands share: how arguments are parsed, which post is meant, in which language it speaks."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

from commandpost.clock import Clock, RealClock, ScenarioClock
from commandpost.errors import UsageError
from commandpost.places import PostPlaces, default_post, expanded
from commandpost.words import Words

if TYPE_CHECKING:
    from commandpost.settings import Settings


class _NotUnderstood(UsageError):
    pass


class Parser(argparse.ArgumentParser):
    """An argparse parser that speaks the person's language and has an example.

    Its own complaints are UsageErrors of one line.
    """

    def __init__(self, words: Words, command: str, summary: str, *examples: str) -> None:
        prefix = words("usage: ")

        class Formatter(argparse.RawTextHelpFormatter):
            def add_usage(
                self, usage: str | None, actions: Any, groups: Any, prefix_: str | None = None, /
            ) -> None:
                super().add_usage(usage, actions, groups, prefix)

        heading = words("example:") if len(examples) == 1 else words("examples:")
        super().__init__(
            prog=f"commandpost {command}".strip(),
            description=summary,
            epilog=heading + "".join(f"\n  {line}" for line in examples),
            formatter_class=Formatter,
            add_help=False,
            allow_abbrev=False,
        )
        self.words = words
        self.own = self.add_argument_group(words("arguments"))
        common = self.add_argument_group(words("for every command"))
        common.add_argument("-h", "--help", action="help", help=words("show this and end"))
        common.add_argument(
            "--post", metavar="DIR", type=Path,
            help=words("the post's folder (else COMMANDPOST_HOME, else the user's data folder)"),
        )  # fmt: skip
        common.add_argument(
            "--lang", metavar="zh|en", type=one_of(words, ("zh", "en")),
            help=words("language (else the post's, else the locale's)"),
        )  # fmt: skip
        common.add_argument("--clock", type=_scenario_clock(words), help=argparse.SUPPRESS)

    def error(self, message: str) -> NoReturn:
        for pattern, said in COMPLAINTS:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                raise _NotUnderstood(said, **found.groupdict(), help=f"{self.prog} --help")
        raise _NotUnderstood("{what}; see {help}", what=message, help=f"{self.prog} --help")

    def print_help(self, file: Any = None) -> None:
        print(self.format_help().rstrip(), file=file)


COMPLAINTS = (
    (r"the following arguments are required: (?P<what>.*)", "{what} is missing; see {help}"),
    (r"unrecognized arguments: (?P<what>.*)", "{what}: not understood; see {help}"),
    (r"argument (?P<option>[^:]*): expected .*", "{option} needs a value; see {help}"),
    (r"argument (?P<option>[^:]*): (?P<what>.*)", "{option}: {what}; see {help}"),
)
"""argparse's own complaints and how we say them."""


def one_of(words: Words, allowed: Iterable[str]) -> Callable[[str], str]:
    """An argument that is one of a few words; the nearest is suggested."""
    choices = tuple(allowed)

    def read(text: str) -> str:
        if text in choices:
            return text
        raise argparse.ArgumentTypeError(
            words("{text} is none of {choices}", text=text, choices=", ".join(choices))
        )

    return read


def moment(words: Words) -> Callable[[str], datetime]:
    """A moment such as 2020-02-03T20:00+08:00; without an offset it is in the post's zone (see `aware`)."""

    def read(text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or not _YEARS[0] <= found.year <= _YEARS[1]:
            raise argparse.ArgumentTypeError(
                words("{text} is no moment such as 2020-02-03T20:00+08:00", text=text)
            )
        return found

    return read


_YEARS = (1971, 2999)
"""Moments outside cannot be told in every zone of the database's seconds."""


def aware(when: datetime, zone: ZoneInfo) -> datetime:
    """`when` in UTC; one without an offset is meant in `zone`."""
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def team_name(words: Words) -> Callable[[str], str]:
    """A team's name is that of a folder below drops/ and returned/."""

    def read(text: str) -> str:
        if "/" in text or "\0" in text or text in (".", "..") or not text.isprintable():
            raise argparse.ArgumentTypeError(words("{text} is no name of a folder", text=text))
        return text

    return read


def positive(words: Words) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = 0.0
        if not 0 < value < 1e9:
            raise argparse.ArgumentTypeError(words("{text} is no number above 0", text=text))
        return value

    return read


def positive_int(words: Words) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isdecimal() and 0 < int(text) < 2**62:
            return int(text)
        raise argparse.ArgumentTypeError(words("{text} is no number above 0", text=text))

    return read


def _scenario_clock(words: Words) -> Callable[[str], ScenarioClock]:
    def read(text: str) -> ScenarioClock:
        try:
            return ScenarioClock.parse(text)
        except ValueError:
            raise argparse.ArgumentTypeError(words("not a scenario's clock")) from None

    return read


def places_of(options: argparse.Namespace) -> PostPlaces:
    """The files of the post that is meant. UsageError when there is no post."""
    root: Path = expanded(options.post or default_post()).absolute()
    places = PostPlaces(root)
    if not places.settings.is_file() and not places.database.is_file():
        raise UsageError("no post at {folder}: make one with commandpost init {folder}", folder=root)
    return places


def clock_of(options: argparse.Namespace) -> Clock:
    return options.clock or RealClock()


def words_of(options: argparse.Namespace, settings: Settings, words: Words) -> Words:
    """In the language asked for, else the post's, else the locale's."""
    return Words(settings.language) if settings.language and not options.lang else words


def overview(words: Words, commands: dict[str, str]) -> str:
    """The help of `commandpost` itself."""
    lines = [
        words("usage: ") + "commandpost [COMMAND] [--post DIR] [--lang zh|en]",
        "",
        words("the duty room of an epidemic-prevention command post, on one terminal"),
        "",
        words("commands:"),
        f"  {'':<10}" + words("(without a command) the board on this post"),
        *(f"  {name:<10}" + words(line) for name, line in commands.items()),
        "",
        words("for every command"),
        "  --post DIR    " + words("the post's folder (else COMMANDPOST_HOME, else the user's data folder)"),
        "  --lang zh|en  " + words("language (else the post's, else the locale's)"),
        "  --version     " + words("say which version this is"),
        "",
        words("Ends with 0: fine, 1: problems found, 2: wrong usage, 130: interrupted."),
        "",
        words("examples:"),
        "  commandpost demo",
        "  commandpost init ~/post && commandpost --post ~/post",
        "",
        words("Each command explains itself: commandpost COMMAND --help"),
    ]
    return "\n".join(lines)
