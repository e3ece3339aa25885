package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// Prompts are the registered prompts of a gateway with these settings, for looking at: their models can't be asked.
func Prompts(settings *config.Settings) (*prompt.Registry, error) {
	definitions, err := loadPrompts(settings)
	if err != nil {
		return nil, err
	}
	return prompt.NewRegistry(definitions, nil, promptOptions(settings)), nil
}

// loadPrompts reads the definitions that come with the gateway and those of the administrator's folder, if there is one. Its error names
// file and line of everything that is wrong.
func loadPrompts(settings *config.Settings) (*prompt.Definitions, error) {
	return prompt.Load(prompt.Embedded(), isUnitPrimitive, promptLayers(settings)...)
}

func isUnitPrimitive(name string) bool {
	_, known := auth.Known(name)
	return known
}

func promptLayers(settings *config.Settings) []prompt.Layer {
	if settings.Prompts.Dir == "" {
		return nil
	}
	return []prompt.Layer{prompt.Directory(settings.Prompts.Dir)}
}

func promptOptions(settings *config.Settings) prompt.Options {
	return prompt.Options{
		Defaults:         settings.DefaultPrompts,
		CustomModels:     settings.CustomModels.Enabled,
		DisableStreaming: settings.CustomModels.DisableStreaming,
		AnyFamily:        settings.Prompts.UnknownFamilies == "fallback",
	}
}

// watchPrompts applies changes of the administrator's folder until ctx ends, in development.
func (a *App) watchPrompts(ctx context.Context) {
	layers := promptLayers(a.settings)
	if !a.settings.FastAPI.Reload || len(layers) == 0 {
		return
	}
	log := observe.Named(a.log, "prompts")
	load := func() (*prompt.Definitions, error) { return loadPrompts(a.settings) }
	report := func(err error) {
		if err != nil {
			log.Error("The changed prompts are not used: " + err.Error())
			return
		}
		log.Info("The changed prompts are in use", slog.String("dir", a.settings.Prompts.Dir))
	}
	go func() {
		look := time.NewTicker(reloadEvery)
		defer look.Stop()
		a.prompts.Watch(ctx, look.C, layers[0], load, report)
	}()
}
