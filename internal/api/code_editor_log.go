package api

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// What the v3 and v4 code endpoints suggest, for operators who want to read it (spec/observability.md 6).

// logRegisteredGeneration says that a registered prompt is about to generate code.
func (s *Server) logRegisteredGeneration(r *http.Request, promptID string, pipeline *codesuggestions.Pipeline) {
	if promptID == "" || pipeline == nil {
		return
	}
	model := pipeline.Model()
	observe.RequestLog(r.Context(), s.Log, "codesuggestions", slog.LevelInfo, "Executing code generation with prompt registry",
		slog.String("prompt_name", promptID), slog.String("prompt_model_class", model.Engine), slog.String("prompt_model_name", model.Name))
}

// logEditorCompletion shows the completions of a whole answer. Generations, which count no tokens, are not shown.
func (s *Server) logEditorCompletion(r *http.Request, suggestion *codesuggestions.Suggestion) {
	if suggestion.Tokens == nil || !observe.LogsContent(r.Context(), s.Log) {
		return
	}
	whole, err := json.Marshal(suggestion)
	if err != nil {
		return // writing the answer will fail, too, and say so
	}
	for i := range suggestion.Choices {
		observe.RequestLog(r.Context(), s.Log, "codesuggestions", slog.LevelDebug, "code completion suggestion:",
			slog.String("suggestion", string(whole)), slog.Float64("score", suggestion.Scores[i]), slog.String("language", suggestion.Language))
	}
}
