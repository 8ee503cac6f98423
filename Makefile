# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
ARGS ?=
SWIFT_FLAGS ?=

.PHONY: help run build test built-tests proof unit contract contract-check lint format fuzz bench conformance postgres clean

help: ## Lists the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

run: ## Builds in release mode and runs the sample mall (ARGS=--once to stop after the report)
	@Scripts/setup.sh run
	swift build -c release --static-swift-stdlib --product kontor $(SWIFT_FLAGS)
	@.build/release/kontor demo $(ARGS)

build: ## Builds everything in debug mode
	@Scripts/setup.sh run
	swift build $(SWIFT_FLAGS)

test: ## Installs what the tests need and runs all of them, on SQLite and on a private PostgreSQL
	@Scripts/setup.sh test
	swift build --build-tests $(SWIFT_FLAGS)
	@Scripts/postgres.sh run --fast $(MAKE) --no-print-directory built-tests

# With KONTOR_TEST_DATABASE set, which says where the tests find PostgreSQL.
built-tests:
	swift test --skip-build --skip '(Scenarios|Kontor|Gateway)Tests' $(SWIFT_FLAGS)
	@# These start other processes, which Foundation cannot do from several threads at once, or time connections, which
	@# a thousand tests beside them would keep waiting for a thread.
	swift test --skip-build --no-parallel --filter '(Scenarios|Kontor|Gateway)Tests' $(SWIFT_FLAGS)

proof: ## The tests with every fault as often as docs/faults.md says and the model test at length
	KONTOR_FAULTS=full KONTOR_MODEL_SEQUENCES=500 $(MAKE) test

unit: ## Tests one room only, e.g. make unit M=Ledger
	KONTOR_ONLY=$(M) swift test $(SWIFT_FLAGS)

contract: ## Writes the code of the contracts anew
	@Scripts/setup.sh contract
	Scripts/contract.sh

contract-check: ## Fails when the committed code differs from the contracts
	@Scripts/setup.sh contract
	Scripts/contract.sh --check

lint: ## Checks the format of the sources
	Scripts/lint.sh

format: ## Formats the sources
	swift format --in-place --parallel --recursive Package.swift Sources Tools Tests

fuzz: ## Feeds the rules and every statement reader with broken input for a minute
	@Scripts/setup.sh test
	Scripts/fuzz.sh all --minutes 1

bench: ## Runs the benchmarks that README quotes
	@Scripts/setup.sh run
	swift build -c release --static-swift-stdlib --product kontor $(SWIFT_FLAGS)
	Scripts/bench.sh

conformance: ## Tries the running API's description with schemathesis
	@Scripts/setup.sh conformance
	Scripts/conformance.sh

postgres: ## Starts a private PostgreSQL that stays, for `swift test` again and again; Scripts/postgres.sh stop ends it
	@Scripts/setup.sh test
	@Scripts/postgres.sh start --fast

clean: ## Removes what was built and the sample mall's data
	rm -rf .build var
