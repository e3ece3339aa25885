package codesuggestions

import (
	"context"
	"log/slog"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// logCall says at level debug how the model is asked (spec/observability.md 7), but not what: that is for entries with content only.
func (p *Pipeline) logCall(ctx context.Context) {
	log := p.service.log
	if !log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	for _, e := range p.experiments {
		log.DebugContext(ctx, "running experiment", "exp", e.Name, "variant", e.Variant)
	}
	switch p.model.ID.Engine {
	case "anthropic":
		log.DebugContext(ctx, "codegen anthropic call:", "model", p.model.ID.Name, "max_tokens", p.call.MaxTokens, "temperature", p.call.Temperature,
			"top_p", p.call.TopP, "top_k", p.call.TopK, "stop_sequences", p.call.Stop, "stream", p.call.Stream)
	case "vertex-ai":
		log.DebugContext(ctx, "codegen vertex call:", "parameters", map[string]any{
			"maxOutputTokens": p.call.MaxTokens, "temperature": p.call.Temperature, "topP": p.call.TopP, "topK": p.call.TopK,
			"stopSequences": p.call.Stop, "candidateCount": p.call.Candidates,
		})
	}
}

// logAnswer says at level debug how many tokens a whole answer took, as the vendor counted them.
func (p *Pipeline) logAnswer(ctx context.Context, answer llm.Answer) {
	if log := p.service.log; p.model.ID.Engine == "vertex-ai" && answer.Usage != nil && log.Enabled(ctx, slog.LevelDebug) {
		log.DebugContext(ctx, "codegen vertex response:", "input_tokens", answer.Usage.InputTokens, "output_tokens", answer.Usage.OutputTokens)
	}
}
