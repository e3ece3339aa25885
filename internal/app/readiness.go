package app

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/health"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// readiness asks the hosted models that are configured, in the contract's order. With mock models and with self-hosted ones, which only
// requests name, there is nobody to ask (spec/settings-and-operations.md 8).
func readiness(s *config.Settings, suggestions *codesuggestions.Service) *health.Readiness {
	if s.MockModelResponses || s.CustomModels.Enabled {
		return health.NewReadiness()
	}
	var checks []health.Check
	add := func(configured bool, name string, ask func(context.Context, *codesuggestions.Service) error) {
		if configured {
			checks = append(checks, health.Check{Name: name, Ask: func(ctx context.Context) error { return ask(ctx, suggestions) }})
		}
	}
	add(s.VertexTextModel.Project != "", "vertex-ai", askVertex)
	add(s.Anthropic.APIKey != "" || s.Anthropic.AuthToken != "", "anthropic", askAnthropic)
	add(s.ModelKeys.FireworksAPIKey != "", "fireworks_ai", askFireworks)
	if len(checks) == 0 {
		return health.NeverReady("no model provider is configured: set ANTHROPIC_API_KEY, AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT or " +
			"AIGW_MODEL_KEYS__FIREWORKS_API_KEY, or AIGW_CUSTOM_MODELS__ENABLED=true for self-hosted models")
	}
	return health.NewReadiness(checks...)
}

// askVertex has the default model complete a line, the way any completion is done.
func askVertex(ctx context.Context, suggestions *codesuggestions.Service) error {
	return complete(ctx, suggestions, codesuggestions.CompletionRequest{})
}

// askAnthropic has a small model complete a line, the way any generation is done.
func askAnthropic(ctx context.Context, suggestions *codesuggestions.Service) error {
	pipeline, err := suggestions.Generation(&codesuggestions.GenerationRequest{
		File:          codesuggestions.File{Name: "monitoring.py"},
		Target:        codesuggestions.Target{Provider: codesuggestions.Anthropic, Model: "claude-3-haiku-20240307"},
		PromptVersion: 3,
		Prompt: &codesuggestions.RawPrompt{Messages: []llm.Message{
			{Role: llm.User, Content: "Complete this Python function:\ndef hello_world():"},
			{Role: llm.Assistant, Content: "<new_code>"},
		}},
	})
	return run(ctx, pipeline, err)
}

// askFireworks is as askVertex, but for a few tokens only.
func askFireworks(ctx context.Context, suggestions *codesuggestions.Service) error {
	return complete(ctx, suggestions, codesuggestions.CompletionRequest{
		Target:        codesuggestions.Target{Provider: codesuggestions.Fireworks, Model: "qwen2p5-coder-7b"},
		PromptVersion: 1,
		MaxTokens:     16,
	})
}

func complete(ctx context.Context, suggestions *codesuggestions.Service, req codesuggestions.CompletionRequest) error {
	python := "python"
	req.File = codesuggestions.File{Name: "monitoring.py", Above: "def hello_world():", EditorLanguage: &python}
	pipeline, err := suggestions.Completion(&req)
	return run(ctx, pipeline, err)
}

func run(ctx context.Context, pipeline *codesuggestions.Pipeline, err error) error {
	if err != nil {
		return err
	}
	_, err = pipeline.Run(ctx)
	return err
}
