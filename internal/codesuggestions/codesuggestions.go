// Package codesuggestions completes code at the cursor and generates code from an instruction (spec/code-suggestions.md).
//
// A request selects a [Pipeline]: a model, the prompt it gets, and what is done with its answer. Ask the [Service] for the pipeline of a
// [CompletionRequest] or a [GenerationRequest], then either Run it for a whole [Suggestion] or, where it streams, Stream it.
package codesuggestions

import (
	"log/slog"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/prompting"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// Service is the engine. It is safe for concurrent use.
type Service struct {
	models   Models
	tokens   prompting.Tokens
	recorder Recorder
	log      *slog.Logger
	excluded []string
	all      bool
	oneChunk bool
}

// Config is what the engine needs.
type Config struct {
	Models   Models
	Tokens   prompting.Tokens
	Recorder Recorder
	Log      *slog.Logger // nil: nothing is logged

	// Excluded names the post-processing operations that completions skip (AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC).
	Excluded []string
	// PostProcessAll cleans the completions of every model, and what self-hosted ones generate, also where the contract leaves them as they
	// are (AIGW_CODE_SUGGESTIONS__POST_PROCESS).
	PostProcessAll bool
	// DisableStreaming makes pipelines of self-hosted models answer in one piece (AIGW_CUSTOM_MODELS__DISABLE_STREAMING).
	DisableStreaming bool
}

// Models is where the engine gets its models from.
type Models interface {
	llm.Provider
	// Agent returns a registered prompt as a model that is asked with variables (spec/models-and-providers.md 12). The errors are those
	// of [prompt.Registry.Get].
	Agent(id string, metadata *prompt.ModelMetadata) (Agent, error)
}

// New returns an engine.
func New(c Config) *Service {
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Service{
		models: c.Models, tokens: c.Tokens, recorder: c.Recorder, log: log, excluded: c.Excluded, all: c.PostProcessAll, oneChunk: c.DisableStreaming,
	}
}
