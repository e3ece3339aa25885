package openai_test

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// vendor is an OpenAI-compatible server.
type vendor struct{ *llmtest.Vendor }

func newVendor(t testing.TB, answers ...http.HandlerFunc) *vendor {
	t.Helper()
	return &vendor{llmtest.NewVendor(t, []string{"Accept", "Authorization", "Content-Type", "Api-Key", "X-Api-Key"}, answers...)}
}

func (v *vendor) provider() llm.Provider {
	return openai.New(openai.Options{HTTP: v.Client.Client, AllowServer: true})
}

// ref names a model that the vendor serves.
func (v *vendor) ref(provider, name string) llm.Ref { return refAt(v.URL, provider, name) }

func refAt(base, provider, name string) llm.Ref {
	return llm.Ref{Provider: provider, Name: name, Server: llm.Server{URL: base + "/v1", Key: "sk-local-1"}}
}
