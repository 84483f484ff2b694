# The commands of this project; `make help` lists them. GNU make from 3.81 on and a POSIX shell.

PYTHON ?=
PORT ?= 5000
SECONDS ?= 30
ARGS ?=
FUZZ_CASES ?= 20
BEHAVE_ARGS ?=
SEED ?=
SHARDS ?= reports/shards/*
ROUNDS ?=
N ?=
SINCE ?=
SAMPLE ?=
STAGE ?=
FILES ?=

BIN := .venv/bin
BEHAVE_FLASK := $(BIN)/python -m behave_flask
RUN := .venv/run.stamp
PROJECT := .venv/project.stamp
DEV := .venv/dev.stamp
DOCS := .venv/docs.stamp
NODE := node_modules/report.stamp
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input
COMPILE := ../$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make pins'

# Another environment's settings must not leak into this one.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX

# A checkout that was moved still points to its old place: it gets a new environment.
ifneq ($(shell $(BIN)/python -c '' 2>/dev/null && cat $(RUN) 2>/dev/null),$(CURDIR))
.PHONY: $(RUN)
endif

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help accept rerun report merge-reports accept-services parity test prove-guards mutants-of-sentences lint unit coverage services bisect-order mutants bench bench-growth slow fuzz browser wheel docs format serve serve-services load audit pins digests clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

accept: $(PROJECT) browser  ## the acceptance suite; ARGS="--tags=@slow" and the like go to behave
	@rm -rf reports/junit reports/allure-results reports/rerun.txt
	@$(BIN)/behave $(BEHAVE_ARGS) $(ARGS); code=$$?; $(call ENDED,$(BEHAVE_ARGS) $(ARGS)) || code=$$(($$code ? $$code : 1)); \
		echo "Reports: reports/junit, reports/allure-results"; exit $$code

rerun: $(PROJECT)  ## what failed in the last run, and what it never reached, with the same data
	@$(BEHAVE_FLASK) rerun $(ARGS)

report: $(PROJECT) $(NODE)  ## the last run as one page, reports/allure.html, with the trends of those before; needs Node
	@$(BEHAVE_FLASK) report

merge-reports: $(PROJECT)  ## put the reports of all shards together; SHARDS="a b" names their folders
	@$(BEHAVE_FLASK) merge $(SHARDS)

accept-services: override BEHAVE_ARGS += -D stage=services
accept-services: $(DEV) accept  ## the same on real parts; DATABASE_URL= and REDIS_URL= for servers that run already

parity: $(DEV) browser  ## the suite in process and on real parts: every scenario must come to the same
	@rm -rf reports/junit
	@$(BIN)/behave $(BEHAVE_ARGS) --format=progress2 $(ARGS) || true
	@$(MAKE) --no-print-directory services

test: lint docs coverage mutants-of-sentences services unit  ## everything: lint, types, import rules, tests of the package, the suite on both stages, each word of it
	@echo; echo "make test: all passed"

# Any order, another one each time: no scenario may depend on another. SEED=1234 repeats one.
ORDER := -D order=random $(if $(SEED),-D seed=$(SEED))

# Red for a run that has not told all that it planned: a process that ends itself may do so with exit code 0.
ENDED = $(BEHAVE_FLASK) rerun --ended $(1)

# Runs a command under a title, and says where it stopped.
step = @printf '\n== %s\n' '$(1)'; $(2) || { echo "make $@: stopped at: $(1)" >&2; exit 1; }

prove-guards: $(PROJECT)  ## switch each guard of the shop off in turn: the rows that depend on it must go red; ARGS=role
	@$(BEHAVE_FLASK) mutants authorization features.support.guards:mutants $(ARGS)

mutants-of-sentences: $(PROJECT) browser  ## change each word of each Then: its scenario must go red; ARGS=features/billing
	$(call step,sentence mutants,$(BEHAVE_FLASK) mutants sentences \
		--equivalents features/equivalent_sentences.toml $(ARGS))

lint: $(DEV)  ## style, types, import rules, wording of the features, the workflow, undefined steps
	$(call step,style,$(BIN)/ruff check)
	$(call step,format,$(BIN)/ruff format --check)
	$(call step,types,$(BIN)/mypy)
	$(call step,import rules,$(BIN)/lint-imports --no-logo)
	$(call step,features,$(BEHAVE_FLASK) lint features)
	$(call step,workflow,$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml)
	$(call step,compose file,$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml)
	$(call step,undefined steps,$(BIN)/behave --dry-run --no-junit --format=progress2 --no-summary)

unit: $(DEV) $(DOCS) browser  ## the tests of the package and of these commands (tests/); ARGS go to pytest
	@rm -rf reports/pytest
	@! command -v npm >/dev/null || $(MAKE) --no-print-directory $(NODE) || echo "The tests of the pages are skipped."
	$(call step,tests,$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder \
		--junitxml=reports/pytest/results.xml $(ARGS))

coverage: $(DEV) browser  ## the suite in random order, measuring how much of app/ it reaches, with a gate a layer; SEED=
	@rm -rf reports/junit reports/allure-results reports/rerun.txt reports/coverage.json .coverage*
	$(call step,acceptance suite,$(BIN)/coverage run $(BIN)/behave -j 2 $(ORDER) && $(ENDED))
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage json --quiet -o reports/coverage.json
	$(call step,coverage,$(BIN)/python .ci/coverage_gates.py reports/coverage.json)

services: $(DEV) browser  ## the suite on real parts in random order; what came to something else than in the last run is told
	@rm -rf reports/services
	@printf '\n== acceptance suite on real parts\n'; $(BIN)/behave $(BEHAVE_ARGS) -j 2 $(ORDER) -D stage=services \
		--format=progress2 --junit-directory=reports/services/junit $(ARGS); code=$$?; \
		$(call ENDED,--junit-directory=reports/services/junit) || code=$$(($$code ? $$code : 1)); \
		$(BEHAVE_FLASK) parity reports/junit reports/services/junit && exit $$code

bisect-order: $(PROJECT)  ## which scenarios depend on each other in a random order that failed; SEED=1234
	@test -n "$(SEED)" || { echo "Which order? It failed with a seed: make bisect-order SEED=1234" >&2; exit 2; }
	@$(BEHAVE_FLASK) bisect $(SEED) $(ARGS)

mutants: $(DEV) browser  ## small faults in app/, and how many the features notice; SINCE=main, SAMPLE=300 SEED=1, STAGE=services, FILES="app/auth.py"
	@$(BEHAVE_FLASK) mutants code $(if $(SINCE),--since $(SINCE)) $(if $(SAMPLE),--sample $(SAMPLE)) \
		$(if $(SEED),--seed $(SEED)) $(if $(STAGE),--stage $(STAGE)) $(FILES) $(ARGS)

# A quick try must not take the place of what was measured with care.
BENCH = $(BIN)/python -m bench $(1) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(N),--examples $(N)) \
	$(if $(ROUNDS)$(N),--into reports/bench)

bench: $(DEV)  ## what the permission matrix costs, beside a bare loop and other ways of testing; ROUNDS=1 N=200
	@$(call BENCH,matrix)

bench-growth: $(DEV)  ## whether 5,000 examples cost 5 times as much as 1,000, in time and memory; ROUNDS=1
	@$(call BENCH,growth)

slow: $(PROJECT)  ## the scenarios that took over ten times the median in the last run
	@$(BEHAVE_FLASK) slow

fuzz: $(DEV)  ## some thousand requests of every kind to the shop and to both its servers, other ones each time; DATABASE_URL= for PostgreSQL
	@FUZZ_CASES=$(FUZZ_CASES) $(BIN)/pytest -q tests/service/test_fuzz.py tests/service/test_raw_fuzz.py $(ARGS)

browser: $(PROJECT)  ## see that there is a Chromium or Chrome for the pages; get one where that is possible
	@$(BEHAVE_FLASK) get-browser

wheel: $(DEV) browser  ## the package alone: an example played from its wheel with the oldest and the newest of what it needs
	@$(BIN)/python .ci/wheel.py $(ARGS)

docs: $(DOCS)  ## the documentation site, build/docs; red for a broken link
	$(call step,documentation,$(BIN)/sphinx-build --quiet --fail-on-warning --fresh-env --doctree-dir build/doctrees docs build/docs)
	@echo "Documentation: build/docs/index.html"

format: $(DEV)  ## put the Python code in its usual form
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

serve: export SHOP_CONFIG := development
serve: export DATABASE_URL := sqlite:///$(CURDIR)/instance/shop.sqlite
serve: $(PROJECT)  ## the shop with demo data on a local SQLite file; PORT=5000
	@$(BIN)/python -c "$$PORT_CHECK" $(PORT) $@
	@mkdir -p instance
	@$(BIN)/flask --app app db upgrade
	@$(BIN)/flask --app app load-demo
	@$(BIN)/flask --app app run --port $(PORT)

serve-services: $(DEV)  ## the shop as in production, with demo data: gunicorn, PostgreSQL, Redis, worker, beat; PORT=5000
	@$(BIN)/python -c "$$PORT_CHECK" $(PORT) $@
	@$(BIN)/python -m features.support.shop.local $(PORT)

load: $(DEV)  ## a busy day's requests to such a shop for 30 s: how many, how slow, red for any error; SECONDS=30
	@$(BIN)/python -m bench.load $(SECONDS)

audit: $(DEV)  ## known vulnerabilities in what is pinned, and what could not be looked up
	@$(BIN)/python .ci/audit.py requirements.txt requirements-dev.txt requirements-docs.txt

pins: $(DEV)  ## compile requirements/*.in into requirements.txt, and into those of the shop, of the tests and of the documentation
	@cd requirements && $(COMPILE) run.in -o ../requirements.txt
	@cd requirements && $(COMPILE) -c ../requirements.txt shop.in -o ../requirements-shop.txt
	@cd requirements && $(COMPILE) dev.in -o ../requirements-dev.txt
	@cd requirements && $(COMPILE) docs.in -o ../requirements-docs.txt

digests:  ## the digests of compose.yaml's images, as lines for .env; needs Docker and the registry
	@for each in PROXY_IMAGE=nginxinc/nginx-unprivileged:1.28 POSTGRES_IMAGE=postgres:15 REDIS_IMAGE=redis:7; do \
		docker pull --quiet "$${each#*=}" >/dev/null && \
		echo "$${each%%=*}=$$(docker image inspect --format '{{index .RepoDigests 0}}' "$${each#*=}")" || exit 1; done

clean:  ## remove the environment, reports, caches and the local database
	@rm -rf .venv node_modules reports examples/*/reports instance build src/*.egg-info .coverage* \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find app examples features src tests -name __pycache__ -prune -exec rm -rf {} +

quietly = $(1) >.venv/install.log 2>&1 || { tail -n 40 .venv/install.log >&2; exit 1; }

# The stamps are written last: what was interrupted starts over, from an empty environment, since pip takes a
# half-installed package for an installed one.
$(RUN): requirements.txt
	@python=; for candidate in $(if $(PYTHON),'$(PYTHON)',python3.13 python3.12 python3.11 python3); do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
		then python=$$candidate; break; fi; done; \
	if test -z "$$python"; then \
		echo "Python 3.11 or newer is needed, and none was found. Name one: make PYTHON=/path/to/python3.12" >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "$$python has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; fi; \
	echo "Installing what the suite needs (about a minute, once) ..."; \
	"$$python" -m venv --clear .venv
	@$(call quietly,$(PIP) --require-hashes --requirement requirements.txt)
	@echo '$(CURDIR)' > $@

$(PROJECT): pyproject.toml $(RUN)
	@$(call quietly,$(PIP) --no-deps --no-build-isolation --editable .)
	@touch $@

$(DEV): requirements-dev.txt $(RUN) | $(PROJECT)
	@echo "Installing what the tests need (about a minute, once) ..."
	@mv $(RUN) $(RUN).old
	@$(call quietly,$(PIP) --require-hashes --requirement requirements-dev.txt)
	@mv $(RUN).old $(RUN) && touch $@

$(DOCS): requirements-docs.txt $(DEV)
	@echo "Installing what builds the documentation (once) ..."
	@mv $(DEV) $(DEV).old
	@$(call quietly,$(PIP) --require-hashes --requirement requirements-docs.txt)
	@mv $(DEV).old $(DEV) && touch $@

$(NODE): package-lock.json
	@if ! node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null || ! command -v npm >/dev/null; then \
		echo "make report needs Node 20 or newer with npm, and found none. See https://nodejs.org" >&2; exit 1; fi
	@echo "Installing what draws the report (once) ..."
	@npm ci --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error
	@touch $@

define PORT_CHECK
import socket, sys
try:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(('127.0.0.1', int(sys.argv[1])))
except (OSError, OverflowError, ValueError) as error:
    sys.exit(f'Port {sys.argv[1]} cannot be used ({getattr(error, "strerror", None) or error}). Try another: make {sys.argv[2]} PORT=5001')
endef
export PORT_CHECK
