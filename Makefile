# `make` lists the targets. Needs git, make and Python 3.11 or newer with venv; the rest is set up here.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

# Node.js, npm and uv come as packages into the same environment.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help new check test bench fix picture release clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

new: $(VENV)/run.stamp ## make a project: make new, or make new ARGS="shop --need realtime --yes"
	@scaffold new $(ARGS)

check: $(VENV)/dev.stamp ## lint, types and the fast tests; under a minute
	ruff format --check .
	ruff check .
	mypy
	pytest -q -n $(WORKERS) --dist loadgroup -m "not slow"

test: $(VENV)/dev.stamp ## everything: check, then every stack made, installed, run and updated
	ruff format --check .
	ruff check .
	mypy
	pytest -n $(WORKERS) --dist loadgroup

bench: $(VENV)/dev.stamp ## measure speed, as ratios taken in one run
	python -m benchmarks

fix: $(VENV)/dev.stamp ## format, and mend what can be mended
	ruff format .
	ruff check --fix .

picture: $(VENV)/dev.stamp ## draw docs/picture.svg anew, from a real run
	python scripts/picture.py

release: $(VENV)/dev.stamp ## release the templates: make release VERSION=1.2.3
	python scripts/release.py $(VERSION)

clean: ## remove the environment and the caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/run.stamp: pyproject.toml constraints.txt
	@echo "Setting up (once) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/run.stamp
