# `make` gives the report; `make help` explains every target. GNU Make 3.81 is enough.
SHELL   = /bin/sh
EDITION ?= bundled
MIRROR  ?=
export EDITION MIRROR

ifdef PYTHON
PY      = $(PYTHON)
ENVIRON = $(PYTHON) src/helpers/project/environment.py --active
else
PY      = .venv/bin/python
ENVIRON = { [ -x .venv/bin/python ] && .venv/bin/python src/helpers/project/environment.py --ready; } || \
	for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	    { $$p src/helpers/project/environment.py; exit $$?; }; \
	done || { echo 'Python 3.11 or newer is needed, as python3 on the PATH' >&2; exit 1; }
endif
HOUSE   = $(PY) -m helpers.pipeline
JOBS    = $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# Notebooks that do not depend on each other run side by side, unless -j was given.
PARALLEL = $(if $(findstring j,$(firstword -$(MAKEFLAGS)))$(findstring --jobserver,$(MAKEFLAGS)),,-j$(JOBS))
BUILD   = $(HOUSE) build $(MAKE) --no-print-directory $(PARALLEL)

.PHONY: report notebooks data refresh mirror run lab test check slow publish verify lock clean distclean help environment
.DEFAULT_GOAL = report

report: environment  ## (default) the report: run what is stale, build the site, print its path
	@$(BUILD) report
	@echo build/$(EDITION)/site/index.html

notebooks: environment  ## run what is stale, without building the site
	@$(BUILD) notebooks

data: environment  ## fetch what data/raw/ lacks; never replaces a file
	@$(PY) -m helpers.sources acquire

refresh: environment  ## fetch everything anew beside the old, say what changed, then switch
	@$(PY) -m helpers.sources refresh

mirror: environment  ## write this edition's raw files as a mirror for others: make mirror DEST=folder
	@$(PY) -m helpers.sources mirror $(if $(DEST),'$(DEST)',$(error DEST=folder is missing))

run: environment  ## one notebook apart from the report: make run NOTEBOOK=08_inflation_regimes SET="horizon=12"
	@$(HOUSE) run $(NOTEBOOK) $(foreach pair,$(SET),--set '$(pair)')

lab: environment  ## open JupyterLab on the notebooks
	@$(PY) -m jupyterlab --notebook-dir=notebooks

test: environment check  ## lint, types and every test that is not slow
	@$(PY) -m pytest -n $(JOBS) -m "not slow" --ignore=tests/browser $(ARGS)

slow: environment  ## the slow tests: simulations, whole-pipeline runs
	@$(PY) -m pytest -n $(JOBS) -m slow --ignore=tests/browser $(ARGS)

check: environment  ## ruff (notebooks too) and mypy
	@$(PY) -m ruff check --quiet . && $(PY) -m ruff format --quiet --check . && $(PY) -m mypy --no-error-summary

publish: report  ## copy this edition's results to the tracked results/$(EDITION)/
	@$(HOUSE) publish

verify: environment  ## compute the published edition anew, elsewhere, and compare every number
	@rm -rf build/verify/$(EDITION)
	@HELPERS_BUILD=build/verify/$(EDITION) HELPERS_PROCESSED=build/verify/$(EDITION)/processed $(BUILD) notebooks
	@$(HOUSE) verify build/verify/$(EDITION)

lock:  ## pin the dependencies of pyproject.toml anew (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --upgrade --group dev --group build pyproject.toml -o requirements.lock.txt

clean:  ## remove builds and panels; raw data and the environment stay
	@rm -rf build data/processed/*

distclean: clean  ## also remove fetched raw data and the environment
	@find data/raw -mindepth 1 -maxdepth 1 ! -name compiled -exec rm -rf {} +
	@rm -rf .venv .environment.lock .mypy_cache .ruff_cache .pytest_cache

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -e 's/:.*##/:/' | \
	  awk -F': *' '{ printf "%-12s", $$1; sub(/^[a-z]+: */, ""); print }'

environment:
	@$(ENVIRON)
