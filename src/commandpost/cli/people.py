"""`commandpost people`: who somebody is and where they were, over all desks."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from commandpost.cli.jsonline import json_line
from commandpost.cli.options import Parser
from commandpost.words import Words

if TYPE_CHECKING:
    from commandpost.cli.opening import Opened
    from commandpost.desks.people.page import Entry, PersonPage
    from commandpost.desks.people.search import Found


def parser(words: Words, command: str) -> Parser:
    made = Parser(
        words,
        command,
        words(
            "Find somebody by a part of the name, pinyin or its initials, the end of a phone number, a room or "
            "a plate. One found: everything known, newest first."
        ),
        "commandpost people zw",
        "commandpost people 3-2-501 --json",
    )
    made.own.add_argument("text", metavar="TEXT", nargs="+", help=words("words that must all be met"))
    made.own.add_argument(
        "--all", action="store_true", help=words("passes, shifts and reports of more than 30 days too")
    )
    made.own.add_argument("--json", action="store_true", help=words("one JSON object a person"))
    return made


def run(options: argparse.Namespace, words: Words) -> int:
    from commandpost.cli.opening import opened

    with opened(options, words, readonly=True) as post:
        from sqlmodel import Session

        from commandpost import desks
        from commandpost.desks.people.page import page
        from commandpost.desks.people.search import search
        from commandpost.desks.shapes.common import Look

        with Session(post.engine) as session:
            look = Look(session, post.clock.now(), post.settings)
            fit = desks.fitness(look)
            found = search(look, " ".join(options.text), fit, all_time=options.all)
            if options.json:
                for one in found:
                    print(json_line(_json(page(look, one.ref, fit, all_time=options.all), one, post)))
            elif len(found) == 1:
                for line in _page(page(look, found[0].ref, fit, all_time=options.all), post):
                    print(line)
            else:
                for line in _list(found, post):
                    print(line)
    return 0 if found else 1


def _json(told: PersonPage, found: Found, post: Opened) -> dict[str, Any]:
    zone, words = post.settings.zone, post.words

    def who(one: Found) -> dict[str, Any]:
        return {
            "names": list(one.names),
            "id_numbers": list(one.id_numbers),
            "phones": list(one.phones),
            "rooms": list(one.rooms),
            "plates": list(one.plates),
            "what": [words.say(what) for what in one.what],
        }

    def entry(one: Entry) -> dict[str, Any]:
        at = one.at.astimezone(zone)
        return {
            "at": at.date().isoformat() if one.whole_day else at.isoformat(timespec="seconds"),
            "table": one.table,
            "id": one.id,
            "text": " ".join(words.say(one.text).split()),
            "temperature": one.temperature,
            "by": one.by or None,
        }

    return {
        **who(found),
        "severity": found.severity,
        "last": found.last.astimezone(zone).isoformat(timespec="seconds") if found.last else None,
        "others": [who(one) for one in told.others],
        "entries": [entry(one) for one in told.entries],
    }


def _list(found: list[Found], post: Opened) -> Iterator[str]:
    from commandpost.board.lines import pad, safe

    if not found:
        yield post.words("Nobody found.")
    for one in found:
        last = f"{one.last.astimezone(post.settings.zone):%m-%d %H:%M}" if one.last else ""
        cells = (
            (last, 11), ("、".join(one.names) or "—", 14), (" ".join(one.rooms), 14), (" ".join(one.phones), 12),
            (" ".join(one.plates), 10),
        )  # fmt: skip
        line = " ".join(pad(safe(text), cells) for text, cells in cells)
        yield f"{line} {safe(' · '.join(map(post.words.say, one.what)))}".rstrip()


def _page(told: PersonPage, post: Opened) -> Iterator[str]:
    from commandpost.board.lines import pad, safe

    words = post.words
    yield from _list([told.found], post)
    if told.others:
        yield words("{n} more of this name:", n=len(told.others))
        yield from _list(list(told.others), post)
    for one in told.entries:
        at = one.at.astimezone(post.settings.zone)
        when = f"{at:%Y-%m-%d}" if one.whole_day else f"{at:%Y-%m-%d %H:%M}"
        by = words.short("linked", one.by) if one.by else ""
        degrees = "" if one.temperature is None else f"{one.temperature:.1f}"
        text = " ".join(safe(words.say(one.text)).split())
        kind = words.short("record", one.table)
        yield " ".join((pad(when, 16), pad(kind, 8), pad(degrees, 4), pad(by, 8), text)).rstrip()
