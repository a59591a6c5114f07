"""`commandpost drops --team`: who sends what wrong, how often, and whether it was mended since."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from commandpost.cli.jsonline import json_line
from commandpost.words import Words

if TYPE_CHECKING:
    from commandpost.cli.opening import Opened


def run(options: argparse.Namespace, words: Words) -> int:
    from commandpost.cli.opening import opened
    from commandpost.cli.options import aware

    with opened(options, words, readonly=True) as post:
        since = aware(options.since, post.settings.zone) if options.since else None
        told = _teams(post, options.team, since)
        if options.json:
            for one in told:
                print(json_line(one))
        elif not told:
            print(post.words("Nothing has come yet."))
        else:
            for line in (line for one in told for line in _lines(one, post.words)):
                print(line)
    return 0


def _teams(post: Opened, team: str, since: datetime | None) -> list[dict[str, Any]]:
    """Each team with what went back to it, the one with most first."""
    from commandpost.intake.teamwork import teamwork

    declared = {one.name: one for one in post.settings.team}
    told = []
    for work in teamwork(post.engine, team or None, since):
        known = declared.get(work.team)
        told.append({
            "team": work.team,
            "label": known.label if known else "",
            "contact": known.contact if known else "",
            "drops": work.drops,
            "rows": work.rows,
            "returned": work.returned,
            "open": work.open,
            "mended": work.returned - work.open,
            "share": round(work.share, 4),
            "faults": [
                {
                    "code": fault.code, "column": fault.column, "warning": fault.warning, "rows": fault.rows,
                    "open": fault.open, "drop": fault.drop, "line": fault.line,
                }
                for fault in work.faults
            ],
        })  # fmt: skip
    return told


def _lines(one: dict[str, Any], words: Words) -> Iterator[str]:
    from commandpost.board.lines import safe

    name = " ".join(filter(None, (one["label"] or one["team"] or "—", one["contact"])))
    counts = words(
        "{drops} drops, {rows} rows, {returned} back ({open} open, {mended} mended), {share} of what was new",
        drops=one["drops"], rows=one["rows"], returned=one["returned"], open=one["open"], mended=one["mended"],
        share=f"{one['share']:.1%}",
    )  # fmt: skip
    yield safe(f"{name}: {counts}")
    for fault in one["faults"]:
        sign = words.short("drops", "warning") if fault["warning"] else words.short("drops", "rejected")
        said = words(
            "{rows} × ({open} open), such as drop {drop} line {line}",
            rows=fault["rows"], open=fault["open"], drop=fault["drop"], line=fault["line"],
        )  # fmt: skip
        yield safe(f"  {sign} {fault['column'] or '—'} {words.short('fault', fault['code'])}: {said}")
