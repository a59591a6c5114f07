"""The way in: finds the command, loads only its module, and turns every mistake into one line.

Exit codes: 0 fine, 1 found problems, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import TextIO

from commandpost.words import Language, Words, locale_language

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "make a post: post.toml, drops/, returned/, archive/"),
    "demo": ("demo", "a throw-away post that lives"),
    "watch": ("watch", "intake alone, as a service"),
    "import": ("intake", "take files in now"),
    "check": ("intake", "what would happen to files, without writing"),
    "template": ("template", "an empty drop with the right header"),
    "status": ("status", "the board as text, once"),
    "drops": ("drops", "what came, from whom, with what result"),
    "people": ("people", "who somebody is and where they were"),
    "kiosk": ("kiosk", "the read-only board for the wall"),
}
"""Command → its module in this package, its line of help. `""`, the board, is not listed."""

_BOARD = "board"


def main(argv: list[str] | None = None) -> int:
    """Run the command in `argv` (default: the process's arguments) and return its exit code."""
    _speak_utf8()
    arguments = sys.argv[1:] if argv is None else argv
    words = Words(_language(arguments))
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = _run(arguments, words)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        if argv is None:
            # A second Ctrl-C has nothing left to interrupt, and would show a traceback.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        line = words("interrupted")
        if _split(arguments)[1] == "import":
            line = words("interrupted: what was taken in stays, the same command goes on with the rest")
        print(f"commandpost: {line}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _forget_stdout()
        return 1
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1
    except Exception as error:  # noqa: BLE001 - the last place before a traceback, which would show people's data
        from commandpost.cli.mistakes import told

        line, code = told(error, words)
        print(f"commandpost: {line}", file=sys.stderr)
        return code


def _run(arguments: list[str], words: Words) -> int:
    before, command, after = _split(arguments)
    if "--version" in before:
        from commandpost import __version__

        print(f"commandpost {__version__}")
        return 0
    if not command and ("--help" in before or "-h" in before):
        from commandpost.cli.options import overview

        print(overview(words, {name: line for name, (_, line) in COMMANDS.items()}))
        return 0
    if command and command not in COMMANDS:
        from commandpost.errors import UsageError

        near = get_close_matches(command, COMMANDS, 1)
        if near:
            raise UsageError("no command {name}; did you mean {near}?", name=command, near=near[0])
        raise UsageError("no command {name}; see commandpost --help", name=command)
    module = import_module(f"commandpost.cli.{COMMANDS[command][0] if command else _BOARD}")
    parser = module.parser(words, command)
    options = parser.parse_args(before + after)
    options.command = command
    code: int = module.run(options, words)
    return code


_WITH_VALUE = ("--post", "--lang", "--clock")


def _split(arguments: list[str]) -> tuple[list[str], str, list[str]]:
    """What stands before the command's name, the name (empty: none), what stands after it."""
    i = 0
    while i < len(arguments) and arguments[i].startswith("-"):
        i += 2 if arguments[i] in _WITH_VALUE else 1
    if i >= len(arguments):
        return arguments, "", []
    return arguments[:i], arguments[i], arguments[i + 1 :]


def _language(arguments: list[str]) -> Language:
    """The language of help and mistakes: needed before the arguments are parsed."""
    for i, argument in enumerate(arguments):
        value = argument[7:] if argument.startswith("--lang=") else None
        if argument == "--lang" and i + 1 < len(arguments):
            value = arguments[i + 1]
        if value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return locale_language()


def _speak_utf8() -> None:
    """UTF-8 in and out whatever the locale: a GBK locale would garble file names and the board."""
    if sys.getfilesystemencoding().lower() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, sys.orig_argv)
    # A stream that was closed for us (>&-) is None: what is said there is said to nobody.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def _forget_stdout() -> None:
    """Nobody reads any more: what is still buffered must not fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
