package app

import (
	"log/slog"
	"net/url"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// logParts says what the gateway is made of, as the contract does (spec/observability.md 7).
func (a *App) logParts() {
	observe.Named(a.log, "prompts").Info("Initializing prompt registry from local yaml",
		slog.Any("default_prompts", a.settings.DefaultPrompts), slog.Bool("custom_models_enabled", a.settings.CustomModels.Enabled))
	if s := a.settings; !s.CustomModels.Enabled && !s.MockModelResponses {
		observe.Named(a.log, "models").Info("Initializing Vertex AI client", slog.String("api_endpoint", hostOf(baseURL(s.VertexTextModel.Endpoint))))
	}
	observe.Named(a.log, "codesuggestions").Info("registering experiment", slog.String("exp", "exp_truncate_suffix"), slog.Int("variants", 2))
}

// hostOf is the part of a URL that is no secret.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Host
}
