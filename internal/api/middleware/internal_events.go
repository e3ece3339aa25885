package middleware

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// InternalEvents gives requests the context that their internal events share, and tells the access log which events there were
// (spec/auth.md 17.2, spec/observability.md 14). It does nothing when tracker is nil.
func InternalEvents(tracker *events.Internal) Middleware {
	return func(next http.Handler) http.Handler {
		if tracker == nil {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if unauthenticated(r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			ctx := tracker.WithRequest(r.Context(), caller(r))
			defer func() {
				failure := recover()
				if !isDefect(failure) {
					observe.RecordFrom(ctx).Set("tracked_internal_events", events.Tracked(ctx))
				}
				if failure != nil {
					panic(failure)
				}
			}()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// caller is what a request's headers say about where it comes from.
func caller(r *http.Request) events.Caller {
	optional := func(name string) *string {
		if value, present := auth.HeaderText(r.Header, name); present {
			return &value
		}
		return nil
	}
	c := events.Caller{
		Realm: optional(auth.HeaderRealm), InstanceID: optional(auth.HeaderInstanceID), HostName: optional("X-Gitlab-Host-Name"),
		InstanceVersion: optional("X-Gitlab-Version"), GlobalUserID: optional(auth.HeaderGlobalUserID),
		CorrelationID: observe.RecordFrom(r.Context()).CorrelationID,
	}
	c.EnabledBy, _ = auth.HeaderText(r.Header, "X-Gitlab-Feature-Enabled-By-Namespace-Ids")
	c.DuoPro, _ = auth.HeaderText(r.Header, "X-Gitlab-Saas-Duo-Pro-Namespace-Ids")
	return c
}
