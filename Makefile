# Every command prepares what it needs: in .venv, from requirements.lock, and
# nowhere else.  Nothing has to be activated.
#
#   make grade ARGS="--chapter 03_momentum"    passes options on
#   make setup PYTHON=/opt/python3.13/bin/python3    chooses the Python
#
# Works with GNU make 3.81 (macOS) and later.  Windows: see README.md.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
.PHONY: help setup lab grade formgrader build bundle site prove test bench lock clean \
        learning-tools grading-tools development-tools

ARGS ?=
PYTHON ?=
COURSE := .venv/bin/python

# Another environment's settings must not reach into this one.
unexport PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX UV_CONSTRAINT UV_OVERRIDE
# The system's certificates, as pip uses them: some networks have one of their own.
UV_SYSTEM_CERTS ?= 1
export UV_SYSTEM_CERTS
export PIP_USER := 0
export PIP_NO_INPUT := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export JUPYTER_PREFER_ENV_PATH := 1

help: ## Say what there is to do
	@echo "make COMMAND, where COMMAND is"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

setup: development-tools ## Prepare .venv for everything below
	@echo "Ready: .venv has all that the commands of this Makefile need."

lab: learning-tools ## Open the chapters in JupyterLab
	@$(COURSE) -m autograder lab $(ARGS)

grade: grading-tools ## Grade the class in grading/submitted, or a sample class in sample/
	@$(COURSE) -m autograder grade $(ARGS)

formgrader: grading-tools ## Release, grade by hand, comment, in the browser
	@$(COURSE) -m autograder formgrader $(ARGS)

build: grading-tools ## Make the notebooks and catalogues from their sources
	@$(COURSE) -m autograder build $(ARGS)

bundle: grading-tools ## Make what learners get: a zip, a wheel, no answer
	@$(COURSE) -m autograder bundle $(ARGS)

site: development-tools ## Make the course a site that needs only a browser
	@$(COURSE) -m autograder site $(ARGS)

prove: grading-tools ## List the wrong answers that a check would let pass
	@$(COURSE) -m autograder prove $(ARGS)

test: development-tools ## Lint, types, notebooks up to date, all tests
	@echo "== ruff check" && $(COURSE) -m ruff check --output-format concise .
	@echo "== ruff format" && $(COURSE) -m ruff format --check . || \
	    { echo "To lay it out: .venv/bin/ruff format ."; exit 1; }
	@echo "== mypy" && $(COURSE) -m mypy autograder benchmarks
	@echo "== autograder build --check" && $(COURSE) -m autograder build --check
	@echo "== pytest" && $(COURSE) -m pytest -n auto $(ARGS)

bench: development-tools ## Measure, and write benchmarks/results.json
	@$(COURSE) -m benchmarks $(ARGS)

lock: development-tools ## Choose the newest versions and write requirements.lock
	@$(COURSE) -m uv pip compile pyproject.toml --extra lab --group dev --group hub --universal --upgrade \
	    --generate-hashes --no-annotate --no-header --python-version 3.11 \
	    --quiet --output-file requirements.lock
	@echo "requirements.lock is new. Bring environment.yml in line, then: make test"

clean: ## Remove .venv and caches; marks and submissions stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	@find autograder benchmarks tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Preparing .venv -------------------------------------------------------
# A file .venv/ready-LEVEL holds a checksum of what that level was made from.
# Each level holds the ones before it.

learning-tools:
	@$(call prepare,learning,,learning)

grading-tools:
	@$(call prepare,grading,--group grade,learning grading)

development-tools:
	@$(call prepare,development,--group dev,learning grading development)

# The course was called `autograder` once, as another package on PyPI is.
# $(call prepare,LEVEL,GROUPS OF pyproject.toml,LEVELS REACHED)
define prepare
set -e; \
$(if $(PYTHON),$(refuse_another_python);) \
key=`{ pwd -P; cat pyproject.toml requirements.lock; } | cksum`; \
if $(COURSE) -c '' 2>/dev/null; then \
    if [ "`cat .venv/ready-$(1) 2>/dev/null`" = "$$key" ]; then exit 0; fi; \
fi; \
$(start_clock); $(make_venv); $(install_uv); \
printf 'Installing what $(1) needs ... '; \
[ -w "$${HOME:-/nowhere}" ] || export UV_NO_CACHE=1; \
$(COURSE) -m uv pip uninstall --quiet --python $(COURSE) autograder; \
$(COURSE) -m uv pip install --quiet --compile-bytecode --python $(COURSE) \
    $(2) --editable '.[lab]' \
    --constraint requirements.lock --build-constraint requirements.lock; \
$(COURSE) -m compileall -q autograder; \
$(say_seconds); \
for level in $(3); do echo "$$key" > .venv/ready-$$level; done
endef

start_clock = clock=`date +%s`
say_seconds = now=`date +%s`; echo "$$((now - clock)) s"; clock=$$now

# A .venv made elsewhere, or by a Python that is gone, is made anew.
define make_venv
if ! $(COURSE) -c '' 2>/dev/null || \
    { [ -f .venv/place ] && [ "`cat .venv/place`" != "`pwd -P`" ]; }; then \
    $(find_python); \
    printf 'Making .venv with %s ... ' "`"$$python" --version`"; \
    rm -rf .venv; \
    "$$python" -m venv .venv; \
    pwd -P > .venv/place; \
    $(say_seconds); \
fi
endef

define refuse_another_python
if $(COURSE) -c '' 2>/dev/null && \
    [ "`"$(PYTHON)" --version 2>&1`" != "`$(COURSE) --version`" ]; then \
    echo "make: .venv has `$(COURSE) --version`; PYTHON is another: $(PYTHON)" >&2; \
    echo "      To change it: make clean, then this again." >&2; \
    exit 1; \
fi
endef

# The first Python that will do.  Some commands called python3.x only print an
# error (version managers), and Debian's Python comes without venv: so each is tried.
define find_python
python=; lacking=; \
for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11 python); do \
    "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
        2>/dev/null || continue; \
    if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; \
    then python=$$candidate; break; \
    else lacking="$$lacking $$candidate"; \
    fi; \
done; \
if [ -z "$$python" ] && [ -n "$$lacking" ]; then \
    echo "make:$$lacking cannot make virtual environments." >&2; \
    echo "      On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; \
    exit 1; \
elif [ -z "$$python" ]; then \
    echo "make: $(if $(PYTHON),$(PYTHON) is not,found no) Python from 3.11 to 3.14." >&2; \
    echo "      Install one, or name one: make PYTHON=/path/to/python3 COMMAND" >&2; \
    exit 1; \
fi
endef

# uv of the locked version, its hash checked by pip; uv checks all the others.
define install_uv
sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt; \
if ! grep -q "^uv==`$(COURSE) -m uv --version 2>/dev/null | cut -d' ' -f2` " .venv/uv.txt; then \
    printf 'Installing uv ... '; \
    $(COURSE) -m pip --version >/dev/null 2>&1 || $(COURSE) -m ensurepip >/dev/null; \
    $(COURSE) -m pip install -qq --require-hashes --requirement .venv/uv.txt; \
    $(say_seconds); \
fi
endef
