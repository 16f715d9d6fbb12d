.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
export PYTHONDONTWRITEBYTECODE :=  # else each process of the tests would compile every source anew

.PHONY: help setup demo test test-slow test-crm pictures chaos laws hunt coverage mutants lint format bench

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(BIN)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

setup: $(BIN)/.installed ## make the virtual environment

demo: setup ## run the whole story on a sandbox CRM; ARGS="--data DIR" for your own data
	$(BIN)/dealgate demo $(ARGS)

test: setup ## run the tests
	$(BIN)/python -m pytest -n 4 $(ARGS)

test-slow: setup ## run the long suites too
	$(BIN)/python -m pytest -n auto -m 'slow or not slow' --timeout 900 $(ARGS)

tests-crm/node_modules/.installed: tests-crm/package-lock.json
	cd tests-crm && npm ci --ignore-scripts --loglevel=error
	touch $@

tests-crm/lwc/node_modules/.installed: tests-crm/lwc/package-lock.json
	cd tests-crm/lwc && npm ci --ignore-scripts --loglevel=error
	touch $@

tests-crm/hubspot/node_modules/.installed: tests-crm/hubspot/package-lock.json
	cd tests-crm/hubspot && npm ci --ignore-scripts --loglevel=error
	touch $@

test-crm: setup tests-crm/node_modules/.installed tests-crm/lwc/node_modules/.installed tests-crm/hubspot/node_modules/.installed ## check what is deployed into the CRMs, with node
	$(BIN)/python -m tests.salesforce_package.export build/crm
	$(BIN)/python -m tests.hubspot_project.export build/crm
	cd tests-crm && SF_DISABLE_TELEMETRY=true SF_SKIP_NEW_VERSION_CHECK=true npm test --silent
	cd tests-crm/lwc && npm test --silent
	cd tests-crm/hubspot && npm test --silent

pictures: tests-crm/hubspot/node_modules/.installed tests-crm/lwc/node_modules/.installed ## draw card and panel for the docs, with Chromium (CHROMIUM=path)
	cd tests-crm/hubspot && npm run --silent pictures
	cd tests-crm/lwc && npm run --silent pictures

chaos: setup ## kill the worker ten times while a company sells, and while it decides; ARGS=--full for a hundred
	$(BIN)/python -m benchmarks.chaos --json $(ARGS)
	$(BIN)/python -m benchmarks.chaos_decisions --json $(ARGS)

laws: setup ## hold the laws of engine, proof and levers against thousands of cases, the same each time
	$(BIN)/python -m pytest -n auto -x -m slow --timeout 900 tests/core tests/laws tests/proof tests/capacity $(DRAWN) $(ARGS)

hunt: DRAWN := --hypothesis-profile hunt
hunt: laws ## the same with cases drawn anew: run it now and then, keep what it finds as a test

PURE := tests/capacity tests/checks tests/core tests/laws tests/policy tests/proof tests/versions

coverage: setup ## branch coverage of the pure rooms by the examples that are written down: no drawn one counts
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 2 --hypothesis-profile explicit $(PURE) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under 100

mutants: setup ## change the pure rooms in a thousand places and see which changes the tests notice
	$(BIN)/python -m benchmarks.mutants $(ARGS)

lint: setup ## ruff, mypy, import-linter
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## format and fix
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: setup ## run every benchmark, short form
	for name in calls ingest latency drain assess chaos chaos_decisions faults proof capacity backtest cards; do $(BIN)/python -m benchmarks.$$name $(ARGS) || exit 1; done
