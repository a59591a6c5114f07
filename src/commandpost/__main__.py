"""`python -m commandpost`."""

import sys

from commandpost.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
