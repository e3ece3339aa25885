package auth

import (
	"net/http"
	"net/textproto"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/releases"
)

// Names of the request headers that take part in authentication (spec/auth.md 5).
const (
	HeaderAuthorization       = "Authorization"
	HeaderAuthenticationType  = "X-Gitlab-Authentication-Type"
	HeaderBypassAuth          = "Bypass-Auth"
	HeaderRealm               = "X-Gitlab-Realm"
	HeaderInstanceID          = "X-Gitlab-Instance-Id"
	HeaderGlobalUserID        = "X-Gitlab-Global-User-Id"
	HeaderDuoSeatCount        = "X-Gitlab-Duo-Seat-Count"
	HeaderEnabledFeatureFlags = "X-Gitlab-Enabled-Feature-Flags"
	HeaderVerboseAILogs       = releases.VerboseLogs
)

// HeaderText is the first value of a header and whether the header is there at all. Bytes beyond ASCII are read as Latin-1, so UTF-8 in
// a header does not equal the same text in a claim.
func HeaderText(h http.Header, name string) (text string, present bool) {
	values := h[textproto.CanonicalMIMEHeaderKey(name)]
	if len(values) == 0 {
		return "", false
	}
	return latin1(values[0]), true
}

func latin1(value string) string {
	for i := range len(value) {
		if value[i] >= utf8.RuneSelf {
			runes := make([]rune, len(value))
			for j := range len(value) {
				runes[j] = rune(value[j])
			}
			return string(runes)
		}
	}
	return value
}

// Identity is whom a request names in its headers, without proof. A part that is missing is empty.
type Identity struct{ GlobalUserID, InstanceID, Realm string }

// IdentityFrom reads the identity out of the headers h.
func IdentityFrom(h http.Header) Identity {
	var id Identity
	id.GlobalUserID, _ = HeaderText(h, HeaderGlobalUserID)
	id.InstanceID, _ = HeaderText(h, HeaderInstanceID)
	id.Realm, _ = HeaderText(h, HeaderRealm)
	return id
}

// Missing names the first header that a complete identity lacks, or is empty (spec/auth.md 13, step 3).
func (id Identity) Missing() string {
	switch {
	case id.GlobalUserID == "":
		return HeaderGlobalUserID
	case id.InstanceID == "":
		return HeaderInstanceID
	case id.Realm == "":
		return HeaderRealm
	default:
		return ""
	}
}

// mismatch names the first header that contradicts the token, or is empty (spec/auth.md 9). A claim demands its header: one that the
// client left out contradicts as much as a wrong one.
func (t *token) mismatch(h http.Header, selfIssued bool) string {
	id := IdentityFrom(h)
	owner, ownerHeader := id.InstanceID, HeaderInstanceID
	if selfIssued {
		owner, ownerHeader = id.GlobalUserID, HeaderGlobalUserID
	}
	switch {
	case !t.realm.agrees(id.Realm):
		return HeaderRealm
	case !t.instance.agrees(id.InstanceID):
		return HeaderInstanceID
	case t.Subject != "" && t.Subject != owner:
		return ownerHeader
	default:
		return ""
	}
}
