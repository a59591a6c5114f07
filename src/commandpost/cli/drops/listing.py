"""What came, from whom, with what result; and the rejects of one drop."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from commandpost.cli.jsonline import json_line
from commandpost.errors import CommandpostError
from commandpost.words import Words, unpacked

if TYPE_CHECKING:
    from sqlmodel import Session

    from commandpost.cli.opening import Opened


def run(options: argparse.Namespace, words: Words) -> int:
    from commandpost.cli.opening import opened

    with opened(options, words, readonly=True) as post:
        from sqlmodel import Session

        with Session(post.engine) as session:
            if options.id is None:
                told = list(_drops(session, options.last, post))
                lines = _table(told, post.words)
            else:
                told = list(_rejects(session, options.id, post.words))
                lines = [_reject_line(one, post.words) for one in told]
                _say_how_to_answer(session, options.id, post.words)
        for line in (json_line(one) for one in told) if options.json else lines:
            print(line)
    return 0


def _drops(session: Session, last: int, post: Opened) -> Iterator[dict[str, Any]]:
    """The latest, oldest of them first."""
    from sqlmodel import col, select

    from commandpost.store.records import Drop, Source

    found = session.exec(
        select(Drop, Source).where(Drop.id == Source.id).order_by(col(Drop.id).desc()).limit(last)
    )
    for drop, source in reversed(found.all()):
        yield {
            "id": drop.id,
            "received": drop.received_at.astimezone(post.settings.zone).isoformat(),
            "team": drop.team,
            "file": drop.name,
            "kind": drop.kind or None,
            "verdict": drop.verdict or None,
            "why": post.words.say(unpacked(drop.why)) if drop.why else None,
            "rows": drop.rows,
            "records": drop.records,
            "accepted": drop.accepted,
            "superseding": drop.superseding,
            "duplicate": drop.duplicate,
            "outdated": drop.outdated,
            "rejected": drop.rejected,
            "stands": source.stands,
        }


def _table(told: list[dict[str, Any]], words: Words) -> list[str]:
    from commandpost.board.lines import pad, safe

    if not told:
        return [words("Nothing has come yet.")]
    widths = (5, 11, 10, 26, 16, 8, 6, 6, 6, 6)
    heads = (
        words.short("drops", "id"), words.short("drops", "received"), words.short("drops", "team"),
        words.short("drops", "file"), words.short("drops", "kind"), words.short("drops", "result"),
        words.short("drops", "rows"), words.short("drops", "new"), words.short("drops", "again"),
        words.short("drops", "back"),
    )  # fmt: skip
    rows = [heads]
    for one in told:
        verdict = words.short("verdict of a drop", one["verdict"] or "loading")
        rows.append((
            str(one["id"]), one["received"][5:16].replace("T", " "), one["team"], one["file"],
            words(one["kind"] or ""), verdict if one["stands"] else words.short("verdict of a drop", "undone"), str(one["rows"]),
            str(one["accepted"] + one["superseding"]), str(one["duplicate"]), str(one["rejected"]),
        ))  # fmt: skip
    lines = []
    for row in rows:
        cells = (
            pad(safe(cell), width, right=n == 0 or n > 5)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append(" ".join(cells).rstrip())
    return lines


def _rejects(session: Session, id: int, words: Words) -> Iterator[dict[str, Any]]:
    from sqlmodel import col, select

    from commandpost.store.records import Drop, Reject

    if session.get(Drop, id) is None:
        raise CommandpostError("no drop {id}: see commandpost drops", id=id)
    for reject in session.exec(select(Reject).where(Reject.drop_id == id).order_by(col(Reject.line))):
        yield {
            "line": reject.line,
            "warning": reject.warning,
            "column": reject.column,
            "code": reject.code,
            "reason": words.say(unpacked(reject.reason)),
            "hint": words.say(unpacked(reject.hint)) if reject.hint else "",
        }


def _say_how_to_answer(session: Session, id: int, words: Words) -> None:
    from commandpost.board.lines import safe
    from commandpost.store.records import Drop

    drop = session.get(Drop, id)
    if drop is not None and drop.verdict == "asks":
        line = safe(words.say(unpacked(drop.why)))
        if drop.header:
            line += f" → commandpost drops answer {id}"
        print(line, file=sys.stderr)


def _reject_line(one: dict[str, Any], words: Words) -> str:
    from commandpost.board.lines import safe

    sign = words.short("drops", "warning") if one["warning"] else words.short("drops", "rejected")
    where = words("line {line}", line=one["line"])
    return safe(f"{where} {sign} {one['column']}: {one['reason']} {one['hint']}".rstrip())
