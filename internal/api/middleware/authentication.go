package middleware

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// Authentication lets only known users pass, and tells the handlers who it is (spec/auth.md 6). It stands before the router: without
// credentials every path is a 401, existing or not.
func Authentication(authenticator *auth.Authenticator) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if unauthenticated(r.URL.Path) {
				next.ServeHTTP(w, r)
				return
			}
			started := time.Now()
			user, err := authenticator.Authenticate(r.Context(), r.Header)
			record := observe.RecordFrom(r.Context())
			if user == nil || !user.Debug {
				record.Set("auth_duration_s", time.Since(started).Seconds())
			}
			if err != nil {
				refuse(w, record, err)
				return
			}
			if user.Claims != nil {
				record.Set("token_issuer", user.Claims.Issuer)
				setRealm(record, user.Claims.Realm)
			}
			next.ServeHTTP(w, r.WithContext(auth.WithUser(r.Context(), user)))
		})
	}
}

// refuse answers with the contract's 401, whose body has the key "error" where all other errors have "detail".
func refuse(w http.ResponseWriter, record *observe.Record, err error) {
	var refusal *auth.Error
	if !errors.As(err, &refusal) {
		panic(http.ErrAbortHandler) // the client left while keys were fetched
	}
	record.Set("auth_error_details", refusal.Text)
	record.Set("http_exception_details", refusal.Text)
	if refusal.Examined {
		record.Set("token_issuer", refusal.Issuer)
		setRealm(record, refusal.Realm)
	}
	body, _ := json.Marshal(map[string]string{"error": refusal.Text})
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = w.Write(body)
}

// setRealm overrides the header of the same name in the access log by what the token says.
func setRealm(record *observe.Record, realm string) {
	if realm != "" {
		record.Set("gitlab_realm", realm)
	}
}
