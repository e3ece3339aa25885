package app

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/api"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/outbox"
)

// Code suggestions events carry these names whatever is configured (spec/observability.md 13).
const (
	suggestionsAppID     = "gitlab_ai_gateway"
	suggestionsNamespace = "gl"
)

// newEvents starts the trackers that are switched on.
func (a *App) newEvents() api.Events {
	s := a.settings
	var trackers api.Events
	if c := s.Snowplow; c.Enabled {
		emitter := a.newEmitter("snowplow", events.Config{
			Endpoint: c.Endpoint, AppID: suggestionsAppID, Namespace: suggestionsNamespace,
			BatchSize: c.BatchSize, Senders: c.ThreadCount, FlushInterval: c.FlushInterval,
		})
		trackers.Suggestions = events.NewSuggestions(emitter, s.GoogleCloudPlatform.Location)
	}
	if c := s.InternalEvent; c.Enabled {
		emitter := a.newEmitter("internal_event", events.Config{
			Endpoint: c.Endpoint, AppID: c.AppID, Namespace: c.Namespace,
			BatchSize: c.BatchSize, Senders: c.ThreadCount, FlushInterval: c.FlushInterval,
		})
		trackers.Internal = events.NewInternal(emitter, s.Environment)
	}
	return trackers
}

func (a *App) newEmitter(tracker string, c events.Config) *events.Emitter {
	c.Recorder = a.metrics.Events(tracker, outbox.Reasons...)
	c.Log = observe.Named(a.log, "snowplow_tracker.emitters").With("tracker", tracker)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = c.Senders
	c.Transport = transport
	emitter := events.NewEmitter(c)
	a.emitters = append(a.emitters, emitter)
	return emitter
}
