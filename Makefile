# Two commands on a fresh machine with Python 3.11 or newer: make serve, make test.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup serve check docs messages test coverage test-systems bench openapi pins

help: ## List these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: $(BIN)/.serve ## Make .venv with the pinned packages and the kaiyaku command

serve: $(BIN)/.serve ## Serve on http://127.0.0.1:8000, by default on an SQLite file under var/
	@$(BIN)/kaiyaku serve --host $(HOST) --port $(PORT)

check: $(BIN)/.develop ## Check code, texts, types, imports, the catalogue and the committed contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m scripts.conventions
	$(BIN)/python -m scripts.messages check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/kaiyaku check
	@$(BIN)/kaiyaku openapi | diff -q - openapi.json >/dev/null || { echo "openapi.json is not current: run make openapi"; exit 1; }

docs: $(BIN)/.develop ## Write the parts of docs/ that come from the code and the catalogue
	$(BIN)/python -m scripts.docs_glossary
	$(BIN)/python -m scripts.docs_timing_rules

messages: $(BIN)/.develop ## Bring translations in line with the English texts; ADD=vi begins a language
	@$(BIN)/python -m scripts.messages merge $(if $(ADD),--add $(ADD))

test: $(BIN)/.develop ## Run the tests that need Python only, on SQLite and on a real PostgreSQL
	$(BIN)/pytest -n 2 $(ARGS)

coverage: $(BIN)/.develop ## Run the tests with branch coverage, and check the minimum of each package
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 $(ARGS)
	@$(BIN)/coverage combine --quiet
	$(BIN)/python -m scripts.coverage

test-systems: $(BIN)/.systems ## Run the tests that need other programs (curl, Apache, nginx, PgBouncer, Chromium) or more time
	$(BIN)/pytest tests/systems -n 2 $(ARGS)

bench: $(BIN)/.develop ## Compare the speed with a naive service and a bare ASGI application; needs wrk and taskset
	$(BIN)/python -m benchmarks $(ARGS)

openapi: $(BIN)/.serve ## Write openapi.json, the committed contract
	$(BIN)/kaiyaku openapi > openapi.json

pins: $(BIN)/.develop ## Pin the newest versions that pyproject.toml allows, with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group build --upgrade $(PIN) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --upgrade $(PIN) -o requirements-dev.txt
	$(BIN)/uv pip compile --group systems --constraint requirements-dev.txt --upgrade $(PIN) -o requirements-systems.txt

PIN := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

$(BIN)/.serve: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: none was found (name one with make PYTHON=…)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the pinned packages into .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/.develop: $(BIN)/.serve requirements-dev.txt
	@echo "Installing the pinned packages for checks and tests into .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(BIN)/.systems: $(BIN)/.develop requirements-systems.txt
	@echo "Installing the pinned packages for make test-systems into .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-systems.txt
	@touch $@
