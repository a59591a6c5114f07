"""`commandpost watch` that takes every folder for one of a network share, where no lease can be had."""

from __future__ import annotations

import sys

from commandpost.cli.main import main
from commandpost.intake import inbox

if __name__ == "__main__":
    inbox._LOCAL = frozenset()
    sys.exit(main(sys.argv[1:]))
