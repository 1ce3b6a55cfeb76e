# Everything that a developer or CI runs. `make test` does its own set-up.

GO ?= go
FUZZTIME ?= 30s
# The golden master of what is fuzzed: package:target. fuzz.sh fails for a
# target that is not there, and for one that is there and not listed.
FUZZ := \
	./internal/token:FuzzParse \
	./internal/policy:FuzzResolve \
	./internal/policy:FuzzCondition \
	./internal/policy:FuzzNamePattern \
	./internal/catalog:FuzzMatch \
	./internal/catalog:FuzzParseTemplateURL \
	./internal/catalogfile:FuzzRead \
	./internal/clientip:FuzzAddr \
	./internal/dns:FuzzContent \
	./internal/dns:FuzzImport \
	./internal/gateway:FuzzTarget \
	./internal/h1:FuzzRequest \
	./internal/gateway/extauthz:FuzzCheck \
	./internal/gateway/extauthz:FuzzRead \
	./internal/plainhttp:FuzzRead \
	./internal/tokenform:FuzzDocument \
	./v4:FuzzDecode \
	./v4:FuzzResources \
	./v4:FuzzCondition

.PHONY: help deps build test check unit race fuzz e2e browser images bench bench-short bench-go bench-gateway streams soak clean

help: ## what there is to run
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

deps: ## install what tests need and the machine lacks
	scripts/deps.sh

build: ## the static binary, bin/tokenward
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/tokenward ./cmd/tokenward

test: deps check unit fuzz e2e browser bench-short ## everything that CI runs

check: ## formatting, vet, generated files, modules
	scripts/check.sh

unit: ## unit and integration tests
	$(GO) test ./...

race: ## the same with the race detector
	$(GO) test -race ./...

fuzz: ## each fuzz target for FUZZTIME
	FUZZTIME=$(FUZZTIME) scripts/fuzz.sh $(FUZZ)

e2e: ## the real clients against a real server
	cd e2e && $(GO) test -count=1 .

browser: ## the dashboard in a real browser
	cd e2e && $(GO) test -count=1 -parallel 2 ./browser

images: ## the pictures in docs/images
	cd e2e && TOKENWARD_IMAGES=$(CURDIR)/docs/images $(GO) test -count=1 -run Pictures ./browser

bench: ## the tables and plots of docs/performance.md: ours beside policy engines
	bench/deps.sh
	cd bench && $(GO) run . $(BENCH)

bench-short: ## the same with tiny counts: is every row measured?
	bench/deps.sh
	cd bench && $(GO) test ./... && $(GO) run . -short

bench-go: ## benchmarks of the check, the match and the store
	$(GO) test -run '^$$' -bench 'Authorize|Match|TokenToCheck|Write' -benchmem ./internal/authority ./internal/catalog ./internal/store

bench-gateway: ## forward-auth and the gateway beside an empty handler, a bare proxy, nginx and Caddy
	$(GO) test -run '^$$' -bench Gateway -benchtime 1x ./examples/proxies

soak: ## the kill -9 test, 200 rounds instead of 20
	TOKENWARD_TEST_KILLS=200 $(GO) test -count=1 -timeout 60m -run Kill ./internal/store

streams: ## 1 GiB up and down through the gateway, and 1,000 idle WebSockets
	TOKENWARD_TEST_STREAM=1024 TOKENWARD_TEST_SOCKETS=1000 $(GO) test -count=1 -v -run 'Memory|IdleWebSockets' ./internal/upstream

explain-million: ## a million random accesses, asked of the gate and explained
	TOKENWARD_TEST_EXPLAIN=1000000 $(GO) test -count=1 -timeout 60m -v -run ExplainAgrees ./internal/authority

clean: ## what the build made
	rm -rf bin
