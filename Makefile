PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.bench-ready
JOBS ?= auto

.DEFAULT_GOAL := help

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(READY) ## Create .venv and install everything into it

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[pytest,check]' --group dev
	@touch $@

serve: $(READY) ## Start the sandbox on http://localhost:8585
	$(BIN)/mockserver serve

test: $(READY) lint ## Check style and types, then run all tests
	$(BIN)/python -m pytest -n $(JOBS)

lint: $(READY) ## Check style, types and the contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mockserver lint

fmt: $(READY) ## Put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: $(READY) ## Hold the mock to its contract with schemathesis
	$(BIN)/mockserver check

bench: $(BENCH_READY) ## Measure speed, launch and memory beside a bare uvicorn
	$(BIN)/python -m bench $(ARGUMENTS)

soak: $(READY) ## Half an hour of mixed load on one server
	$(BIN)/python -m bench.soak $(ARGUMENTS)

bench-peers: $(BENCH_READY) ## Install other mock servers into .cache and measure them, too
	$(BIN)/python -m bench.peers $(ARGUMENTS)

$(BENCH_READY): $(READY)
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

derive: $(READY) ## Derive schemas of the contract from the models of the Python SDK
	$(BIN)/python -m derive $(ARGUMENTS)

build: $(READY) ## Build the wheel and the source archive into dist/
	$(BIN)/python -m build

clean: ## Remove everything that was made
	rm -rf $(VENV) .cache dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help install serve test lint fmt check bench bench-peers soak derive build clean
