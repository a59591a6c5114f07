"""The benchmarks: one command, peers side by side. `python -m bench --help`."""
