package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
)

// levelCritical is above slog's levels: what an operator must not overlook.
const levelCritical = slog.Level(12)

// logBypass says that a request got in without credentials.
func (a *Authenticator) logBypass(ctx context.Context, notice string) {
	a.log.LogAttrs(ctx, levelCritical, notice, slog.String("logger", "codesuggestions"))
}

// logRefusal says why a token is no good, which the client is not told.
func (a *Authenticator) logRefusal(ctx context.Context, err error) {
	class := "JWTError"
	var c *cause
	if errors.As(err, &c) {
		class = c.class
	}
	a.logError(ctx, err.Error(), class, nil)
}

// compareSeatCount says when a client's idea of its seats is not its token's. It never costs the request (spec/auth.md 9).
func (a *Authenticator) compareSeatCount(ctx context.Context, t *token, h http.Header) {
	seats, _ := HeaderText(h, HeaderDuoSeatCount)
	switch {
	case t.SeatCount == "" || seats == t.SeatCount:
	case seats == "":
		a.logError(ctx, "Header is missing: '"+HeaderDuoSeatCount+"'", "Exception", nil)
	default:
		a.logError(ctx, textMismatch(HeaderDuoSeatCount), "Exception", nil)
	}
}

func (a *Authenticator) logProviderFailure(ctx context.Context, label string, err error) {
	a.logError(ctx, err.Error(), "OidcProviderError", map[string]string{"oidc_provider": label})
}

func (a *Authenticator) logKeyFailure(role string, err error) {
	name := "AIGW_SELF_SIGNED_JWT__" + strings.ToUpper(role)
	a.logError(context.Background(), name+" cannot be used: "+err.Error(), "JWKError", nil)
}

// logError writes an entry in the shape of spec/observability.md 5.
func (a *Authenticator) logError(ctx context.Context, message, class string, extra map[string]string) {
	if extra == nil {
		extra = map[string]string{}
	}
	a.log.LogAttrs(ctx, slog.LevelError, message,
		slog.String("logger", "cloud_connector"),
		slog.Any("status_code", nil),
		slog.String("exception_class", class),
		slog.String("backtrace", ""),
		slog.Any("extra", extra))
}

// logRefresh says which keys a provider has delivered, and which are trusted in all now (spec/auth.md 8.4).
func (a *Authenticator) logRefresh(set *keySet) {
	all := a.local.ids()
	for _, p := range a.providers {
		if current := p.current.Load(); current != nil {
			all = append(all, current.ids()...)
		}
	}
	a.logLoaded("GitLabOidcProvider", set.ids())
	a.logLoaded("CompositeProvider", all)
}

func (a *Authenticator) logLoaded(provider string, ids []string) {
	a.log.LogAttrs(context.Background(), slog.LevelInfo, "JWKS refreshed",
		slog.String("logger", "cloud_connector"),
		slog.Any("kids", ids),
		slog.String("provider", provider))
}
