# `make demo` and `make test` do all the set-up themselves.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export ENVLENS_STRICT := 1

.PHONY: demo check test soak bench docs screenshots clean
.DEFAULT_GOAL := check

# What a user installs.
.venv/.run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "envlens needs Python 3.11 or newer: make PYTHON=…"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { apt-get update && apt-get install -y python3-venv && $(PYTHON) -m venv .venv; }
	@echo "installing envlens into .venv …"
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

# What a developer needs beside it.
.venv/.dev: .venv/.run
	@echo "installing the tools for development into .venv …"
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

## demo: check the bundled example project, and register what is right of it in a workspace below .cache
DEMO := --workspace .cache/demo.db
demo: .venv/.run
	@$(BIN)/envlens lint examples --exit-zero
	@echo
	@$(BIN)/envlens register --quiet $(DEMO) examples/churn-model/environments/train/environment.yml \
		examples/churn-model/environments/serve/environment.yml
	@echo
	@$(BIN)/envlens list $(DEMO)

## check: the inner loop: style, types, layers, generated docs and the tests that take seconds
check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/envlens docs --check
	$(BIN)/python -m pytest -q -m "not slow and not editors and not engine" tests/unit tests/rules tests/mutations tests/sdk tests/house tests/consumers

## test: everything, real editors and a real Docker engine included; with CI=true nothing is skipped
test: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/envlens docs --check
	$(BIN)/python -m pytest

## bench: measure beside rivals in one run and write docs/performance.md
bench: .venv/.dev
	$(BIN)/python -m bench.run

## soak: full-size loads, faults and hostile files; writes their figures into docs/performance.md and docs/robustness.md
soak: .venv/.dev
	$(BIN)/python -m bench.run --only hostile
	$(BIN)/python -m bench.workspace

## docs: write the generated documentation
docs: .venv/.dev
	$(BIN)/envlens docs

## screenshots: real editors write docs/images
screenshots: .venv/.dev
	ENVLENS_SCREENSHOTS=docs/images $(BIN)/python -m pytest -q tests/editors

clean:
	rm -rf .venv .cache dist build
