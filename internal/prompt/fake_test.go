package prompt

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// models is a provider that knows every model, notes what it is asked and answers as scripted.
type models struct {
	engine string // of the models that it resolves
	answer []llm.Chunk
	err    error // of Generate

	refs     []llm.Ref
	requests []llm.Request
}

func (m *models) Resolve(ref llm.Ref) (llm.Handle, error) {
	m.refs = append(m.refs, ref)
	if ref.Provider == "nonesuch" {
		return llm.Handle{}, &llm.Error{Kind: llm.NotConfigured, Vendor: ref.Provider}
	}
	return llm.Handle{Model: m, ID: llm.ID{Engine: m.engine, Name: ref.Name}, InputLimit: 7}, nil
}

func (m *models) Generate(_ context.Context, req llm.Request) (llm.Stream, error) {
	m.requests = append(m.requests, req)
	if m.err != nil {
		return nil, m.err
	}
	return llm.Of(m.answer...), nil
}

func everyPrimitive(string) bool { return true }

// isPrimitive knows the unit primitives of spec/prompts.md 1.4 that built-in definitions use.
func isPrimitive(name string) bool {
	return slices.Contains([]string{
		"ask_build", "ask_epic", "ask_issue", "ask_merge_request", "complete_code", "duo_chat", "explain_code", "explain_vulnerability", "fix_code",
		"generate_code", "generate_commit_message", "generate_issue_description", "glab_ask_git_command", "measure_comment_temperature",
		"refactor_code", "resolve_vulnerability", "summarize_comments", "summarize_new_merge_request", "summarize_review", "troubleshoot_job",
		"write_tests",
	}, name)
}

// parseDefinition reads one definition file.
func parseDefinition(key string, content []byte) (*Definition, error) {
	sources, err := sourcesIn(key, key+".yml", content)
	if err != nil {
		return nil, err
	}
	return sources[0].parse()
}

var loadBuiltIn = sync.OnceValues(func() (*Definitions, error) { return Load(Embedded(), isPrimitive) })

// builtIn are the definitions of the gateway.
func builtIn(t testing.TB) *Definitions {
	t.Helper()
	definitions, err := loadBuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return definitions
}

// folder is a file system of the given files.
func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for path, content := range files {
		fsys[path] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

// definition is a valid definition file with the given prompt_template, indented by two.
func definition(templates string) string {
	return "name: Test\nmodel:\n  name: m\n  params:\n    model_class_provider: litellm\nunit_primitives: []\nprompt_template:\n" + templates
}

func load(t testing.TB, files map[string]string) *Definitions {
	t.Helper()
	definitions, err := Load(folder(files), everyPrimitive)
	if err != nil {
		t.Fatal(err)
	}
	return definitions
}
