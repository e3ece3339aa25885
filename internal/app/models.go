package app

import (
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/bedrock"
	"github.com/ai-gateway/ai-gateway/internal/llm/endtokens"
	"github.com/ai-gateway/ai-gateway/internal/llm/fireworks"
	"github.com/ai-gateway/ai-gateway/internal/llm/google"
	"github.com/ai-gateway/ai-gateway/internal/llm/mistral"
	"github.com/ai-gateway/ai-gateway/internal/llm/mock"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/reasoning"
	"github.com/ai-gateway/ai-gateway/internal/llm/vertex"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// models are what use cases ask: models by reference, and registered prompts. It implements [codesuggestions.Models].
type models struct {
	llm.Provider // every call is counted
	prompts      *prompt.Registry
	mocked       bool
}

// newModels registers every model provider, and the prompts that ask them. watch wraps the models of prompts.
func newModels(
	settings *config.Settings, client *wire.Client, tokens *google.Tokens, calls *modelCalls, watch func(*prompt.Prompt, llm.Handle) llm.Handle,
) (*models, error) {
	direct, router := providers(settings, client, tokens)

	definitions, err := loadPrompts(settings)
	if err != nil {
		return nil, err
	}
	m := &models{Provider: calls.ofAll(direct), mocked: settings.MockModelResponses}
	asked := llm.Provider(router)
	if m.mocked {
		m.Provider = calls.ofAll(mock.Provider{})
		asked = mockPrompts{router}
	}
	options := promptOptions(settings)
	options.Watch = watch
	m.prompts = prompt.NewRegistry(definitions, asked, options)
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

// providers registers every provider, one line each: direct knows them by the keys of requests ("model_provider"), router by those of
// identifiers, model metadata and prompt definitions. Some words mean something else in the one than in the other
// (spec/models-and-providers.md 2.1, 9.7).
func providers(s *config.Settings, client *wire.Client, tokens *google.Tokens) (direct, router *llm.Registry) {
	direct, router = llm.NewRegistry(), llm.NewRegistry()
	account := anthropic.Options{
		HTTP: client, BaseURL: s.Anthropic.BaseURL, APIKey: s.Anthropic.APIKey.Reveal(), AuthToken: s.Anthropic.AuthToken.Reveal(),
	}
	prompted := account
	prompted.BaseURL = s.Anthropic.APIURL
	compatible := answersOf(openai.New(openai.Options{
		HTTP: client, AllowServer: s.CustomModels.Enabled, AzureAPIVersion: s.Azure.APIVersion, Router: router,
	}))

	direct.Register(anthropic.NewDirect(account), string(codesuggestions.Anthropic))
	direct.Register(compatible, string(codesuggestions.LiteLLM))
	direct.Register(mistral.NewHosted(client, s.ModelKeys.MistralAPIKey.Reveal()), string(codesuggestions.Codestral))
	direct.Register(fireworks.New(fireworksOptions(s, client)), string(codesuggestions.Fireworks))
	direct.Register(vertexText(s, client, tokens), string(codesuggestions.VertexAI))

	router.Register(anthropic.NewPrompted(prompted), anthropicPrompt)
	router.Register(anthropic.NewRouted(client), "anthropic")
	router.Register(compatible, openai.Keys()...)
	router.Register(mistral.NewRouted(client), "text-completion-codestral")
	router.Register(answersOf(bedrock.New(bedrockOptions(s, client))), "bedrock")
	router.Register(vertex.NewClaude(claudeOptions(s, client, tokens)), "vertex_ai")
	return direct, router
}

// answersOf are a provider's models without what they say beside their answers. Self-hosted ones think aloud and show how they end, where
// their servers don't know better; those of vendors don't.
func answersOf(selfHosted llm.Provider) llm.Provider {
	return endtokens.Hide(reasoning.Hide(selfHosted))
}
