package observe

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
)

// LogModelRequest returns a function that logs requests to model servers as they are sent, for users with the feature flag
// (spec/observability.md 6). Keys are in the header, which is not logged.
func LogModelRequest(log *slog.Logger) func(ctx context.Context, r *http.Request, body []byte) {
	return func(ctx context.Context, r *http.Request, body []byte) {
		if !RecordFrom(ctx).LogContent || !log.Enabled(ctx, slog.LevelInfo) {
			return
		}
		content := json.RawMessage(body)
		if !json.Valid(body) {
			content = json.RawMessage("{}")
		}
		RequestLogFlagged(ctx, log, "models", slog.LevelInfo, "Request to LLM",
			slog.String("source", "ai_gateway.models.base"),
			slog.String("request_method", r.Method),
			slog.String("request_url", r.URL.Redacted()),
			slog.Any("request_content_json", content),
		)
	}
}
