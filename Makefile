# make run · make test · make lint · make bench · make faults · make docs; the rest serves these.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVICES := ingest metrics incentives
DISTS := libs/events libs/people libs/service $(SERVICES:%=services/%) deploy/embedded

.PHONY: run test lint docs bench faults lock clean

# A local Kafka (PRAXIS_LOG=kafka) comes with the development parts.
run: $(VENV)/$(if $(filter kafka,$(PRAXIS_LOG)),.dev,.runtime)  ## everything on one machine, data in ./.praxis
	@$(BIN)/praxis run

test: $(VENV)/.dev  ## all tests, on real PostgreSQL and real Kafka; JOBS at a time
	$(BIN)/pytest -n $(or $(JOBS),2) $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(foreach d,$(DISTS),$(wildcard $d/praxis_*)) tests bench

docs: $(VENV)/.runtime  ## what is generated from the code
	$(BIN)/python -m praxis_events.asyncapi > docs/api/asyncapi.json
	$(BIN)/python -m praxis_events.event_list > docs/api/events.md

bench: $(VENV)/.dev  ## ratios against bare ceilings, in one run
	$(BIN)/python -m bench $(ARGS)

faults: $(VENV)/.dev  ## ROUNDS of faults on each log, or only on LOG; with its SEED a run is repeated
	$(BIN)/pytest tests/faults -q -s --rounds $(or $(ROUNDS),25) --seed $(or $(SEED),297) $(if $(LOG),--faults-on $(LOG)) $(ARGS)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock requirements-build.lock $(DISTS:%=%/pyproject.toml) | $(VENV)/bin/python
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements-build.lock
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation $(DISTS:%=-e %)
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

COMPILE := uv pip compile -q --generate-hashes --no-header --universal --python-version 3.11
lock:  ## lock the dependencies again (needs uv): with hashes, without addresses
	$(COMPILE) requirements-build.in -o requirements-build.lock
	$(COMPILE) $(foreach d,$(DISTS),--no-emit-package praxis-$(notdir $d)) requirements.in -o requirements.lock
	$(COMPILE) -c requirements.lock requirements-dev.in -o requirements-dev.lock
	$(foreach s,$(SERVICES),$(lock_service))

# What a service's image installs: the libraries and this service, in the versions that the tests ran on.
define lock_service
grep -E '/(libs|services/$s)(/|$$)' requirements.in | $(COMPILE) -c requirements.lock \
	  $(foreach d,$(DISTS),--no-emit-package praxis-$(notdir $d)) - -o services/$s/requirements.lock

endef

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
