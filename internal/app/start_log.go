package app

import (
	"log/slog"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// logParts says what the gateway is made of, as the contract does (spec/observability.md 7).
func (a *App) logParts() {
	observe.Named(a.log, "prompts").Info("Initializing prompt registry from local yaml",
		slog.Any("default_prompts", a.settings.DefaultPrompts), slog.Bool("custom_models_enabled", a.settings.CustomModels.Enabled))
	observe.Named(a.log, "codesuggestions").Info("registering experiment", slog.String("exp", "exp_truncate_suffix"), slog.Int("variants", 2))
}
