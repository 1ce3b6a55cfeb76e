# Everything that a developer or CI runs. `make test` does its own set-up.

GO ?= go
FUZZTIME ?= 30s
# The golden master of what is fuzzed: package:target. fuzz.sh fails for a
# target that is not there, and for one that is there and not listed.
FUZZ := \
	./internal/token:FuzzParse \
	./internal/policy:FuzzResolve \
	./internal/policy:FuzzCondition \
	./internal/catalog:FuzzMatch \
	./internal/catalog:FuzzParseTemplateURL \
	./internal/catalogfile:FuzzRead \
	./internal/clientip:FuzzAddr \
	./internal/dns:FuzzContent \
	./internal/dns:FuzzImport \
	./internal/gateway:FuzzTarget \
	./internal/tokenform:FuzzDocument \
	./v4:FuzzDecode \
	./v4:FuzzResources \
	./v4:FuzzCondition

.PHONY: help deps build test check unit race fuzz e2e browser images bench bench-gateway soak clean

help: ## what there is to run
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

deps: ## install what tests need and the machine lacks
	scripts/deps.sh

build: ## the static binary, bin/tokenward
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/tokenward ./cmd/tokenward

test: deps check unit fuzz e2e browser ## everything that CI runs

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

bench: ## benchmarks of the check, the match and the store
	$(GO) test -run '^$$' -bench 'Authorize|Match|TokenByDigest|Write' -benchmem ./internal/authority ./internal/catalog ./internal/store

bench-gateway: ## forward-auth and the gateway beside an empty handler, a bare proxy, nginx and Caddy
	$(GO) test -run '^$$' -bench Gateway -benchtime 1x ./examples/proxies

soak: ## the kill -9 test, 200 rounds instead of 20
	TOKENWARD_TEST_KILLS=200 $(GO) test -count=1 -timeout 60m -run Kill ./internal/store

explain-million: ## a million random accesses, asked of the gate and explained
	TOKENWARD_TEST_EXPLAIN=1000000 $(GO) test -count=1 -timeout 60m -v -run ExplainAgrees ./internal/authority

clean: ## what the build made
	rm -rf bin
