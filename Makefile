# The two commands that matter: make run, make test. The others are steps of theirs, or habits.

VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO        ?= go
TOOL      := $(GO) tool -modfile=tools/go.mod
SOURCES   := cmd internal test bench
# Tests start this binary. It is built with the race detector, so that every end-to-end test looks for races in it, too.
TEST_BINARY := $(CURDIR)/bin/ai-gateway-race
# The source parsers are C, so the binary is linked by gcc; on Linux statically, so that it runs on any image, even an empty one.
BUILD_TAGS  := netgo,osusergo
LDFLAGS     := -s -w -buildid= -X main.version=$(VERSION)
ifeq ($(shell $(GO) env GOOS),linux)
LDFLAGS     += -extldflags "-static"
endif
export CGO_ENABLED := 1

.PHONY: help run build test test-binary test-watch test-coverage test-integration lint format generate bench image develop hooks clean

help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  \1|\2/' | column -t -s '|'

run: build .env ## Serve the API on port 5052 and metrics on 8082
	@echo
	@echo "Try it, from another terminal:"
	@echo
	@echo "  curl -s http://localhost:5052/v2/code/completions -H 'Content-Type: application/json' \\"
	@echo "    -d '{\"prompt_version\":1,\"current_file\":{\"file_name\":\"add.py\",\"content_above_cursor\":\"def add(a, b): return \",\"content_below_cursor\":\"\"}}'"
	@echo
	@exec bin/ai-gateway

.env:
	cp example.env .env

build: ## Build bin/ai-gateway, the same bytes from the same sources
	$(GO) build -trimpath -buildvcs=false -tags $(BUILD_TAGS) -ldflags '$(LDFLAGS)' -o bin/ai-gateway ./cmd/ai-gateway

test: lint build test-binary ## Lint, unit, race, end-to-end, conformance and packaging tests
	AIGW_TEST_BINARY=$(TEST_BINARY) RELEASE_BINARY=$(CURDIR)/bin/ai-gateway $(GO) test -race ./...
	$(GO) test -C test/manifests ./...

test-binary:
	$(GO) build -race -o $(TEST_BINARY) ./cmd/ai-gateway

test-watch: ## Test the packages of changed files, again and again
	@mkdir -p bin; touch bin/.tested; while true; do \
		changed=$$(find $(SOURCES) -newer bin/.tested -type f \( -name '*.go' -o -path '*/testdata/*' \) -exec dirname {} \; | grep -v '^test/manifests' | \
			sed 's|/testdata.*||' | sort -u); \
		if [ -n "$$changed" ]; then touch bin/.tested; $(GO) test $$(printf './%s ' $$changed); fi; \
		sleep 1; \
	done

test-coverage: ## Coverage of unit tests and of the binary that end-to-end tests start: coverage.out, coverage.html
	rm -rf coverage && mkdir -p coverage/unit coverage/binary
	$(GO) build -cover -o bin/ai-gateway-cover ./cmd/ai-gateway
	AIGW_TEST_BINARY=$(CURDIR)/bin/ai-gateway-cover $(GO) test -count=1 -cover ./internal/... -args -test.gocoverdir=$(CURDIR)/coverage/unit
	AIGW_TEST_BINARY=$(CURDIR)/bin/ai-gateway-cover GOCOVERDIR=$(CURDIR)/coverage/binary $(GO) test -count=1 ./cmd/... ./test/...
	$(GO) tool covdata textfmt -i=coverage/unit,coverage/binary -o coverage.out
	$(GO) tool cover -html=coverage.out -o coverage.html
	$(GO) tool cover -func=coverage.out | tail -1

test-integration: ## Test a running gateway from outside: AI_GATEWAY_URL, by default http://localhost:5052
	AI_GATEWAY_URL=$${AI_GATEWAY_URL:-http://localhost:5052} $(GO) test -count=1 -v ./test/integration

lint: ## Vet, format check, linters; known vulnerabilities where their database can be reached
	$(GO) vet ./... && $(GO) vet -C test/manifests ./...
	@unformatted=$$($(TOOL) gofumpt -l $(SOURCES)) && if [ -n "$$unformatted" ]; then echo "run make format: $$unformatted"; exit 1; fi
	$(TOOL) golangci-lint run ./...
	@if curl -sfm 5 -o /dev/null https://vuln.go.dev/index/modules.json; then $(TOOL) govulncheck ./...; \
		else echo "govulncheck: skipped, the vulnerability database can't be reached"; fi

format: ## Format the code
	$(TOOL) gofumpt -w $(SOURCES)

generate: ## Write example.env and docs/settings.md from the settings' definitions
	$(GO) generate ./...

bench: build ## Compare with a bare reverse proxy on this machine, in one run
	$(GO) run ./bench

image: ## Build the container image ai-gateway:VERSION
	docker build -f deploy/Dockerfile --build-arg VERSION=$(VERSION) -t ai-gateway:$(VERSION) .

develop: ## Start the gateway beside a small model server in containers
	docker compose -f deploy/docker-compose.yml up --build --remove-orphans

hooks: ## Lint before each commit, with lefthook
	lefthook install

clean:
	rm -rf bin coverage coverage.out coverage.html
