"""`commandpost drops`: what came, from whom, with what result; the teams; answers to files that ask."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from commandpost.cli.mapping import add_mapping
from commandpost.cli.options import Parser, moment, positive_int, team_name
from commandpost.errors import UsageError
from commandpost.words import Words

DEEDS = ("answer", "answers", "forget-answer")
_WITH_VALUE = ("--post", "--lang", "--clock")


class _Drops(Parser):
    """The list, or one of `DEEDS` with arguments of its own."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        given = list(args or ())
        at = 0
        while at < len(given) and given[at].startswith("-"):
            at += 2 if given[at] in _WITH_VALUE else 1
        deed = given[at] if at < len(given) else ""
        if deed not in DEEDS:
            options = super().parse_args(given, namespace)
            options.deed = ""
            return options
        options = _parser_of(deed, self.words).parse_args(given[:at] + given[at + 1 :])
        options.deed = deed
        return options


def parser(words: Words, command: str) -> Parser:
    made = _Drops(
        words,
        command,
        words("List what came, from whom, with what result; with an ID: the rows that were given back.")
        + "\n"
        + words("What a file that asks should be is said with: commandpost drops answer ID"),
        "commandpost drops --last 50",
        "commandpost drops 17",
        "commandpost drops --team --since 2022-03-01",
        "commandpost drops answer 17",
        "commandpost drops answers",
        "commandpost drops forget-answer 3",
    )
    made.own.add_argument(
        "id", metavar="ID", nargs="?", type=positive_int(words), help=words("one drop's rejects and warnings")
    )
    made.own.add_argument(
        "--last", metavar="N", type=positive_int(words), default=30, help=words("how many (30)")
    )
    made.own.add_argument(
        "--team", metavar="NAME", nargs="?", const="", type=team_name(words),
        help=words("by team, who has most rows back first: which columns, how often, whether mended since"),
    )  # fmt: skip
    made.own.add_argument(
        "--since", metavar="ISO", type=moment(words), help=words("with --team: only what came since then")
    )
    made.own.add_argument("--json", action="store_true", help=words("one JSON object a line"))
    return made


def _parser_of(deed: str, words: Words) -> Parser:
    if deed == "answers":
        made = Parser(
            words,
            "drops answers",
            words("List what was answered to files that asked."),
            "commandpost drops answers",
        )
    elif deed == "forget-answer":
        made = Parser(
            words,
            "drops forget-answer",
            words("Take an answer back: files with its header ask again. What was taken by it stays."),
            "commandpost drops forget-answer 3",
        )
        made.own.add_argument(
            "id", metavar="N", type=positive_int(words), help=words("its number in commandpost drops answers")
        )
    else:
        made = Parser(
            words,
            "drops answer",
            words(
                "Say what a file that asks is: shows its first rows and a proposal, and asks before it keeps anything.\n"
                "The answer holds for every file of this team with the same header, until another is given."
            ),
            "commandpost drops answer 17",
            "commandpost drops answer 17 --yes",
            "commandpost drops answer 17 --kind gate-passes --value 门岗=东门",
            'commandpost drops answer 17 --kind gate-passes --map "经过时刻=时间" --map "#3=direction" --ignore 备注2',
        )
        made.own.add_argument(
            "id", metavar="ID", type=positive_int(words), help=words("its number in commandpost drops")
        )
        add_mapping(made, words)
        made.own.add_argument(
            "--file", metavar="FILE", type=Path, help=words("where the file is, if it is not in drops/")
        )
        made.own.add_argument(
            "--yes",
            action="store_true",
            help=words("keep it without asking; what is not said is as proposed"),
        )
    made.own.add_argument("--json", action="store_true", help=words("one JSON object a line"))
    return made


def run(options: argparse.Namespace, words: Words) -> int:
    if options.deed:
        from commandpost.cli.drops import answering

        return answering.run(options, words)
    if options.team is not None:
        from commandpost.cli.drops import teams

        return teams.run(options, words)
    if options.since:
        raise UsageError("--since needs --team")
    from commandpost.cli.drops import listing

    return listing.run(options, words)
