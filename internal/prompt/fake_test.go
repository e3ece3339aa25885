package prompt

import (
	"context"
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

// builtIn loads the definitions of the gateway.
func builtIn(t testing.TB) *Definitions {
	t.Helper()
	known := map[string]bool{"complete_code": true, "generate_code": true}
	definitions, err := Load(Embedded(), func(name string) bool { return known[name] })
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
