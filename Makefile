# Two commands: `make serve` builds the shipped data and serves it; `make test` runs every test.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# What an installation is made of: a change in any of these asks for a new one.
MADE_OF := pyproject.toml constraints.txt hatch_build.py $(wildcard catalogue/frontend/* catalogue/frontend/*/*)

.PHONY: serve test check bench clean

serve: .venv/run
	$(BIN)/s4s build
	$(BIN)/s4s serve --port $(PORT)

test: .venv/test
	$(BIN)/pytest

check: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/s4s check

bench: .venv/test
	$(BIN)/python -m tests.bench

clean:
	rm -rf .venv releases build dist catalogue/static/dist tests/browser/shots

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

.venv/run: $(BIN)/python $(MADE_OF)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/test: $(BIN)/python $(MADE_OF)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@ .venv/run
