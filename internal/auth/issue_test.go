package auth

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestIssuedToken(t *testing.T) {
	caller := func(seats string) *User { return &User{Claims: &Claims{SeatCount: seats}} }
	id := Identity{GlobalUserID: userID, InstanceID: instanceID, Realm: "self-managed"}
	const (
		jti  = `"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"`
		head = `{"iss":"gitlab-ai-gateway","sub":"` + userID + `","aud":"gitlab-ai-gateway","exp":1734703600,"nbf":1734700000,` +
			`"iat":1734700000,"jti":JTI,"gitlab_realm":"self-managed","gitlab_instance_id":"` + instanceID + `","scopes":["complete_code"]`
	)
	for _, tc := range []struct {
		name string
		user *User
		id   Identity
		want string
	}{
		{"carries the caller's seat count", caller("100"), id, head + `,"duo_seat_count":"100"}`},
		{"has no empty seat count", caller(""), id, head + `}`},
		{"has no blank seat count", caller(" \t"), id, head + `}`},
		{"of a debug user has no seat count", &User{Debug: true}, id, head + `}`},
		{
			"escapes what is not ASCII and nothing else", nil,
			Identity{"<é&>\U0001f600\u2028\x7f", "\"\\\n", "\u00ad/"},
			`{"iss":"gitlab-ai-gateway","sub":"<\u00e9&>\ud83d\ude00\u2028\u007f","aud":"gitlab-ai-gateway","exp":1734703600,` +
				`"nbf":1734700000,"iat":1734700000,"jti":JTI,"gitlab_realm":"\u00ad/","gitlab_instance_id":"\"\\\n","scopes":["complete_code"]}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := newGateway(t, Config{SigningKey: pkcs1(keyK2())})
			token, expires, err := g.IssueUserToken(tc.user, tc.id)
			if err != nil {
				t.Fatal(err)
			}
			if !expires.Equal(time.Unix(1734703600, 0)) {
				t.Errorf("expires at %d", expires.Unix())
			}
			rest, ok := strings.CutPrefix(token, "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.")
			if !ok {
				t.Errorf("header of %s", token)
			}
			payload, _, _ := strings.Cut(rest, ".")
			claims, err := base64.RawURLEncoding.DecodeString(payload)
			if err != nil {
				t.Fatal(err)
			}
			pattern := strings.Replace(regexp.QuoteMeta(tc.want), "JTI", jti, 1)
			if !regexp.MustCompile("^" + pattern + "$").Match(claims) {
				t.Errorf("claims\n%s\nwant\n%s", claims, tc.want)
			}
		})
	}
}

func TestIssuedTokenIsAccepted(t *testing.T) {
	g := workedExamples(t, func(c *Config) { c.ServiceName = "acme" })
	h := headersH(sign(keyK1(), header(), tokenA(obj{"aud": "acme"})), "X-Gitlab-Global-User-Id", "\xe9\xff")
	user, text := g.enter(t, h)
	if text != "" {
		t.Fatalf("401 %q", text)
	}
	token, _, err := g.IssueUserToken(user, IdentityFrom(h))
	if err != nil {
		t.Fatal(err)
	}
	h.Set("Authorization", "Bearer "+token)
	direct, text := g.enter(t, h)
	if text != "" {
		t.Fatalf("401 %q", text)
	}
	want := &User{SelfIssued: true, GlobalUserID: "éÿ", Claims: &Claims{
		Issuer: "acme", Subject: "éÿ", Realm: "self-managed",
		InstanceID: instanceID, SeatCount: "100", Scopes: []string{"complete_code"},
	}}
	if diff := cmp.Diff(want, direct); diff != "" {
		t.Error(diff)
	}
	if direct.Can(CompleteCode, "acme") || !direct.Can(CompleteCode) {
		t.Error("a self-issued token can complete code, except where its issuer is disallowed")
	}
	for name, value := range map[string]string{
		"X-Gitlab-Global-User-Id": "\xc3\xa9\xc3\xbf", "X-Gitlab-Realm": "saas", "X-Gitlab-Instance-Id": "",
	} {
		other := h.Clone()
		other.Set(name, value)
		if got, want := g.ask(t, other), "Header mismatch '"+name+"'"; got != want {
			t.Errorf("401 %q, want %q", got, want)
		}
	}
}

func TestIssuedTokensDiffer(t *testing.T) {
	g := newGateway(t, Config{SigningKey: pkcs1(keyK2())})
	first, _, err := g.IssueUserToken(nil, Identity{})
	if err != nil {
		t.Fatal(err)
	}
	if second, _, err := g.IssueUserToken(nil, Identity{}); err != nil || first == second {
		t.Errorf("two tokens of one second are the same, or %v", err)
	}
}
