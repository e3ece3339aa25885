// Package auth decides who is calling and what they may do: tokens in and out, users, scopes and unit primitives.
//
// A request carries a JSON Web Token and headers that repeat some of its claims. Three parties sign such tokens, and each speaks only
// for itself: a GitLab instance and the customer portal (OIDC providers, which publish their keys), and this gateway, which hands
// short-lived tokens to editors ([Authenticator.IssueUserToken]) and trusts the keys it was configured with. The token's iss claim says
// whose keys are tried; a token that nobody known has signed is refused.
//
// [Authenticator.Authenticate] turns the headers of a request into a [User], or into an [*Error] that holds the text of the 401.
// [User.Can] then answers whether that user may use a [UnitPrimitive], the smallest permission there is.
//
// Keys are fetched when the first token asks for them, are refreshed behind the back of requests, and outlive an outage of their
// publisher by a day. A publisher that is down makes its tokens fail; it never widens trust, stops the start or holds up requests.
package auth

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// DefaultServiceName is the identity of a gateway that was given no other.
const DefaultServiceName = "gitlab-ai-gateway"

// maxWait bounds how long one request waits for key sets, however many of them it needs.
const maxWait = 10 * time.Second

// Config says whom to trust (spec/auth.md 2).
type Config struct {
	ServiceName string // audience of every token, issuer of our own; DefaultServiceName when empty

	GitLabURL         string // base URL of the provider "Gitlab"; empty for none
	CustomerPortalURL string // base URL of the provider "CustomersDot"; empty for none

	SigningKey    string // PEM of the RSA private key that signs user tokens and verifies them; empty for none
	ValidationKey string // PEM of a further RSA key, private, public or in a certificate, that verifies them; empty for none

	BypassExternal           bool // every request is a debug user's
	BypassExternalWithHeader bool // a request with the header "Bypass-Auth: true" is a debug user's
	BypassSignature          bool // tokens may be signed by anybody, or not at all

	ClockSkew  time.Duration // how far the clocks of issuers may be off; 0 demands agreement to the second
	HTTPClient *http.Client  // transport to the providers; its cookies and its redirect policy are not used. nil for a default
}

// Authenticator knows users by their tokens. It is safe for concurrent use. Close it to end its background fetches.
type Authenticator struct {
	cfg       Config
	log       *slog.Logger
	signer    *signer
	local     *keySet // the gateway's own keys
	providers []*provider
	client    *http.Client
	verified  tokenCache
	now       func() time.Time
	maxWait   time.Duration
	end       context.CancelFunc
}

// NewAuthenticator makes an Authenticator. It reaches out to nobody. A setting that cannot be used, for instance a broken key, is logged
// and counts as not given: tokens that depend on it are refused (spec/auth.md 14).
func NewAuthenticator(cfg Config, log *slog.Logger) *Authenticator {
	cfg.ServiceName = cmp.Or(cfg.ServiceName, DefaultServiceName)
	life, end := context.WithCancel(context.Background())
	a := &Authenticator{cfg: cfg, log: log, client: newKeyClient(cfg.HTTPClient), now: time.Now, maxWait: maxWait, end: end}
	a.loadLocalKeys()
	for _, setting := range []struct{ label, url string }{{"Gitlab", cfg.GitLabURL}, {"CustomersDot", cfg.CustomerPortalURL}} {
		if setting.url == "" {
			continue
		}
		p, err := newProvider(life, setting.label, setting.url, a.client)
		if err != nil {
			a.logProviderFailure(life, setting.label, err)
			continue
		}
		p.now = func() time.Time { return a.now() }
		p.fetched = a.logRefresh
		p.failed = func(err error) { a.logProviderFailure(life, p.label, err) }
		a.providers = append(a.providers, p)
	}
	return a
}

// Close ends background fetches and returns when they have ended. Requests that come later live on the keys that are there.
func (a *Authenticator) Close() {
	a.end()
	for _, p := range a.providers {
		p.close()
	}
	if a.cfg.HTTPClient == nil {
		a.client.CloseIdleConnections()
	}
}

// Authenticate finds out whose request has the headers h (spec/auth.md 6).
//
// The error is an [*Error], the refusal that the client is told as a 401; or that of ctx, if ctx ended while keys were fetched. No request
// waits longer than 10 s for keys.
func (a *Authenticator) Authenticate(ctx context.Context, h http.Header) (*User, error) {
	if notice := a.bypass(h); notice != "" {
		a.logBypass(ctx, notice)
		return debugUser(h), nil
	}
	raw, refusal := bearerToken(h)
	if refusal != nil {
		return nil, refusal
	}
	t, err := a.verify(ctx, raw)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		a.logRefusal(ctx, err)
		return nil, &Error{Text: textForbidden, Examined: true, Err: err}
	}
	selfIssued := t.Issuer == a.cfg.ServiceName
	if name := t.mismatch(h, selfIssued); name != "" {
		return nil, &Error{Text: textMismatch(name), Examined: true, Issuer: t.Issuer, Realm: t.Realm}
	}
	a.compareSeatCount(ctx, t, h)
	id, _ := HeaderText(h, HeaderGlobalUserID)
	return &User{Claims: &t.Claims, GlobalUserID: id, SelfIssued: selfIssued}, nil
}

// bypass is the notice to log when the request needs no credentials, or "".
func (a *Authenticator) bypass(h http.Header) string {
	if a.cfg.BypassExternal {
		return "Auth is disabled, all users allowed"
	}
	if value, _ := HeaderText(h, HeaderBypassAuth); a.cfg.BypassExternalWithHeader && value == "true" {
		return "Auth is disabled for requests with the header Bypass-Auth, all users allowed"
	}
	return ""
}

// bearerToken takes the token out of the headers (spec/auth.md 6, steps 3 to 5). The token is all that follows the first space: a second
// space belongs to it and makes it unusable.
func bearerToken(h http.Header) (string, *Error) {
	value, present := HeaderText(h, HeaderAuthorization)
	if !present {
		return "", &Error{Text: textNoHeader}
	}
	scheme, token, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "bearer") {
		return "", &Error{Text: textBadHeader}
	}
	if kind, _ := HeaderText(h, HeaderAuthenticationType); kind != "oidc" {
		return "", &Error{Text: textWrongType, Examined: true}
	}
	return token, nil
}
