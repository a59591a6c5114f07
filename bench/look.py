"""(f) what a picture costs when the post has ten thousand or three million passes."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import Bar, commandpost, median, run
from bench.passes import write_passes


def _picture_ms(post: Path, rounds: int) -> float:
    from sqlmodel import Session

    from commandpost.desks.shapes.common import Look
    from commandpost.picture import take
    from commandpost.places import PostPlaces
    from commandpost.settings import load_settings
    from commandpost.store.engine import open_post

    places = PostPlaces(post)
    settings, _ = load_settings(places.settings)
    engine = open_post(places, readonly=True)
    moment = datetime(2022, 3, 1, 12, tzinfo=UTC)
    took = []
    for _ in range(rounds + 3):
        start = time.perf_counter()
        with Session(engine) as session:
            take(Look(session, moment, settings))
        took.append((time.perf_counter() - start) * 1000)
    engine.dispose()
    return median(took[3:])


def bench(small: int = 10_000, large: int = 3_000_000, rounds: int = 40) -> list[Bar]:
    """Bar: the large one costs at most twice the small one. Both have the same rate of passes a day."""
    ms = {}
    with tempfile.TemporaryDirectory() as name:
        for rows in (small, large):
            post = Path(name) / str(rows)
            sheet = Path(name) / f"{rows}.csv"
            end = datetime(2022, 3, 1, 20)
            seconds = 10.0
            write_passes(sheet, rows, start=end - timedelta(seconds=rows * seconds), seconds=seconds)
            run(commandpost("init", post))
            run(
                commandpost("import", sheet, "--post", post, "--received", "2022-03-01T20:30:00+08:00"),
                ok=(0, 1),
            )
            sheet.unlink()
            ms[rows] = _picture_ms(post, rounds)
    ratio = ms[large] / ms[small]
    return [
        Bar(
            f"picture at {small:,} and {large:,} passes",
            f"{ms[small]:.1f} ms, {ms[large]:.1f} ms = {ratio:.2f} ×",
            "≤ 2 ×",
            ratio <= 2,
        )
    ]
