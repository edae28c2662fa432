PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: dev check test clean

dev: $(VENV)/dev.stamp

$(VENV)/base.stamp: pyproject.toml constraints.txt scripts/build_llama.py
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(PY) scripts/build_llama.py
	$(PY) -m pip install --quiet -c constraints.txt -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/base.stamp
	$(PY) -m pip install --quiet -c constraints.txt -e '.[train,dev]'
	touch $@

test: $(VENV)/dev.stamp
	$(PY) -m pytest

check: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
