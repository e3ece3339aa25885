package auth

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProbe(t *testing.T) {
	i := newIssuer(t, "https://gitlab.example.com", jwkOf(keyGitLab(), "a"), jwkOf(keyK1(), "b"), "no key")
	got, err := Probe(t.Context(), i.URL, nil)
	if err != nil || got != (Published{Issuer: "https://gitlab.example.com", Keys: 2}) {
		t.Errorf("got %+v, %v", got, err)
	}
	i.answerKeys(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	if _, err := Probe(t.Context(), i.URL, nil); err == nil || !strings.Contains(err.Error(), "502") {
		t.Errorf("got %v", err)
	}
	if _, err := Probe(t.Context(), "not a URL", nil); err == nil {
		t.Error("probed what is no URL")
	}
}

func TestCheckVerificationKey(t *testing.T) {
	if err := CheckVerificationKey(pkcs1(keyK1())); err != nil {
		t.Error(err)
	}
	if err := CheckVerificationKey("canary"); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

func TestHeadersForATokenAgreeWithIt(t *testing.T) {
	token := sign(keyK1(), header(), obj{"sub": "instance", "gitlab_realm": "self-managed", "gitlab_instance_id": "instance"})
	got, err := HeadersFor(token, "user")
	if err != nil {
		t.Fatal(err)
	}
	want := http.Header{
		"Authorization": {"Bearer " + token}, "X-Gitlab-Authentication-Type": {"oidc"}, "X-Gitlab-Global-User-Id": {"user"},
		"X-Gitlab-Instance-Id": {"instance"}, "X-Gitlab-Realm": {"self-managed"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, wrong := range []string{"", "a", "a.b", "a.!.c", "a.bm8.c", "a.W10.c"} {
		if _, err := HeadersFor(wrong, "user"); err == nil {
			t.Errorf("%q was taken for a token", wrong)
		}
	}
}
