package testkit

import (
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"

	"github.com/google/go-cmp/cmp"
)

func TestTokenIsSignedByThePublishedKey(t *testing.T) {
	f := NewFakes(t)
	for signer, issuer := range map[string]*Issuer{GitLab: f.GitLab, Portal: f.Portal} {
		keys, err := jwk.Fetch(t.Context(), issuer.URL+"/oauth/discovery/keys")
		if err != nil {
			t.Fatal(err)
		}
		token, err := f.Token(signer, nil, map[string]any{"sub": "u"})
		if err != nil {
			t.Fatal(err)
		}
		payload, err := jws.Verify([]byte(token), jws.WithKeySet(keys))
		if err != nil || string(payload) != `{"sub":"u"}` {
			t.Errorf("%s: %v, payload %s", signer, err, payload)
		}
		if calls := issuer.Calls(); len(calls) != 1 || calls[0].Path != "/oauth/discovery/keys" {
			t.Errorf("%s was asked %+v", signer, calls)
		}
	}
}

func TestIssuerFailsAsScripted(t *testing.T) {
	f := NewFakes(t)
	f.GitLab.Script(Script{Path: "/keys", Status: 500}, Script{})
	if _, err := jwk.Fetch(t.Context(), f.GitLab.URL+"/oauth/discovery/keys"); err == nil {
		t.Error("the first fetch succeeds")
	}
	if _, err := jwk.Fetch(t.Context(), f.GitLab.URL+"/oauth/discovery/keys"); err != nil {
		t.Errorf("the second fetch: %v", err)
	}
}

func TestMangledTokensDoNotVerify(t *testing.T) {
	f := NewFakes(t)
	public := signingKeys()[GitLab].Public()
	for how := range signatures {
		token, err := f.MangledToken(how, GitLab, nil, map[string]any{"sub": "u"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = jws.Verify([]byte(token), jws.WithKey(jwa.RS256(), public))
		if ok := err == nil; ok != (how == notMangled) {
			t.Errorf("%q verifies: %v", how, ok)
		}
	}
}

// Tokens of refused algorithms must be good ones, or a gateway would refuse them for another reason than the algorithm.
func TestTokensOfOtherAlgorithmsAreGoodOnes(t *testing.T) {
	f := NewFakes(t)
	key := signingKeys()[GitLab]
	for how, verify := range map[Mangle]jws.VerifyOption{
		RS384:          jws.WithKey(jwa.RS384(), key.Public()),
		PS256:          jws.WithKey(jwa.PS256(), key.Public()),
		HS256PublicKey: jws.WithKey(jwa.HS256(), publicPEM(&key.PublicKey)),
	} {
		token, err := f.MangledToken(how, GitLab, nil, map[string]any{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jws.Verify([]byte(token), verify); err != nil {
			t.Errorf("%s: %v", how, err)
		}
	}
}

func TestTokenHeaderFieldsAreReplacedAndRemoved(t *testing.T) {
	f := NewFakes(t)
	token, err := f.Token(Foreign, map[string]any{"kid": nil, "typ": "at+jwt"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	message, err := jws.Parse([]byte(token))
	if err != nil {
		t.Fatal(err)
	}
	header := message.Signatures()[0].ProtectedHeaders()
	_, hasKey := header.KeyID()
	kind, _ := header.Type()
	if diff := cmp.Diff("at+jwt", kind); diff != "" || hasKey {
		t.Errorf("kid there: %v, %s", hasKey, diff)
	}
}

func TestUnknownSignersAndManglesAreErrors(t *testing.T) {
	f := NewFakes(t)
	if _, err := f.Token("nobody", nil, nil); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Error(err)
	}
	if _, err := f.MangledToken("somehow", GitLab, nil, nil); err == nil || !strings.Contains(err.Error(), "somehow") {
		t.Error(err)
	}
}
