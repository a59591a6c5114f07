"""`commandpost check` and `commandpost import`: files named on the command line."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from commandpost.cli.jsonline import json_line, json_pieces
from commandpost.cli.mapping import add_mapping, mapped_of
from commandpost.cli.mistakes import one_line
from commandpost.cli.mistakes import told as why
from commandpost.cli.options import Parser, aware, moment, team_name
from commandpost.cli.progress import Meter, interrupted_between
from commandpost.clock import Clock, FixedClock
from commandpost.errors import CommandpostError, UsageError
from commandpost.words import Words


def parser(words: Words, command: str) -> Parser:
    if command == "check":
        made = Parser(
            words,
            command,
            words(
                "Say what would happen to files, without writing. Needs no post; with --post it knows repeats."
            ),
            "commandpost check 北门日志.csv",
            "commandpost check --json --values --received 2020-02-10T20:00+08:00 *.csv",
            "commandpost check --table *.csv",
        )
    else:
        made = Parser(
            words,
            command,
            words("Take files in now, with what comes of every row.")
            + "\n"
            + words("--kind and --map hold for this time; commandpost drops answer ID keeps them."),
            "commandpost import --team 北门岗 北门日志.csv",
            'commandpost import --map "经过时刻=时间" --map "#3=方向" 北门日志.csv',
        )
    made.own.add_argument(
        "files", metavar="FILE", nargs="+", type=Path, help=words("the files, in this order")
    )
    made.own.add_argument(
        "--json",
        action="store_true",
        help=words("one JSON object a file (of a workbook: a sheet), one a line"),
    )
    if command == "check":
        made.own.add_argument(
            "--table",
            action="store_true",
            help=words("only how each file is read, whatever its kind: one JSON object a file, one a line"),
        )
        made.own.add_argument(
            "--values", action="store_true", help=words("with --json: the records as stored")
        )
    made.own.add_argument(
        "--received", metavar="ISO", type=moment(words), help=words("when they came (else now)")
    )
    made.own.add_argument(
        "--team", metavar="NAME", type=team_name(words), default="", help=words("which team sent them")
    )
    add_mapping(made, words)
    return made


def run(options: argparse.Namespace, words: Words) -> int:
    """Exit code 0 when all was taken clean, 1 when anything was rejected, held, asking or refused."""
    if options.command == "check" and options.values and not options.json:
        raise UsageError("--values needs --json")
    if options.command == "check" and options.table:
        if options.kind or options.map or options.ignore:
            raise UsageError(
                "--table says how files are read, not what they mean: leave --kind, --map, --ignore out"
            )
        return _tables(options, words)
    worst = 0
    work = _check if options.command == "check" else _import
    for file, outcome, say in work(options, words):
        if isinstance(outcome, Exception):
            line, code = why(outcome, say)
            print(f"commandpost: {line}", file=sys.stderr, flush=True)
            worst = max(worst, code)
            continue
        if options.json:
            print(json_line(outcome), flush=True)
        else:
            for line in report_lines(file, outcome, say, options.post):
                print(line, flush=True)
        if outcome["verdict"] not in ("taken", "skipped") or outcome["rejected"]:
            worst = max(worst, 1)
    return worst


def _tables(options: argparse.Namespace, words: Words) -> int:
    """`check --table`: an object a file, printed as it is read. Exit code 1 when one could not be read."""
    from commandpost.cli.options import places_of
    from commandpost.intake.named import NamedFile
    from commandpost.intake.tabled import Unread, read_as_table, told
    from commandpost.settings import Settings, load_settings

    settings = load_settings(places_of(options).settings)[0] if options.post else Settings()
    worst = 0
    for path in options.files:
        try:
            with NamedFile(path).open() as file:
                read = read_as_table(file, settings)
                worst = max(worst, int(isinstance(read, Unread)))
                for piece in json_pieces(told(str(path), read, words)):
                    sys.stdout.write(piece)
        except (CommandpostError, OSError) as error:
            line, code = why(error, words)
            print(f"commandpost: {line}", file=sys.stderr, flush=True)
            worst = max(worst, code)
    return worst


_Outcome = tuple[Path, "dict[str, Any] | Exception", Words]
"""A file, its report or why there is none, and the words to say it in."""


def _check(options: argparse.Namespace, words: Words) -> Iterator[_Outcome]:
    from commandpost.cli.opening import opened
    from commandpost.intake import clerk
    from commandpost.settings import Settings
    from commandpost.store.trial import trial

    with ExitStack() as stack:
        post = stack.enter_context(opened(options, words, readonly=False)) if options.post else None
        # One empty post serves all files: making its tables costs 50 ms, more than a small file does.
        engine = post.engine if post else trial()
        stack.callback(engine.dispose)
        settings = post.settings if post else Settings()
        mapped = mapped_of(options, settings)
        say = post.words if post else words
        received = _received(options, settings.zone)
        for file in options.files:
            try:
                reports = clerk.check(
                    file, settings, received, post=engine, team=options.team,
                    values=options.values, words=say, mapped=mapped,
                )  # fmt: skip
                yield from ((file, report, say) for report in reports)
            except (CommandpostError, OSError) as error:
                yield file, error, say


def _import(options: argparse.Namespace, words: Words) -> Iterator[_Outcome]:
    from commandpost.cli.opening import opened
    from commandpost.intake import clerk, remembered

    with opened(options, words, readonly=False) as post:
        clock: Clock = post.clock
        if options.received:
            clock = FixedClock(_received(options, post.settings.zone))
        mapped = mapped_of(options, post.settings)
        remembered.note_settings(post.engine, clock, post.text)
        for file in options.files:
            meter = Meter(file.name, post.words)
            try:
                with interrupted_between(meter.show) as progress:
                    reports = clerk.take(
                        file, post.engine, post.places, post.settings, clock,
                        team=options.team, words=post.words, progress=progress, mapped=mapped,
                    )  # fmt: skip
                yield from ((file, report, post.words) for report in reports)
            except (CommandpostError, OSError) as error:
                yield file, error, post.words
            finally:
                meter.clear()


def _received(options: argparse.Namespace, zone: Any) -> datetime:
    received: datetime | None = options.received
    return aware(received, zone) if received else datetime.now().astimezone()


def report_lines(file: Path, told: dict[str, Any], words: Words, post: Path | None = None) -> Iterator[str]:
    """A report for people: what became of the file, then of the rows that went back. `post`: as `--post` said."""
    verdict = words.short("verdict of a drop", told["verdict"])
    named = f"{file} › {told['sheet']}" if "sheet" in told else str(file)
    if told["verdict"] != "taken":
        yield one_line(f"{named}: {verdict}: {told.get('why', '')}")
        if "drop" in told:
            yield one_line(
                "  " + words(
                    "drop {id}, to answer it: commandpost drops answer {id} --file {file}",
                    id=told["drop"], file=shlex.quote(str(file)),
                )
                + (f" --post {shlex.quote(str(post))}" if post else "")
            )  # fmt: skip
        return
    counts = words(
        "{rows} rows: new {new}, corrections {superseding}, repeated {duplicate}, outdated {outdated}, "
        "back {rejected}",
        rows=told["rows"], new=told["accepted"], superseding=told["superseding"],
        duplicate=told["duplicate"], outdated=told["outdated"], rejected=len(told["rejected"]),
    )  # fmt: skip
    yield one_line(f"{named}: {verdict} {words(told['kind'])} {counts}")
    for sign, found in (("rejected", told["rejected"]), ("warning", told["warnings"])):
        for one in found:
            where = words("line {line}", line=one["line"])
            text = f"  {where} {words.short('drops', sign)} {one['column']}: {one['reason']} {one.get('hint', '')}"
            yield one_line(text.rstrip())
