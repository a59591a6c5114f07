"""`python -m commandpost`, and what the installed command runs."""

import signal
import sys


def start() -> int:
    """Runs the command of this process; its exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # While the modules are loaded nobody could say a word: Ctrl-C ends the process, as any shell knows
        # it, instead of showing where Python was. `main` takes it back once it can answer.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from commandpost.cli.main import main

    return main()


if __name__ == "__main__":
    sys.exit(start())
