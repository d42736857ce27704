# Each target sets up what it needs: `make demo` on a fresh machine with Python 3.11 or later is all there is to do.

# The first Python that is new enough; python3 itself may be older than what stands beside it.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST_ARGS ?= -n 2 --dist loadgroup -q

# Another PostgreSQL for the server tests: 15 is the oldest that is supported.
PG_BIN ?= /usr/lib/postgresql/15/bin
SERVER_TESTS := $(addprefix tests/acceptance/,catalog plan postgres render) \
  $(addprefix tests/acceptance/lint/test_,examples.py locks.py replay.py type_changes.py)

.PHONY: demo test test-server sample bench lint clean
.DEFAULT_GOAL := test

demo: $(STAMP)
	@$(BIN)/alembic-vibe demo

test: lint
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-server: $(STAMP)
	@ALEMBIC_VIBE_TEST_PG_BIN=$(PG_BIN) $(BIN)/python -m pytest $(PYTEST_ARGS) $(SERVER_TESTS)

# The sample project again from its first version, with every proof: takes minutes.
sample: $(STAMP)
	@$(BIN)/python -m tests.acceptance.sample_history

bench: $(STAMP) $(VENV)/.installed-bench
	@$(BIN)/python -m bench

lint: $(STAMP)
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache >$(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }

# The stamp is older than pyproject.toml when the dependencies may have changed. The old pip of a new environment does
# not know dependency groups (25.1 does), so it is replaced first.
$(STAMP): pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "alembic-vibe needs Python 3.11 or later; name one that is not on the path: make PYTHON=/opt/python/bin/python3" >&2; \
	  exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { \
	  echo "Python cannot make a virtual environment here; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 2; }
	@echo "Setting up $(VENV) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e . --group dev
	@touch $@

$(VENV)/.installed-bench: $(STAMP)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --group bench
	@touch $@

clean:
	rm -rf $(VENV)
