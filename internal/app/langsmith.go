package app

import (
	"cmp"
	"context"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/observe/langsmith"
	"github.com/ai-gateway/ai-gateway/internal/outbox"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// langSmithHosted is LangSmith's own service, which needs a key.
const langSmithHosted = "https://api.smith.langchain.com"

// startLangSmith starts recording the model calls of registered prompts in LangSmith, if there is a place to record them: all of them where the
// operator wants that, and in development those of requests that ask for it (spec/observability.md 17).
func (a *App) startLangSmith() {
	s, log := a.settings.LangSmith, observe.Named(a.log, "langsmith")
	all := s.Tracing == "true"
	switch {
	case !all && !a.honoursTraceHeader():
		return
	case s.APIKey == "" && s.Endpoint == "":
		if all {
			log.Warn("Nothing is recorded in LangSmith: there is neither LANGSMITH_API_KEY nor LANGSMITH_ENDPOINT")
		}
		return
	}
	a.langSmith = langsmith.New(langsmith.Options{
		Endpoint: cmp.Or(s.Endpoint, langSmithHosted), APIKey: s.APIKey.Reveal(), Project: s.Project,
		All: all, HideInputs: s.HideInputs, HideOutputs: s.HideOutputs,
		CorrelationID: func(ctx context.Context) string { return observe.RecordFrom(ctx).CorrelationID },
		Transport:     http.DefaultTransport.(*http.Transport).Clone(),
		Recorder:      a.metrics.Events("langsmith", outbox.Reasons...),
		Log:           log,
	})
}

// honoursTraceHeader says whether requests may name the run that they belong to.
func (a *App) honoursTraceHeader() bool { return a.settings.Environment == "development" }

// watchPrompt has the calls of prompts recorded, besides what is done with those of any model.
func (a *App) watchPrompt(anyModel func(llm.Handle) llm.Handle) func(*prompt.Prompt, llm.Handle) llm.Handle {
	return func(p *prompt.Prompt, model llm.Handle) llm.Handle {
		return a.langSmith.Trace(langsmith.Prompt{ID: p.ID(), Name: p.Name(), Version: p.Version()}, anyModel(model))
	}
}
