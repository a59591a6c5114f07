# Everything sets itself up: only Python (3.11 or newer) and make are needed.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/
READY := $(VENV)/.ready
CATALOGUES := data/locale/zh/LC_MESSAGES/commandpost.mo

# pip applies constraints to its build environments by either name, by version.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_BUILD_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test test-long check bench fuzz faults wheel setup picture clean

setup: $(READY) $(CATALOGUES)

$(READY): pyproject.toml constraints.txt hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "commandpost needs Python 3.11 or newer: make PYTHON=python3.11")'
	@test -x $(RUN)python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "This Python cannot make environments: install its venv package (Debian: python3-venv)" >&2; exit 1; }
	$(RUN)python -m pip install --quiet -e '.[dev]'
# Without byte-code the program starts three times slower.
	@$(RUN)python -m compileall -q -j 2 src $(VENV)/lib || true
	@touch $@

$(CATALOGUES): $(READY) $(wildcard data/locale/*/*.po)
	@$(RUN)python hatch_build.py
	@touch $@

## A living post: something new every few seconds. With no terminal: played through, printed, done.
demo: setup
	@$(RUN)commandpost demo

## The tests, at most 5 minutes on two cores.
test: setup
	$(RUN)pytest -m 'not long' -n 3 --dist loadgroup

## The ones that take minutes.
test-long: setup
	$(RUN)pytest -m long -n 3 --dist loadgroup

## Lint, format, strict types, import contracts, catalogues.
check: setup
	$(RUN)ruff check
	$(RUN)ruff format --check
	$(RUN)mypy
	$(RUN)lint-imports
	$(RUN)pytest tests/test_project.py -k catalogue

## Side by side with its peers; BENCH="a c" for some of them, BENCH=--write to renew docs/benchmarks.md.
bench: setup
	@$(RUN)python -m pip install --quiet -e '.[bench]'
	$(RUN)python -m bench $(BENCH)

## A million mangled sheets; then more of the random tests than the suite has time for. FUZZ="--inputs 50000"
fuzz: setup
	$(RUN)python -m tests.intake.fuzz $(FUZZ)
	HYPOTHESIS_PROFILE=fuzz $(RUN)pytest -m 'long or not long' tests/contract tests/store tests/intake

## kill -9, 500 rounds.
faults: setup
	COMMANDPOST_FAULT_ROUNDS=500 $(RUN)pytest -m 'long or not long' tests/faults

wheel: setup
	$(RUN)python -m build --wheel --no-isolation

## docs/board.svg, drawn by the program itself.
picture: setup
	$(RUN)python docs/draw_board.py

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
