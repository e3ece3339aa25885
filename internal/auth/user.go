package auth

import (
	"context"
	"net/http"
	"slices"

	"github.com/ai-gateway/ai-gateway/internal/releases"
)

// Claims are what a verified token says (spec/auth.md 7.2). A claim that the token does not have is empty. Requests with the same token
// share them: read only.
type Claims struct {
	Issuer     string   // iss
	Subject    string   // sub: the instance, or the user of a self-issued token
	Realm      string   // gitlab_realm: "saas" or "self-managed"
	InstanceID string   // gitlab_instance_id
	SeatCount  string   // duo_seat_count, as text
	Scopes     []string // names of unit primitives, also such as this gateway does not know
}

// User is who a request comes from. A nil User, that of an unauthenticated request, may do nothing.
type User struct {
	Claims       *Claims // nil for a debug user
	GlobalUserID string  // the header X-Gitlab-Global-User-Id, taken on trust unless SelfIssued; empty for none
	SelfIssued   bool    // the token is one of ours: an editor's direct connection
	Debug        bool    // authentication was bypassed: everything is allowed
}

func debugUser(h http.Header) *User {
	id, _ := HeaderText(h, HeaderGlobalUserID)
	return &User{GlobalUserID: id, Debug: true}
}

// Can reports whether the user may use up. A token of a disallowed issuer may not, whatever its scopes (spec/auth.md 10).
func (u *User) Can(up UnitPrimitive, disallowedIssuers ...string) bool {
	switch {
	case u == nil || up == "":
		return false
	case u.Debug:
		return true
	case u.Claims == nil || slices.Contains(disallowedIssuers, u.Claims.Issuer):
		return false
	default:
		later, renamed := releases.UnitPrimitives[string(up)]
		return slices.Contains(u.Claims.Scopes, string(up)) || renamed && slices.Contains(u.Claims.Scopes, later)
	}
}

// UnitPrimitives are the user's scopes that this gateway knows, in the token's order. A debug user has none.
func (u *User) UnitPrimitives() []UnitPrimitive {
	if u == nil || u.Claims == nil {
		return nil
	}
	var known []UnitPrimitive
	for _, name := range u.Claims.Scopes {
		if up, ok := Known(name); ok {
			known = append(known, up)
		}
	}
	return known
}

type userKey struct{}

// WithUser is ctx for a request of u.
func WithUser(ctx context.Context, u *User) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}

// UserFrom is the user whose request ctx belongs to, or nil.
func UserFrom(ctx context.Context) *User {
	u, _ := ctx.Value(userKey{}).(*User)
	return u
}
