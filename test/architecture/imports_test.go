// Package architecture keeps the walls of docs/architecture.md: imports point inward.
package architecture

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ai-gateway/ai-gateway/"

// mayImport says which packages of ours each package may import: the package, everything below it with "/…". The most specific rule counts.
var mayImport = map[string][]string{
	// The middle: ports, values and use cases. They know no transport and no vendor.
	"internal/llm":               {},
	"internal/pep440":            {},
	"internal/releases":          {},
	"internal/asciijson":         {},
	"internal/tokenizer/…":       {},
	"internal/schema/…":          {"internal/schema/…"},
	"internal/prompt/…":          {"internal/llm", "internal/pep440", "internal/prompt/…", "internal/releases"},
	"internal/codesuggestions/…": {"internal/codesuggestions/…", "internal/llm", "internal/prompt", "internal/pep440"},
	"internal/chat":              {"internal/codesuggestions/text", "internal/llm", "internal/prompt", "internal/pep440", "internal/releases"},
	"internal/docsearch":         {},
	"internal/health":            {},
	"internal/abuse":             {"internal/llm"},

	// Around it: adapters, and what speaks to operators.
	"internal/auth":                  {"internal/asciijson", "internal/releases"},
	"internal/config":                {},
	"internal/troubleshoot":          {},
	"internal/events":                {"internal/outbox"},
	"internal/outbox":                {},
	"internal/docsearch/…":           {"internal/docsearch/…", "internal/asciijson"},
	"internal/llm/…":                 {"internal/llm", "internal/llm/…", "internal/asciijson"},
	"internal/llm/llmtest":           {"internal/llm", "internal/llm/wire", "internal/testkit"},
	"internal/proxy":                 {"internal/llm", "internal/llm/wire"},
	"internal/amazonq":               {"internal/llm", "internal/llm/wire"},
	"internal/observe":               {"internal/abuse", "internal/llm", "internal/codesuggestions/…", "internal/observe/otlp"},
	"internal/observe/otlp":          {"internal/llm"},
	"internal/observe/cloudprofiler": {},
	"internal/observe/langsmith":     {"internal/llm", "internal/outbox"},
	"internal/api/…": {
		"internal/api/…", "internal/asciijson", "internal/auth", "internal/chat", "internal/codesuggestions/…", "internal/docsearch", "internal/events", "internal/health", "internal/llm", "internal/observe/…",
		"internal/prompt", "internal/schema", "internal/proxy", "internal/amazonq", "internal/releases",
	},

	// The rim: what puts everything together.
	"internal/app":     {"internal/…"},
	"cmd/…":            {"internal/app", "internal/config", "internal/docsearch/index", "internal/troubleshoot"},
	"internal/testkit": {},
	"bench":            {"internal/testkit"},
	"test/…":           {"internal/testkit"},
}

// noHTTP are the packages that know no transport.
var noHTTP = []string{"internal/llm", "internal/prompt", "internal/chat", "internal/codesuggestions", "internal/abuse", "internal/docsearch", "internal/health", "internal/pep440", "internal/releases", "internal/schema", "internal/tokenizer"}

func TestImportsPointInward(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(packages) < 10 {
		t.Fatalf("go list knows only %d packages of ours", len(packages))
	}
	for _, line := range packages {
		path, imports, _ := strings.Cut(line, " ")
		ours := strings.TrimPrefix(path, module)
		allowed, found := ruleFor(ours)
		if !found {
			t.Errorf("%s: say in mayImport what it may import", ours)
			continue
		}
		for imported := range strings.FieldsSeq(imports) {
			if imported == "net/http" && slices.ContainsFunc(noHTTP, func(p string) bool { return within(ours, p+"/…") && !adapter(ours) }) {
				t.Errorf("%s imports net/http: it knows no transport", ours)
			}
			of, isOurs := strings.CutPrefix(imported, module)
			if isOurs && !slices.ContainsFunc(allowed, func(p string) bool { return within(of, p) }) {
				t.Errorf("%s may not import %s", ours, of)
			}
		}
	}
}

// adapter says whether a package is one of those below a port: a vendor's, or a source of documentation.
func adapter(path string) bool {
	return strings.HasPrefix(path, "internal/llm/") || strings.HasPrefix(path, "internal/docsearch/")
}

// ruleFor is the most specific rule for a package.
func ruleFor(path string) (allowed []string, found bool) {
	if allowed, found = mayImport[path]; found {
		return allowed, true
	}
	best := ""
	for pattern, rule := range mayImport {
		if strings.HasSuffix(pattern, "/…") && within(path, pattern) && len(pattern) > len(best) {
			best, allowed, found = pattern, rule, true
		}
	}
	return allowed, found
}

// within says whether a package is the pattern, or, for "p/…", p or below p.
func within(path, pattern string) bool {
	root, below := strings.CutSuffix(pattern, "/…")
	return path == root || (below && strings.HasPrefix(path, root+"/"))
}
