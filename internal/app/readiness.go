package app

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/health"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// readiness asks the hosted models that are configured. With mock models and with self-hosted ones, which only requests name, there is
// nobody to ask (spec/settings-and-operations.md 8).
func readiness(s *config.Settings, suggestions *codesuggestions.Service) *health.Readiness {
	switch {
	case s.MockModelResponses || s.CustomModels.Enabled:
		return health.NewReadiness()
	case s.Anthropic.APIKey != "" || s.Anthropic.AuthToken != "":
		return health.NewReadiness(health.Check{Name: "anthropic", Ask: func(ctx context.Context) error {
			return askAnthropic(ctx, suggestions)
		}})
	default:
		return health.NeverReady("no model provider is configured: set ANTHROPIC_API_KEY, or AIGW_CUSTOM_MODELS__ENABLED=true for self-hosted models")
	}
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
	if err != nil {
		return err
	}
	_, err = pipeline.Run(ctx)
	return err
}
