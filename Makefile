# What people type; `make help` lists it. The work is CMake's: CMakePresets.json says how each build is made.
PREFIX ?= /usr/local
DESTDIR ?=
TIME ?= 60
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

# Ninja where it is there, else CMake's own choice. A build folder keeps what it was made with.
ifneq ($(shell command -v ninja 2>/dev/null),)
export CMAKE_GENERATOR ?= Ninja
endif

# $(call build,PRESET,FOLDER): configures, then builds.
build = cmake --log-level=NOTICE --preset $(1) && cmake --build $(2) --parallel $(JOBS)
test = ctest --test-dir $(1) --parallel $(JOBS) --output-on-failure

.PHONY: all
all: ## Build ksv into build/ (the default)
	$(call build,release,build)

.PHONY: static
static: ## Build ksv into build-static/ as one file that needs libc only
	scripts/install-deps.sh build static
	scripts/build-curl.sh build-static/curl
	$(call build,static,build-static)
	tests/integration/static_check.py build-static/ksv

.PHONY: demo
demo: ## Install what the build needs, build, and show the main job on the embedded store
	scripts/install-deps.sh build
	@# A make of its own, since ninja may have arrived just now.
	$(MAKE) --no-print-directory all
	scripts/demo.sh build/ksv

.PHONY: check
check: ## Install what the tests need, build, and run all of them
	scripts/check.sh

.PHONY: deps deps-test
deps: ## Install what the build needs (Debian)
	scripts/install-deps.sh build
deps-test: ## Install what the build and the tests need (Debian)
	scripts/install-deps.sh build test

.PHONY: test
test: ## Build for debugging and run the tests
	$(call build,dev,build-dev)
	$(call test,build-dev)

.PHONY: asan tsan clang
asan: ## Run the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	$(call build,asan,build-asan)
	$(call test,build-asan) --label-exclude 'lint|docs|integration|proof'
tsan: ## Run the tests under ThreadSanitizer
	$(call build,tsan,build-tsan)
	$(call test,build-tsan) --label-exclude 'lint|docs|integration|proof'
clang: ## Build with clang and run the tests
	scripts/install-deps.sh build test clang
	$(call build,clang,build-clang)
	$(call test,build-clang)

.PHONY: fuzz
fuzz: ## Fuzz each reader for TIME=60 seconds (clang)
	scripts/install-deps.sh build test clang
	$(call build,fuzz,build-fuzz --target ksv_fuzz)
	scripts/fuzz.sh build-fuzz $(TIME)

# The tables that README.md quotes; check runs the same in a short form.
server = tests/servers/run.py rgw --
.PHONY: proof proof-tools
proof: ## Prove that outcomes are exact, in hours: all of the parts below
proof: proof-rules proof-s3 proof-histories proof-etcd proof-dynamodb
proof-tools:
	scripts/install-deps.sh build test
	$(call build,check,build-check)

.PHONY: proof-rules proof-s3 proof-histories proof-etcd proof-dynamodb
proof-rules: proof-tools ## The fault table, many seeds, and that the guards are needed
	build-check/tests/proof/proof_fault_table
	KSV_SEEDS=100000 build-check/tests/sim/sim_update_test
	KSV_SEEDS=10000 tests/proof/mutations.py check build-check
proof-s3: proof-tools ## Verdicts on S3, each byte cut
	$(server) tests/proof/verdicts.py --ksv build-check/ksv --long \
		--without build-check/tests/proof/without_settling_ksv
	tests/servers/run.py swift -- tests/proof/verdicts.py --ksv build-check/ksv --places 30
proof-histories: proof-tools ## Histories of processes on S3, and on a cluster of etcd
	$(server) tests/proof/histories.py --ksv build-check/ksv --seconds 30
	$(server) tests/proof/gateway_race.py
	for store in $(etcd_stores); do \
		tests/servers/run.py etcd3 -- tests/proof/etcd_cluster.py --ksv build-check/ksv --seconds 60 --api $$store || \
		exit 1; done
proof-etcd: proof-tools ## Verdicts on etcd, each byte cut
	for store in $(etcd_stores); do \
		tests/servers/run.py etcd -- tests/proof/etcd_verdicts.py --ksv build-check/ksv --long --api $$store || \
		exit 1; done
proof-dynamodb: proof-tools ## Verdicts on DynamoDB
	for store in 'konserve --long' 'items --places 60' 'version-attr --places 60' 'exactly-once --places 60'; do \
		tests/servers/run.py dynamodb -- tests/proof/dynamo_verdicts.py --ksv build-check/ksv --store $$store || \
		exit 1; done
etcd_stores = 'v3 --settle history' 'v3 --settle sidecar' 'v2 --settle history'

.PHONY: replay
replay: ## Run one seed of the simulation again: make replay SEED=4711
	$(call build,check,build-check)
	KSV_SEEDS=1 KSV_FIRST_SEED=$(SEED) build-check/tests/sim/sim_update_test

.PHONY: bench
bench: ## Measure against the peers in the same run
	scripts/install-deps.sh build test bench
	$(call build,check,build-check)
	cmake --build build-check --target bench

.PHONY: docs
docs: ## Write man/ and completions/ anew from the table of commands
	$(call build,check,build-check)
	rm -f man/*.[157]
	build-check/ksv_gendocs man man
	build-check/ksv_gendocs completions completions

.PHONY: format tidy
format: ## Format the C++ files
	find src include tests -name '*.cpp' -o -name '*.h' | xargs clang-format-14 -i
tidy: ## Run clang-tidy over the sources
	scripts/install-deps.sh build test clang
	$(call build,clang,build-clang)
	find src -name '*.cpp' | xargs -P $(JOBS) -n 4 clang-tidy-14 --quiet -p build-clang

.PHONY: golden-update
golden-update: ## Rewrite what the transcripts of tests/cli expect; read the diff
	$(call build,dev,build-dev)
	tests/cli/run_transcripts.py --update --ksv build-dev/ksv $(sort $(wildcard tests/cli/*.test))

.PHONY: install uninstall
install: all ## Install ksv, its man pages and completions (PREFIX=/usr/local DESTDIR=)
	DESTDIR='$(DESTDIR)' cmake --install build --prefix '$(PREFIX)'

# The same files as scripts/install.cmake puts there; a test sees to it.
installed = bin/ksv \
  $(foreach section,1 5 7,$(patsubst man/%,share/man/man$(section)/%,$(wildcard man/*.$(section)))) \
  share/bash-completion/completions/ksv \
  share/zsh/site-functions/_ksv \
  share/fish/vendor_completions.d/ksv.fish
uninstall: ## Remove what install put there
	rm -f $(patsubst %,'$(DESTDIR)$(PREFIX)/%',$(installed))

.PHONY: clean
clean: ## Remove the build folders
	rm -rf build build-static build-check build-dev build-asan build-tsan build-clang build-fuzz

.PHONY: help
help: ## This list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | \
	  awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'
