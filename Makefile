# Two commands: `make serve` builds the shipped data and serves it; `make test` runs every test.
PYTHON ?= python3
PORT ?= 8000
SIZES ?= 10k 1M
BIN := .venv/bin
TOOLS := build/tools
# What an installation is made of: a change in any of these asks for a new one.
MADE_OF := pyproject.toml constraints.txt hatch_build.py $(wildcard catalogue/frontend/* catalogue/frontend/*/*)

.PHONY: serve test check bench lock dist audit clean

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
	$(BIN)/python -m tests.bench.scale $(SIZES) $(if $(KEEP),--folder $(KEEP))

# The packages that run the site, with the checksum of each file that they may come as.
lock: $(TOOLS)/bin/python
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(TOOLS)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--constraint constraints.txt --custom-compile-command 'make lock' \
		--output-file requirements.lock pyproject.toml

# All that a server needs: the wheel, the lock, and a list of what it is made of (CycloneDX).
dist: .venv/run
	rm -rf dist
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps -c constraints.txt -w dist .
	cp requirements.lock dist
	$(BIN)/python sbom.py > dist/skills4skills.cdx.json

# Asks, over the network, which of the packages have known weaknesses.
audit: $(TOOLS)/bin/python
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	$(TOOLS)/bin/pip-audit --strict --requirement requirements.lock --require-hashes --disable-pip
	npm audit --prefix catalogue/frontend --omit dev

clean:
	rm -rf .venv releases build dist catalogue/static/dist tests/browser/shots

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

$(TOOLS)/bin/python:
	$(PYTHON) -m venv $(TOOLS)

.venv/run: $(BIN)/python $(MADE_OF)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/test: $(BIN)/python $(MADE_OF)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@ .venv/run
