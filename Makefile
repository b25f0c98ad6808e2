# Hoofdsom: everything a developer or an administrator types. `make help` lists it.

VENV := .venv
PYTHON := python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 3
SOAK_SECONDS ?= 300
UV := $(if $(wildcard $(BIN)/uv),$(BIN)/uv,uv)
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-annotate

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PORT
export SERVE

.DEFAULT_GOAL := help
.PHONY: help setup test soak chromium lint format types bench screenshots migrate migration demo serve lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make the environment in .venv from the locked, hashed versions

$(STAMP): requirements-bootstrap.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Hoofdsom needs Python 3.11 or newer as $(PYTHON). Debian 12 has it: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python cannot make an environment. Install what is missing: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the locked packages into $(VENV) ..."
	@{ $(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock \
		&& $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock; } \
		|| { echo "uv could not do it; pip takes over (this takes about a minute)"; \
		     $(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock; }
	@$(BIN)/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

test: setup chromium ## Run all tests, on SQLite and on a real PostgreSQL
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

soak: setup ## Run the long fuzz and replay runs (SOAK_SECONDS: how long each part may take)
	HOOFDSOM_SOAK_SECONDS=$(SOAK_SECONDS) $(BIN)/python -m pytest -m soak -n $(WORKERS) --dist loadfile tests/soak $(TESTS)

# Tests in a browser use Debian's chromium. Where it is missing and may be installed, it is.
chromium:
	@command -v chromium >/dev/null 2>&1 || command -v apt-get >/dev/null 2>&1 || exit 0; \
	command -v chromium >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as="sudo -n"; else exit 0; fi; \
	echo "Installing chromium for the tests in a browser ..."; \
	{ $$as apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -qq chromium; } >/dev/null 2>&1 || true

lint: setup ## Check style, formatting and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

format: setup ## Put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup ## Check the types
	$(BIN)/mypy

bench: setup ## Measure load and settle against a raw floor
	$(BIN)/python -m bench

migrate: setup ## Bring the database to the newest schema
	$(BIN)/hoofdsom migrate

migration: setup ## Write a new migration from the tables: make migration name=what_changes
	@test -n "$(name)" || { echo "Give it a name: make migration name=what_changes"; exit 1; }
	$(BIN)/python -m migrations.write "$(name)"
	$(BIN)/ruff format --quiet migrations/versions

screenshots: setup chromium ## Make the pictures of the user guide from the invented year
	$(BIN)/python -m tests.browser.screenshots

demo: setup ## Show the worked example (PORT and SERVE are passed on)
	$(BIN)/hoofdsom demo

serve: setup ## Serve the application on this machine
	$(BIN)/hoofdsom serve

lock: ## Choose the versions again and write the locks
	$(LOCK) --upgrade pyproject.toml --output-file requirements.lock
	$(LOCK) --upgrade pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	echo 'uv>=0.13,<0.14' | $(LOCK) --upgrade - --output-file requirements-bootstrap.lock
	@! grep -nE '://|--index|--find-links| @ ' requirements*.lock || { echo "A lock names a host."; exit 1; }

clean: ## Remove everything that is made here, except the database
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
