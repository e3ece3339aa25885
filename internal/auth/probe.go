package auth

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// Published is what an OIDC provider says about itself when it is asked.
type Published struct {
	Issuer string // empty for none
	Keys   int    // usable ones
}

// Probe asks the OIDC provider at a base URL for its keys, the way an [Authenticator] does, but once and now: for operators who want to know
// whether it can be reached. client is as in [Config].
func Probe(ctx context.Context, baseURL string, client *http.Client) (Published, error) {
	asking := newKeyClient(client)
	if client == nil {
		defer asking.CloseIdleConnections()
	}
	p, err := newProvider(ctx, "at "+withoutPassword(baseURL), baseURL, asking)
	if err != nil {
		return Published{}, err
	}
	defer p.close()
	set, err := p.fetchKeys(ctx)
	if err != nil {
		return Published{}, err
	}
	return Published{Issuer: set.issuer, Keys: len(set.keys)}, nil
}

// CheckVerificationKey says why a text will not do as [Config.ValidationKey]. The error quotes nothing of it.
func CheckVerificationKey(text string) error {
	_, err := parsePublicKey(text)
	return err
}

// Headers are those with which an editor or GitLab shows a token in the name of id.
func (id Identity) Headers(token string) http.Header {
	h := http.Header{}
	h.Set(HeaderAuthorization, "Bearer "+token)
	h.Set(HeaderAuthenticationType, "oidc")
	h.Set(HeaderGlobalUserID, id.GlobalUserID)
	h.Set(HeaderInstanceID, id.InstanceID)
	h.Set(HeaderRealm, id.Realm)
	return h
}

// HeadersFor are the headers that agree with what a token of GitLab says, in the name of a user. The token is not verified.
func HeadersFor(token, globalUserID string) (http.Header, error) {
	_, rest, _ := strings.Cut(token, ".")
	payload, _, found := strings.Cut(rest, ".")
	decoded, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || !found {
		return nil, errors.New("this is no token")
	}
	members, ok := object(decoded)
	if !ok {
		return nil, errors.New("the middle part of the token is not a JSON object")
	}
	id := Identity{GlobalUserID: globalUserID}
	id.Realm, _ = text(members["gitlab_realm"])
	subject, _ := text(members["sub"])
	instance, _ := text(members["gitlab_instance_id"])
	id.InstanceID = cmp.Or(subject, instance)
	return id.Headers(token), nil
}

// withoutPassword is a URL as it may be shown.
func withoutPassword(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "a URL that cannot be read"
	}
	return u.Redacted()
}
