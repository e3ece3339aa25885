# The two commands that matter: make run, make test. The others are steps of theirs.

VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO        ?= go
GO_FILES  := $(shell git ls-files '*.go' 2>/dev/null)
TOOL      := $(GO) tool -modfile=tools/go.mod
# Tests start this binary. It is built with the race detector, so that every end-to-end test looks for races in it, too.
TEST_BINARY := $(CURDIR)/bin/ai-gateway-race

.PHONY: run build test test-binary lint format bench generate clean

run: build .env ## Serve the API on port 5052 and metrics on 8082
	@echo
	@echo "Try it, from another terminal:"
	@echo
	@echo "  curl -s http://localhost:5052/v2/code/completions -H 'Content-Type: application/json' \\"
	@echo "    -d '{\"prompt_version\":1,\"current_file\":{\"file_name\":\"add.py\",\"content_above_cursor\":\"def add(a, b):\\n    \",\"content_below_cursor\":\"\"}}'"
	@echo
	@exec bin/ai-gateway

.env:
	cp example.env .env

build: ## Build bin/ai-gateway
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/ai-gateway ./cmd/ai-gateway

test: lint test-binary ## Lint, unit, race, end-to-end and conformance tests
	AIGW_TEST_BINARY=$(TEST_BINARY) $(GO) test -race ./...

test-binary:
	$(GO) build -race -o $(TEST_BINARY) ./cmd/ai-gateway

lint: ## Vet, format check, linters; known vulnerabilities where their database can be reached
	$(GO) vet ./...
	@unformatted=$$($(TOOL) gofumpt -l cmd internal test bench) && if [ -n "$$unformatted" ]; then echo "run make format: $$unformatted"; exit 1; fi
	$(TOOL) golangci-lint run ./...
	@if curl -sfm 5 -o /dev/null https://vuln.go.dev/index/modules.json; then $(TOOL) govulncheck ./...; \
		else echo "govulncheck: skipped, the vulnerability database can't be reached"; fi

format: ## Format the code
	$(TOOL) gofumpt -w cmd internal test bench

generate: ## Write example.env and docs/settings.md from the settings' definitions
	$(GO) generate ./...

bench: build ## Compare with a bare reverse proxy on this machine, in one run
	$(GO) run ./bench

clean:
	rm -rf bin coverage.out
