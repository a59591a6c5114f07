"""`commandpost drops answer`, `answers`, `forget-answer`: what a person says of a file that asks."""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from commandpost.cli.jsonline import json_line
from commandpost.cli.mistakes import one_line
from commandpost.errors import CommandpostError, UsageError
from commandpost.words import Message, Words, unpacked

if TYPE_CHECKING:
    from commandpost.cli.opening import Opened
    from commandpost.intake.peek import Seen
    from commandpost.intake.propose import Proposal
    from commandpost.intake.taught import Mapped, Taught
    from commandpost.store.records import Drop

ROWS = 8
"""Of the waiting file, shown; with --json all that were looked at."""
WATCH = 20.0
"""Seconds the watch is given to take the file: it looks every second, behind what waits before it."""


def run(options: argparse.Namespace, words: Words) -> int:
    from commandpost.cli.opening import opened

    with opened(options, words, readonly=options.deed == "answers") as post:
        if options.deed == "answers":
            return _list(options, post)
        if options.deed == "forget-answer":
            from commandpost.intake import answers

            answers.forget(post.engine, post.clock, options.id)
            print(post.words("Answer {id} is taken back.", id=options.id), file=sys.stderr)
            return 0
        return _Answer(options, post).run()


def _list(options: argparse.Namespace, post: Opened) -> int:
    from commandpost.board.lines import safe
    from commandpost.desks.aliases import kinds_of
    from commandpost.intake import answers

    kinds = {kind.name: kind for kind in kinds_of(post.settings)}
    for one in answers.standing(post.engine):
        headers = (
            {column.field: column.header for column in kinds[one.kind].columns} if one.kind in kinds else {}
        )
        said = [
            {"number": index + 1, "column": one.header[index], "field": field}
            for index, field in sorted(one.columns.items())
            if index < len(one.header)
        ]
        at = one.at.astimezone(post.settings.zone)
        if options.json:
            told = {
                "id": one.id,
                "team": one.team,
                "kind": one.kind,
                "at": at.isoformat(),
                "user": one.user,
                "columns": said,
                "values": one.values,
            }
            print(json_line(told))
            continue
        columns = "  ".join(
            f"{column['column']}={headers.get(str(column['field']), column['field']) or '—'}"
            for column in said
        )
        columns += "".join(f"  {headers.get(field, field)}≡{value}" for field, value in one.values.items())
        print(safe(f"{one.id}  {at:%Y-%m-%d %H:%M}  {one.team or '—'}  {post.words(one.kind)}  {columns}"))
    return 0


class _Answer:
    """One answer on its way: what was seen, what is said, what becomes of the file."""

    def __init__(self, options: argparse.Namespace, post: Opened) -> None:
        from commandpost.cli.mapping import mapped_of
        from commandpost.intake.peek import peek
        from commandpost.intake.taught import taught

        self.options, self.post, self.words = options, post, post.words
        self.mapped: Mapped = mapped_of(options, post.settings)
        self.drop = _asking(post, options.id)
        self.taught: Taught = taught(post.settings, self.drop.team, post.engine)
        seen = peek(post.places, self.drop, self.taught, post.clock.now(), options.file)
        self.seen: Seen | None = None if isinstance(seen, Message) else seen
        self.unseen: Message | None = seen if isinstance(seen, Message) else None
        if self.unseen is not None and options.file is not None:
            raise UsageError("{file}: {what}", file=options.file.name, what=self.unseen)
        self.header: tuple[str, ...] = self.seen.header if self.seen else tuple(json.loads(self.drop.header))
        self._wrong: Message | None = None
        self.proposals: Sequence[Proposal] = self.seen.proposals if self.seen else ()
        if self.mapped.kind:
            self.proposals = [one for one in self.proposals if one.kind.name == self.mapped.kind]

    def run(self) -> int:
        from commandpost.intake.peek import doubt

        answer = self._answer()
        if self.seen is not None and (wrong := doubt(self.seen)):
            self._wrong, answer = wrong, None
        told = self._told() if self.options.json else {}
        if not self.options.json and not self._settled:
            for line in self._shown(answer):
                print(line)
        if answer is None:
            if self._settled:
                raise UsageError("{what}", what=self._wrong)
            return self._end(told, 1)
        if not self._settled and not self._agreed():
            return self._end(told, 1)
        kind, columns, values = answer
        from commandpost.intake import answers

        told["answer"] = answers.give(
            self.post.engine, self.post.clock, self.drop.team, self.header, kind, columns, values
        )
        line = self.words(
            "Kept as answer {id}: from now on so for every such file of this team.", id=told["answer"]
        )
        print(line, file=sys.stderr)
        return self._take(told)

    @property
    def _elsewhere(self) -> str:
        """What the command at hand was told of where the post and the file are."""
        file, post = self.options.file, self.options.post
        told = (("--file", file), ("--post", post))
        return "".join(f" {option} {shlex.quote(str(path))}" for option, path in told if path)

    @property
    def _settled(self) -> bool:
        """Nobody needs to be asked."""
        return bool(self.options.yes or self.mapped)

    def _answer(self) -> tuple[str, dict[int, str], dict[str, str]] | None:
        """Kind, columns and values as said, by their headers, and (with --yes, or to be agreed to) as proposed; None,
        and `_wrong` why, when that is not all the kind needs."""
        from commandpost.intake.across import NOTHING_SPREAD
        from commandpost.intake.recognise import Asks, Recognised, Said, field_named

        said = self.mapped.of(self.header)
        best = self.proposals[0] if self.proposals else None
        merged = dict(said.columns)
        kind = said.kind
        if best is not None and (self.options.yes or not self.mapped):
            kind = kind or best.kind.name
            taken = {field_named(best.kind, name) for name in merged.values()}
            for index, field in best.columns.items():
                if index not in merged and field not in taken:
                    merged[index] = field
        dated = self.seen is not None and self.seen.dated
        spread = self.seen.spread if self.seen is not None else NOTHING_SPREAD
        found = self.taught.recognise(
            self.header, self.drop.path, dated=dated, spread=spread, say=Said(kind, merged, said.values)
        )
        self._wrong = found.reason if isinstance(found, Asks) else None
        if not isinstance(found, Recognised):
            return None
        ignored = {index: "" for index, name in said.columns.items() if not name}
        # What a day at the head of a column is needs no answer.
        width = len(self.header)
        columns = {
            index: field
            for field, index in found.mapping.items()
            if index < width and index not in spread.columns
        }
        values = {field_named(found.kind, name) or name: value for name, value in said.values.items()}
        return found.kind.name, columns | ignored, values

    def _shown(self, answer: tuple[str, dict[int, str], dict[str, str]] | None) -> Iterator[str]:
        """The file, why it asks, its first rows, what is proposed and why."""
        from commandpost.board.lines import cut, safe
        from commandpost.board.panes.asking import first_rows, guesses
        from commandpost.intake.peek import ways

        words, drop = self.words, self.drop
        width = shutil.get_terminal_size((120, 24)).columns
        sheet = f" [{drop.sheet}]" if drop.sheet else ""
        why = words.say(unpacked(drop.why)) if drop.why else words.short("verdict of a drop", drop.verdict)
        yield safe(f"{drop.path}{sheet}: {why}")
        if self.unseen is not None:
            yield words.say(self.unseen)
        if self.seen is not None:
            yield ""
            for line in first_rows(self.seen, ROWS):
                yield cut(line, width)
            yield ""
        else:
            return
        best = self.proposals[0] if self.proposals else None
        if best is None:
            yield words("No kind of table comes near; say one: commandpost template lists them.")
            return
        yield words("Proposal: {kind}", kind=words(best.kind.name))
        for line in guesses(self.header, best, words):
            yield cut(line, width)
        more = ", ".join(words(one.kind.name) for one in self.proposals[1:3] if not one.lacking)
        if more and not best.lacking:
            yield words("It may also be: {kinds}", kinds=more)
        if answer is None and best.lacking and self._wrong is not None:
            yield words.say(self._wrong)
        for way in ways(drop, self.header, self.proposals, self.post.settings):
            yield words.say(way) if isinstance(way, Message) else "  " + safe(way) + self._elsewhere
        if answer is None and not best.lacking and self._wrong is not None:
            yield words.say(self._wrong)

    def _agreed(self) -> bool:
        if not sys.stdin.isatty():
            print(self.words("Nothing was kept: add --yes, or type the line above."), file=sys.stderr)
            return False
        print(
            self.words("Keep this answer? y and Enter: yes; Enter alone: cancel [cancel] "),
            end="",
            file=sys.stderr,
            flush=True,
        )
        said = sys.stdin.readline().strip().lower()
        if said in ("y", "yes", "是", "ｙ"):
            return True
        print(self.words("Nothing was kept."), file=sys.stderr)
        return False

    def _told(self) -> dict[str, Any]:
        from commandpost.intake.peek import cells_shown

        words, drop, width = self.words, self.drop, len(self.header)
        return {
            "drop": drop.id,
            "team": drop.team,
            "file": drop.path,
            "sheet": drop.sheet or None,
            "why": words.say(unpacked(drop.why)) if drop.why else None,
            "seen": None if self.unseen is None else words.say(self.unseen),
            "header": list(self.header),
            "rows": [
                {"line": line, "cells": cells_shown(cells, width)} for line, cells in (self.seen.rows if self.seen else ())
            ],
            "proposals": [
                {
                    "kind": one.kind.name,
                    "complete": not one.lacking,
                    "lacking": list(one.lacking),
                    "columns": [
                        {
                            "number": guess.index + 1,
                            "column": self.header[guess.index],
                            "field": guess.column.field,
                            "name": guess.column.header,
                            "why": words.say(guess.reason),
                        }
                        for guess in one.guesses
                    ],
                }
                for one in self.proposals[:3]
            ],
            "answer": None,
            "taken": None,
        }  # fmt: skip

    def _end(self, told: dict[str, Any], code: int) -> int:
        if self.options.json:
            print(json_line(told))
        return code

    def _take(self, told: dict[str, Any]) -> int:
        """The waiting file, by the watch when one runs, else by us."""
        from commandpost.store.lock import is_held

        if self.drop.verdict != "asks":
            line = self.words("What was taken stays as it was read; the answer holds from the next file on.")
            print(line, file=sys.stderr)
            return self._end(told, 0)
        if self.seen is None:
            line = self.words.say(self.unseen) if self.unseen else ""
            print(one_line(line + " " + self.words("The answer stands for the next one.")), file=sys.stderr)
            return self._end(told, 0)
        if self.options.file is None and is_held(self.post.places.watch_lock):
            return self._end(told, self._watched())
        from commandpost.cli.intake import report_lines
        from commandpost.intake import clerk

        reports = clerk.take(
            self.seen.path, self.post.engine, self.post.places, self.post.settings, self.post.clock,
            team=self.drop.team, words=self.words, shown=self.drop.path,
        )  # fmt: skip
        mine = [one for one in reports if one.get("sheet", "") == self.drop.sheet] or reports
        told["taken"] = mine[0]
        if not self.options.json:
            for line in report_lines(self.seen.path, mine[0], self.words):
                print(line)
        return self._end(told, 0 if mine[0]["verdict"] == "taken" and not mine[0]["rejected"] else 1)

    def _watched(self) -> int:
        """Until the file asks no more: the watch looks at it again by itself."""
        from sqlmodel import Session

        from commandpost.store.records import Drop

        end = time.monotonic() + WATCH
        while time.monotonic() < end:
            with Session(self.post.engine) as session:
                found = session.get(Drop, self.drop.id)
                if found is None or found.verdict != "asks" or found.why != self.drop.why:
                    print(self.words("The watch takes it in; see commandpost drops."), file=sys.stderr)
                    return 0
            time.sleep(0.1)
        print(self.words("The watch has not taken it yet; see commandpost drops."), file=sys.stderr)
        return 0


def _asking(post: Opened, id: int) -> Drop:
    """Raises CommandpostError when there is no such drop, or it asks nothing a person could answer."""
    from sqlmodel import Session

    from commandpost.store.records import Drop

    with Session(post.engine, expire_on_commit=False) as session:
        drop = session.get(Drop, id)
    if drop is None:
        raise CommandpostError("no drop {id}: see commandpost drops", id=id)
    if drop.verdict != "asks" and not drop.header:
        verdict = post.words.short("verdict of a drop", drop.verdict or "loading")
        raise CommandpostError("drop {id} does not ask: {verdict}", id=id, verdict=verdict)
    if not drop.header:
        raise CommandpostError("drop {id} asks, but not what it is: {why}", id=id, why=unpacked(drop.why))
    return drop
