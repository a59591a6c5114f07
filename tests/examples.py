"""How many examples a random test tries: enough for the suite, many more for `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import settings

FUZZ = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
MORE = 20
"""Times as many when fuzzing."""


def examples(n: int) -> settings:
    """The settings of a test that tries `n` examples; the profile alone would not reach it."""
    return settings(max_examples=n * MORE if FUZZ else n, deadline=None)
