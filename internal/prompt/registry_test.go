package prompt

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// The table of spec/prompts.md 1.8, and what else its rules say.
func TestSelection(t *testing.T) {
	yml := definition("  user: hi\n")
	definitions := load(t, map[string]string{
		"chat/react/base.yml": yml, "chat/react/vertex.yml": yml, "chat/react/mistral.yml": yml, "check/mistral.yml": yml,
		"direct/base.yml": strings.Replace(yml, "litellm", "anthropic", 1),
	})
	vertex := map[string]string{"chat/react": "vertex"}
	for _, tc := range []struct {
		id, family string
		defaults   map[string]string
		disabled   bool
		want       string // key, or error
	}{
		{"chat/react", "", nil, false, "chat/react/base"},
		{"chat/react", "", vertex, false, "chat/react/vertex"},
		{"chat/react", "mistral", vertex, false, "chat/react/mistral"},
		{"chat", "react/base", nil, false, "chat/react/base"},
		{"chat/react", "", vertex, true, "chat/react/vertex"},
		{"chat/react/vertex", "", nil, false, `prompt "chat/react/vertex" not found`},
		{"check", "", nil, false, `prompt "check" not found`},
		{"check", "Mistral", nil, false, `prompt "check" not found`},
		{"check", "qwen", nil, false, `prompt "check" not found`},
		{"check", "", map[string]string{"check": "gpt"}, false, `prompt "check" not found`},
		{"../chat/react", "", nil, false, `prompt "../chat/react" not found`},
		{"nope", "mistral", nil, true, ErrCustomModelsDisabled.Error()}, // before the look-up
		{"direct", "base", nil, false, `prompt "direct/base": the definition does not take another model`},
	} {
		var metadata *ModelMetadata
		if tc.family != "" {
			metadata = &ModelMetadata{Name: tc.family, Provider: "openai", Endpoint: "http://x"}
		}
		p, err := NewRegistry(definitions, &models{}, Options{Defaults: tc.defaults, CustomModels: !tc.disabled}).Get(tc.id, metadata)
		var got string
		if err != nil {
			got = err.Error()
		} else {
			got = p.Key()
		}
		if got != tc.want {
			t.Errorf("%s as %q with %v: got %s, want %s", tc.id, tc.family, tc.defaults, got, tc.want)
		}
		var unknown *NotFound
		if errors.As(err, &unknown) && unknown.ID != tc.id {
			t.Errorf("%s: the error names %s", tc.id, unknown.ID)
		}
	}
}

// The tables of spec/prompts.md 1.9 and spec/models-and-providers.md 9.1.
func TestMetadataNamesAModel(t *testing.T) {
	for _, tc := range []struct {
		provider, identifier string
		want                 llm.Ref
	}{
		{"openai", "", llm.Ref{Provider: "openai", Name: "mistral"}},
		{"openai", "my-model", llm.Ref{Provider: "custom_openai", Name: "my-model"}},
		{"openai", "my-model/", llm.Ref{Provider: "custom_openai", Name: "my-model/"}},
		{"openai", "anthropic/claude-3-haiku-20240307", llm.Ref{Provider: "anthropic", Name: "claude-3-haiku-20240307"}},
		{"openai", "custom_openai/mistralai/Mistral-7B", llm.Ref{Provider: "custom_openai", Name: "mistralai/Mistral-7B"}},
		{"openai", "text-completion-openai/a/b#c", llm.Ref{Provider: "text-completion-openai", Name: "a/b#c", API: llm.Text}},
		{"text-completion-openai", "", llm.Ref{Provider: "text-completion-openai", Name: "mistral", API: llm.Text}},
		{"text-completion-openai", "served", llm.Ref{Provider: "custom_openai", Name: "served"}},
		{"", "", llm.Ref{Provider: "", Name: "mistral"}},
		{"openai", "/x", llm.Ref{Provider: "", Name: "x"}},
	} {
		tc.want.Server = llm.Server{URL: "http://h:4000/v1", Key: "k"}
		m := ModelMetadata{Name: "mistral", Provider: tc.provider, Endpoint: "http://h:4000/v1/", APIKey: "k", Identifier: tc.identifier}
		if diff := cmp.Diff(tc.want, m.ref()); diff != "" {
			t.Errorf("%q of %q: %s", tc.identifier, tc.provider, diff)
		}
	}
	bedrock := ModelMetadata{Name: "mistral", Provider: "openai", Endpoint: "http://h", APIKey: "k", Identifier: "bedrock/anthropic.claude-3"}
	want := llm.Ref{Provider: "bedrock", Name: "anthropic.claude-3", Server: llm.Server{Key: "k"}}
	if diff := cmp.Diff(want, bedrock.ref()); diff != "" {
		t.Error(diff)
	}
}

func TestEndpointsAreNormalised(t *testing.T) {
	for endpoint, want := range map[string]string{
		"http://localhost:4000":           "http://localhost:4000",
		"http://localhost:4000/":          "http://localhost:4000",
		"http://localhost:4000//":         "http://localhost:4000",
		"https://API.Example.com:443/v1/": "https://api.example.com/v1",
		"HTTP://x.com:80":                 "http://x.com",
		"http://x.com:443/v1":             "http://x.com:443/v1",
		"http://x.com/a b":                "http://x.com/a%20b",
		"https://x.com?q=1":               "https://x.com/?q=1",
		"http://localhost:4000/v1/ ":      "http://localhost:4000/v1",
		"http://[::1]:80/V1":              "http://[::1]/V1",
		"bedrock":                         "bedrock",
		"http://%zz":                      "http://%zz",
		"":                                "",
	} {
		if got := baseURL(endpoint); got != want {
			t.Errorf("%q: got %q, want %q", endpoint, got, want)
		}
	}
}

func TestMetadataPrintsWithoutItsKey(t *testing.T) {
	m := ModelMetadata{Name: "mistral", Provider: "openai", Endpoint: "http://h", APIKey: "hush", Identifier: "i"}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("call", "value", m, "pointer", &m, "list", []ModelMetadata{m})
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", m, m, m, m), fmt.Sprintf("%v %+v %#v", &m, &m, &m), log.String()} {
		if strings.Contains(text, "hush") {
			t.Errorf("the key is in %s", text)
		}
		if !strings.Contains(text, "mistral") {
			t.Errorf("nothing is in %s", text)
		}
	}
}
