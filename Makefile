# Everything works on a fresh machine that has Python 3.11, make and a package index.
PYTHON ?= $(firstword $(shell command -v python3 python3.11 python3.12 python3.13 python3.14 2>/dev/null))
.DEFAULT_GOAL := help
PY := .venv/bin/python
READY := .venv/.ready
SOURCES := storage modules mana_tui tests screenshots .ci

.PHONY: demo test check format budget proofs screenshots lock install wheel clean help

demo: $(READY)  ## open the app on a throw-away vault with sample data
	@.venv/bin/mana demo

test: $(READY)  ## run the tests
	@$(PY) -m pytest -q

check: $(READY)  ## format, lint, types, contracts
	@.venv/bin/ruff format --check --quiet $(SOURCES) || \
		{ echo "Some files are not formatted: run 'make format'."; exit 1; }
	@.venv/bin/ruff check --quiet $(SOURCES)
	@.venv/bin/pyright
	@.venv/bin/lint-imports --no-logo

format: $(READY)  ## format, and mend what can be mended
	@.venv/bin/ruff check --quiet --fix $(SOURCES) || true
	@.venv/bin/ruff format $(SOURCES)

budget: $(READY)  ## measure speed and size against the gates (quiet machine, a few minutes)
	@$(PY) -m tests.budget

proofs: $(READY)  ## prove what is promised: kills, flipped bytes, full disks (some minutes)
	@$(PY) -m pytest -q --override-ini=python_files='prove_*.py' tests/proofs

screenshots: $(READY)  ## draw the gallery again
	@$(PY) screenshots/take.py

install: $(READY)  ## make the environment
	@echo "Ready: .venv/bin/mana"

lock: $(READY)  ## choose dependency versions anew
	@.tools/bin/uv lock --upgrade

wheel: $(READY)  ## build the wheel into dist/
	@.tools/bin/uv build --quiet --wheel --no-create-gitignore

clean:  ## remove what make made
	rm -rf .venv .venv-newest .tools dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find storage modules mana_tui tests screenshots -name __pycache__ -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile

$(READY): pyproject.toml uv.lock .ci/bootstrap.py .ci/uv.txt
	@$(PYTHON) .ci/bootstrap.py
	@touch $(READY)
