"""Shows the board, or the wall, until somebody leaves."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from commandpost.board.app import BoardApp
from commandpost.board.tones import Colours
from commandpost.clock import Clock, RealClock
from commandpost.places import PostPlaces
from commandpost.words import Language


def colours_of(environment: Mapping[str, str]) -> Colours:
    """The colour table a terminal is drawn with, from NO_COLOR, COLORTERM and TERM."""
    if environment.get("NO_COLOR"):
        return "none"
    term = environment.get("TERM", "")
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "256color" in term:
        return "256"
    return "256" if term.split("-")[-1] in ("kitty", "direct", "ghostty") else "16"


def crash_lines(error: BaseException) -> list[str]:
    """Where it broke, without values: the error's text and the locals may be people."""
    told = [type(error).__name__]
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        told.append(f"  {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return told


def run(
    places: PostPlaces, clock: Clock | None = None, language: Language | None = None, *, kiosk: bool = False
) -> int:
    """Shows the board until somebody leaves; what the process should end with."""
    colours = colours_of(os.environ)
    # The console's font has no Chinese.
    console = os.environ.get("TERM") == "linux"
    kind: type[BoardApp] = BoardApp
    if kiosk:
        from commandpost.board.kiosk import KioskApp

        kind = KioskApp

    app = kind(places, clock or RealClock(), "en" if console else language, colours, ascii=console)
    died: list[int] = []

    def early(number: int, frame: FrameType | None) -> None:
        died.append(number)
        raise SystemExit(128 + number)

    for sign in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(sign, early)
    try:
        app.run(mouse=not kiosk)
        app.restored.set()
    finally:
        if app.source.is_alive():
            app.source.stop()
    if app.crash is not None:
        with suppress(OSError):
            sys.stderr.write(
                "\n".join(
                    [
                        app.words("commandpost: an error of the program; nothing of the post is lost"),
                        *crash_lines(app.crash),
                    ]
                )
                + "\n"
            )
    return app.return_code or 0
