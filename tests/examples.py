"""How many examples a random test tries: enough for the suite, many more for `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

FUZZ = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
MORE = 20
"""Times as many when fuzzing."""


def examples(n: int) -> settings:
    """The settings of a test that tries `n` examples; the profile alone would not reach it."""
    return settings(max_examples=n * MORE if FUZZ else n, deadline=None)


def run_machine(machine: type[RuleBasedStateMachine], n: int, steps: int) -> None:
    """Runs a state machine `n` times, each of at most `steps` steps; the same ones every time where CI=true."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=n,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=os.environ.get("CI") == "true",
        ),
    )
