package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/troubleshoot"
)

// modelAsker asks a self-hosted model through the use cases of the gateway, as GitLab would have it asked.
type modelAsker struct {
	app   *App
	model troubleshoot.Model
	key   config.Secret
}

// The file whose end is written; the same as in GitLab's own check (spec/settings-and-operations.md 13, check 6).
var askedFile = codesuggestions.File{Name: "test.py", Above: "def hello():\n  "}

func (m modelAsker) completion(ctx context.Context) (string, error) {
	pipeline, err := m.app.suggestions.Completion(&codesuggestions.CompletionRequest{
		File: askedFile, Target: m.target("text-completion-openai"), Caller: anybody, PromptVersion: 2,
	})
	return m.run(ctx, pipeline, err)
}

func (m modelAsker) generation(ctx context.Context) (string, error) {
	pipeline, err := m.app.suggestions.Generation(&codesuggestions.GenerationRequest{
		File: askedFile, Target: m.target("custom_openai"), Caller: anybody, PromptVersion: 2,
		PromptID: "code_suggestions/generations", Prompt: &codesuggestions.RawPrompt{},
	})
	return m.run(ctx, pipeline, err)
}

func (m modelAsker) run(ctx context.Context, pipeline *codesuggestions.Pipeline, err error) (string, error) {
	if err != nil {
		return "", modelError(err, m.key)
	}
	suggestion, err := pipeline.Run(ctx)
	if err != nil {
		return "", modelError(err, m.key)
	}
	return strings.Join(suggestion.Choices, "\n"), nil
}

// chat asks what GitLab's own test of a connection asks.
func (m modelAsker) chat(ctx context.Context) (string, error) {
	p, err := m.app.prompts.Get("model_configuration/check", m.metadata("custom_openai"))
	if err != nil {
		return "", modelError(err, m.key)
	}
	answer, err := llm.Collect(p.Generate(ctx, nil, false))
	if err != nil {
		return "", modelError(err, m.key)
	}
	return answer.Text, nil
}

func (m modelAsker) target(provider string) codesuggestions.Target {
	return codesuggestions.Target{
		Provider: codesuggestions.LiteLLM, Model: m.model.Family, Identifier: m.model.Identifier,
		Server: llm.Server{URL: m.model.Endpoint, Key: m.key.Reveal()}, Metadata: m.metadata(provider),
	}
}

func (m modelAsker) metadata(provider string) *prompt.ModelMetadata {
	return &prompt.ModelMetadata{
		Name: m.model.Family, Provider: provider, Endpoint: m.model.Endpoint, APIKey: m.key.Reveal(), Identifier: m.model.Identifier,
	}
}

// anybody may do everything: who examines an installation has its settings.
var anybody = codesuggestions.Caller{UserID: examinerID.GlobalUserID, Can: func(string) bool { return true }}

// modelError sorts the error of a model by what an operator can do about it. A key that the model's server repeats is masked.
func modelError(err error, key config.Secret) error {
	if err == nil {
		return nil
	}
	result := &troubleshoot.ModelError{Trouble: troubleshoot.WrongRequest, Err: &masked{err, key}}
	var unknown *prompt.NotFound
	failure := llm.ErrorOf(err)
	switch {
	case errors.As(err, &unknown):
		result.Trouble = troubleshoot.UnknownFamily
	case errors.Is(err, context.DeadlineExceeded):
		result.Trouble = troubleshoot.Silent
	case failure != nil && failure.Status == http.StatusNotFound:
		result.Trouble = troubleshoot.NoSuchModel
	case failure != nil:
		result.Trouble = troubles[failure.Kind]
	}
	return result
}

var troubles = map[llm.Kind]troubleshoot.Trouble{
	llm.Unavailable:   troubleshoot.Unreachable,
	llm.TimedOut:      troubleshoot.Silent,
	llm.Overloaded:    troubleshoot.Busy,
	llm.Refused:       troubleshoot.WrongRequest,
	llm.Unauthorized:  troubleshoot.WrongKey,
	llm.NotConfigured: troubleshoot.NotConfigured,
}

// masked is an error without a key.
type masked struct {
	error
	key config.Secret
}

func (m *masked) Error() string {
	if m.key == "" {
		return m.error.Error()
	}
	return strings.ReplaceAll(m.error.Error(), m.key.Reveal(), m.key.String())
}

func (m *masked) Unwrap() error { return m.error }

func discardLog() *slog.Logger { return slog.New(slog.DiscardHandler) }
