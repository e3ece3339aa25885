package app

import (
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/mock"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// newModels registers every model provider, and the prompts that ask them.
func newModels(settings *config.Settings, meter *observe.Models) (codesuggestions.Models, error) {
	providers := llm.NewRegistry()
	register(providers, settings)

	definitions, err := prompt.Load(prompt.Embedded(), func(name string) bool {
		_, known := auth.Known(name)
		return known
	})
	if err != nil {
		return nil, fmt.Errorf("load prompts: %w", err)
	}
	prompts := prompt.NewRegistry(definitions, providers, prompt.Options{
		Defaults:         settings.DefaultPrompts,
		CustomModels:     settings.CustomModels.Enabled,
		DisableStreaming: settings.CustomModels.DisableStreaming,
		Meter:            meter.Meter,
	})
	if settings.MockModelResponses {
		return mockModels{meter.MeterAll(mock.Provider{})}, nil
	}
	return models{meter.MeterAll(providers), prompts}, nil
}

// register adds each provider under the keys that requests and prompt definitions know it by: one line a provider.
func register(providers *llm.Registry, s *config.Settings) {
	client := wire.NewClient(wire.Options{})
	account := anthropic.Options{
		HTTP: client, BaseURL: s.Anthropic.BaseURL, APIKey: s.Anthropic.APIKey.Reveal(), AuthToken: s.Anthropic.AuthToken.Reveal(),
	}
	prompted := account
	prompted.BaseURL = s.Anthropic.APIURL
	providers.Register(claude{anthropic.NewDirect(account), anthropic.NewRouted(client)}, string(codesuggestions.Anthropic))
	providers.Register(anthropic.NewPrompted(prompted), "anthropic-prompt")
	providers.Register(openai.New(openai.Options{HTTP: client, AllowServer: s.CustomModels.Enabled}), openai.Keys()...)
}

// claude asks Anthropic with the operator's account, or the server that a request brings along.
type claude struct {
	account *anthropic.Direct
	routed  *anthropic.Routed
}

// Resolve implements [llm.Provider].
func (c claude) Resolve(ref llm.Ref) (llm.Handle, error) {
	if ref.Server.URL != "" {
		return c.routed.Resolve(ref)
	}
	return c.account.Resolve(ref)
}

// models asks real models.
type models struct {
	llm.Provider
	prompts *prompt.Registry
}

// Agent implements [codesuggestions.Models].
func (m models) Agent(id string, metadata *prompt.ModelMetadata) (codesuggestions.Agent, error) {
	p, err := m.prompts.Get(id, metadata)
	if err != nil {
		return codesuggestions.Agent{}, err
	}
	return codesuggestions.NewAgent(p), nil
}

// mockModels answers in place of every model and every registered prompt (spec/models-and-providers.md 13).
type mockModels struct{ llm.Provider }

// Agent implements [codesuggestions.Models].
func (m mockModels) Agent(string, *prompt.ModelMetadata) (codesuggestions.Agent, error) {
	handle, err := m.Resolve(llm.Ref{API: llm.Text})
	return codesuggestions.Agent{Handle: handle}, err
}
