"""`commandpost template KIND`: an empty drop with the right header, as Excel likes it."""

from __future__ import annotations

import argparse
import csv
import io
import sys

from commandpost.cli.mapping import kind_named
from commandpost.cli.options import Parser
from commandpost.contract.kind import Kind
from commandpost.words import Words


def parser(words: Words, command: str) -> Parser:
    made = Parser(
        words,
        command,
        words("Print an empty sheet of one kind: its header and an example row."),
        "commandpost template gate-passes > 门岗通行.csv",
    )
    made.own.add_argument(
        "kind", metavar="KIND", nargs="?", help=words("its name in English or Chinese; none: list them")
    )
    return made


def run(options: argparse.Namespace, words: Words) -> int:
    from commandpost.desks.kinds import KINDS

    kinds = tuple(KINDS)
    if not options.kind:
        for kind in kinds:
            print(f"{kind.name:<18}{kind.chinese}")
        return 0
    sys.stdout.flush()
    sys.stdout.buffer.write(sheet(kind_named(kinds, options.kind), words).encode("utf-8-sig"))
    return 0


def sheet(kind: Kind, words: Words) -> str:
    """The sheet's text. CRLF, because Excel writes it so."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    # Columns without an example are other ways to say the same (早/晚 beside 体温).
    columns = [c for c in kind.columns if c.example]
    writer.writerow(c.header if words.language == "zh" else c.english for c in columns)
    writer.writerow(c.example for c in columns)
    return text.getvalue()
