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

// models are what use cases ask: models by reference, and registered prompts. It implements [codesuggestions.Models].
type models struct {
	llm.Provider // every call is counted
	prompts      *prompt.Registry
	mocked       bool
}

// newModels registers every model provider, and the prompts that ask them.
func newModels(settings *config.Settings, meter *observe.Models) (*models, error) {
	providers := llm.NewRegistry()
	register(providers, settings)

	definitions, err := prompt.Load(prompt.Embedded(), func(name string) bool {
		_, known := auth.Known(name)
		return known
	})
	if err != nil {
		return nil, fmt.Errorf("load prompts: %w", err)
	}
	m := &models{Provider: meter.MeterAll(providers), mocked: settings.MockModelResponses}
	asked := llm.Provider(providers)
	if m.mocked {
		m.Provider = meter.MeterAll(mock.Provider{})
		asked = mockPrompts{providers}
	}
	m.prompts = prompt.NewRegistry(definitions, asked, prompt.Options{
		Defaults:         settings.DefaultPrompts,
		CustomModels:     settings.CustomModels.Enabled,
		DisableStreaming: settings.CustomModels.DisableStreaming,
		Meter:            meter.Meter,
	})
	return m, nil
}

// Agent implements [codesuggestions.Models]. A mock repeats the code that the prompt would have got.
func (m *models) Agent(id string, metadata *prompt.ModelMetadata) (codesuggestions.Agent, error) {
	p, err := m.prompts.Get(id, metadata)
	if err != nil {
		return codesuggestions.Agent{}, err
	}
	agent := codesuggestions.NewAgent(p)
	if m.mocked {
		agent.Handle, err = m.Resolve(llm.Ref{API: llm.Text})
	}
	return agent, err
}

// mockPrompts answers for prompts on Anthropic's models; self-hosted ones are asked all the same (spec/models-and-providers.md 13).
type mockPrompts struct{ llm.Provider }

// Resolve implements [llm.Provider].
func (m mockPrompts) Resolve(ref llm.Ref) (llm.Handle, error) {
	if ref.Provider == anthropicPrompt {
		return mock.Prompt{}.Resolve(ref)
	}
	return m.Provider.Resolve(ref)
}

// anthropicPrompt is the key of the client for prompts on Anthropic's models, see [prompt.NewRegistry].
const anthropicPrompt = "anthropic-prompt"

// register adds each provider under the keys that requests and prompt definitions know it by: one line a provider.
func register(providers *llm.Registry, s *config.Settings) {
	client := wire.NewClient(wire.Options{})
	account := anthropic.Options{
		HTTP: client, BaseURL: s.Anthropic.BaseURL, APIKey: s.Anthropic.APIKey.Reveal(), AuthToken: s.Anthropic.AuthToken.Reveal(),
	}
	prompted := account
	prompted.BaseURL = s.Anthropic.APIURL
	providers.Register(claude{anthropic.NewDirect(account), anthropic.NewRouted(client)}, string(codesuggestions.Anthropic))
	providers.Register(anthropic.NewPrompted(prompted), anthropicPrompt)
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
