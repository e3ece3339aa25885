package app

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/abuse"
	"github.com/ai-gateway/ai-gateway/internal/api/middleware"
	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// scoreAbuse returns what the proxies tell of their requests, or nil when abuse detection is off.
func (a *App) scoreAbuse(models llm.Provider) func(r *http.Request, up auth.UnitPrimitive, body []byte) {
	if !a.settings.AbuseDetection.Enabled {
		return nil
	}
	model, err := models.Resolve(llm.Ref{Provider: string(codesuggestions.Anthropic), Name: abuse.Model, API: llm.Chat})
	if err != nil {
		observe.Named(a.log, "abuse_detection").Error("Requests are not scored for abuse (AIGW_ABUSE_DETECTION__ENABLED): " + err.Error())
		return nil
	}
	a.abuse = abuse.New(abuse.Config{
		Model: model, SamplingRate: a.settings.AbuseDetection.SamplingRate, Recorder: a.metrics.Abuse(a.log),
	})
	return func(r *http.Request, up auth.UnitPrimitive, body []byte) {
		caller := auth.IdentityFrom(r.Header)
		a.abuse.Watch(r.Context(), abuse.Request{
			URL:  middleware.Scheme(r) + "://" + r.Host + r.URL.RequestURI(),
			Body: body, UnitPrimitive: string(up), InstanceID: caller.InstanceID, GlobalUserID: caller.GlobalUserID,
		})
	}
}
