package auth

import (
	"context"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// verify reads a token that can be believed: signed by who it says, in time, and for us (spec/auth.md 7).
func (a *Authenticator) verify(ctx context.Context, raw string) (*token, error) {
	if len(raw) > maxToken {
		return nil, errTooLong
	}
	check := a.checkSignature
	if a.cfg.BypassSignature {
		check = a.checkNothing
	}
	t, err := check(ctx, raw)
	if err != nil {
		return nil, err
	}
	return t, t.validate(a.now(), a.cfg.ClockSkew, a.cfg.ServiceName)
}

// checkNothing takes a token for what it says, whoever signed it, but only where some key could have been had (spec/auth.md 7.3).
func (a *Authenticator) checkNothing(ctx context.Context, raw string) (*token, error) {
	t, err := parseToken(raw)
	if err != nil {
		return nil, err
	}
	if len(a.local.keys) > 0 {
		return t, nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.maxWait)
	defer cancel()
	for _, p := range a.providers {
		p.start()
	}
	for _, p := range a.providers {
		if set, err := p.keys(ctx); err == nil && len(set.keys) > 0 {
			return t, nil
		}
	}
	return nil, errKey
}

// checkSignature reads a token and makes sure of who signed it. An answer is remembered as long as the key set that gave it is in force.
func (a *Authenticator) checkSignature(ctx context.Context, raw string) (*token, error) {
	digest := digestOf(raw)
	if known, ok := a.verified.get(digest); ok && a.inForce(known.set) {
		return known.token, nil
	}
	t, err := parseToken(raw)
	if err != nil {
		return nil, err
	}
	if t.algorithm != jwa.RS256().String() {
		return nil, errAlgorithm
	}
	if _, err := decodeSegment(raw[strings.LastIndexByte(raw, '.')+1:]); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.maxWait)
	defer cancel()
	set, err := a.signedBy(ctx, t, []byte(raw))
	if err != nil {
		return nil, err
	}
	if len(raw) <= maxRemembered {
		a.verified.put(digest, verifiedToken{t, set})
	}
	return t, nil
}

// inForce reports whether a key set is still the one that its owner goes by.
func (a *Authenticator) inForce(set *keySet) bool {
	if set == a.local {
		return true
	}
	for _, p := range a.providers {
		if set == p.usable() {
			return true
		}
	}
	return false
}

// signedBy is the key set of the token's issuer, if a key in it verifies the token. An issuer's set is fetched anew before a token with an
// unknown key is refused.
func (a *Authenticator) signedBy(ctx context.Context, t *token, raw []byte) (*keySet, error) {
	if t.Issuer == a.cfg.ServiceName {
		if !a.accepts(ctx, a.local, t, raw) {
			return nil, errSignature
		}
		return a.local, nil
	}
	var refusal error = errIssuer
	for _, p := range a.speakers(ctx, t.Issuer) {
		set, err := p.keys(ctx)
		if err != nil {
			refusal = &cause{errKey.class, err.Error()}
			continue
		}
		if a.accepts(ctx, set, t, raw) {
			return set, nil
		}
		refusal = errSignature
		if set.has(t.keyID) {
			continue
		}
		if newer := p.renew(ctx, set); newer != set && a.accepts(ctx, newer, t, raw) {
			return newer, nil
		}
	}
	return nil, refusal
}

// speakers are the providers that may sign as issuer. The names that we were configured with come first: a discovery document can add a
// name for its provider, but not take one from another.
func (a *Authenticator) speakers(ctx context.Context, issuer string) []*provider {
	if issuer == "" {
		return nil
	}
	var found []*provider
	for _, p := range a.providers {
		if p.isConfiguredAs(issuer) {
			found = append(found, p)
		}
	}
	if len(found) > 0 {
		return found
	}
	for _, p := range a.providers {
		if set := p.known(ctx); set != nil && set.issuer == issuer {
			found = append(found, p)
		}
	}
	return found
}

// accepts reports whether a key of set verifies the token. A key ID that anybody trusted uses selects its key; any other, as none at all,
// leaves the choice among the keys of set.
func (a *Authenticator) accepts(ctx context.Context, set *keySet, t *token, raw []byte) bool {
	keys := set.named(t.keyID)
	if len(keys) == 0 {
		if a.isSomebodyElses(ctx, set, t.keyID) {
			return false
		}
		keys = set.keys
	}
	for _, key := range keys {
		if _, err := jws.VerifyCompactFast(key.rsa, raw, jwa.RS256()); err == nil {
			return true
		}
	}
	return false
}

// isSomebodyElses reports whether a key ID belongs to a trusted key outside of set.
func (a *Authenticator) isSomebodyElses(ctx context.Context, set *keySet, keyID string) bool {
	if keyID == "" {
		return false
	}
	if a.local != set && a.local.has(keyID) {
		return true
	}
	for _, p := range a.providers {
		if other := p.known(ctx); other != nil && other != set && other.has(keyID) {
			return true
		}
	}
	return false
}
