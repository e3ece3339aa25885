package middleware

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// FeatureFlags notes which flags of the caller are on, less those that its realm may not use (spec/auth.md 17.1).
func FeatureFlags(disallowed map[string][]string) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			flags := auth.ParseFlags(r.Header, disallowed)
			if flags == nil {
				next.ServeHTTP(w, r)
				return
			}
			record := observe.RecordFrom(r.Context())
			record.Set("enabled_feature_flags", flags.String())
			record.LogContent = flags.Enabled(auth.FlagExpandedAILogging)
			next.ServeHTTP(w, r.WithContext(auth.WithFlags(r.Context(), flags)))
		})
	}
}
