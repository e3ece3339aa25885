package main

import (
	"slices"
	"strings"
	"testing"
)

func TestOtherNamesOfTheCommands(t *testing.T) {
	for given, want := range map[string]string{
		"/ai-gateway":                                "",
		"/ai-gateway config --json":                  "config --json",
		"poetry run ai_gateway":                      "serve",
		"/usr/local/bin/poetry run troubleshoot --x": "troubleshoot --x",
		"poetry run index_docs -o tmp/docs.db":       "index-docs -o tmp/docs.db",
		"poetry run":                                 "run",
		"/usr/local/bin/troubleshoot --model-name a": "troubleshoot --model-name a",
		"/usr/local/bin/ai_gateway":                  "serve",
		"":                                           "",
	} {
		if got := arguments(strings.Fields(given)); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s: want %q, got %q", given, want, got)
		}
	}
}
