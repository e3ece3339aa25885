package api

import (
	"log/slog"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// What the v2 code endpoints were asked, for operators who want to read it (spec/observability.md 6).

func (s *Server) logCompletionInput(r *http.Request, body *completionsV2) {
	if !observe.LogsContent(r.Context(), s.Log) {
		return
	}
	var prompt any
	switch {
	case body.V2 != nil && body.V2.Prompt != nil:
		prompt = *body.V2.Prompt
	case body.V3 != nil && body.V3.Prompt != nil:
		prompt = body.V3.Prompt
	}
	f := body.fields()
	observe.RequestLog(r.Context(), s.Log, "codesuggestions", slog.LevelInfo, "code completion input:",
		slog.Any("model_name", optional(f.ModelName)),
		slog.Any("model_provider", optional(f.ModelProvider)),
		slog.Any("prompt", prompt),
		slog.String("prefix", f.CurrentFile.ContentAboveCursor),
		slog.String("suffix", f.CurrentFile.ContentBelowCursor),
		slog.String("current_file_name", f.CurrentFile.FileName),
		slog.Bool("stream", f.Stream))
}

func (s *Server) logGenerationInput(r *http.Request, body *generationsV2) {
	if !observe.LogsContent(r.Context(), s.Log) {
		return
	}
	var prompt any
	switch {
	case body.V2 != nil:
		prompt = body.V2.Prompt
	case body.V3 != nil:
		prompt = body.V3.Prompt
	}
	f := body.fields()
	observe.RequestLog(r.Context(), s.Log, "codesuggestions", slog.LevelDebug, "code creation input:",
		slog.Any("prompt", prompt),
		slog.String("prefix", f.CurrentFile.ContentAboveCursor),
		slog.String("suffix", f.CurrentFile.ContentBelowCursor),
		slog.String("current_file_name", f.CurrentFile.FileName),
		slog.Bool("stream", f.Stream),
		slog.Any("endpoint", optional(f.ModelEndpoint)),
		slog.Any("api_key", optional(f.ModelAPIKey)))
}
