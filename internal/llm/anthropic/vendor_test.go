package anthropic_test

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// vendor is Anthropic.
type vendor struct{ *llmtest.Vendor }

func newVendor(t testing.TB, answers ...http.HandlerFunc) *vendor {
	t.Helper()
	heads := []string{"Accept", "Anthropic-Version", "Authorization", "Content-Type", "X-Api-Key", "X-Stainless-Retry-Count"}
	return &vendor{llmtest.NewVendor(t, heads, answers...)}
}

func (v *vendor) direct() llm.Provider {
	return anthropic.NewDirect(anthropic.Options{HTTP: v.Client.Client, BaseURL: v.URL, APIKey: "sk-ant-test"})
}

func (v *vendor) prompted() llm.Provider {
	return anthropic.NewPrompted(anthropic.Options{HTTP: v.Client.Client, BaseURL: v.URL, APIKey: "sk-ant-test"})
}

func (v *vendor) routed() llm.Provider { return anthropic.NewRouted(v.Client.Client) }

// ref names a model; for a routed one it brings the vendor along.
func (v *vendor) ref(name string, api llm.API) llm.Ref { return refAt(v.URL, name, api) }

func refAt(base, name string, api llm.API) llm.Ref {
	return llm.Ref{Provider: "anthropic", Name: name, API: api, Server: llm.Server{URL: base, Key: "sk-local-1"}}
}
