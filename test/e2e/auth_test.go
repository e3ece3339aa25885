package e2e

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

const instance = "8f6e4253-58ce-42b9-869c-97f5c2287ad2"

// identity are the headers that GitLab Rails sends along with a token.
var identity = map[string]string{
	"X-Gitlab-Authentication-Type": "oidc",
	"X-Gitlab-Realm":               "self-managed",
	"X-Gitlab-Instance-Id":         instance,
	"X-Gitlab-Global-User-Id":      "Z3VpZDo0Mg==",
}

// claims are those of a token of the customer portal.
func claims(fakes *testkit.Fakes, scopes ...string) map[string]any {
	now := time.Now().Unix()
	return map[string]any{
		"iss": fakes.Portal.URL, "aud": "gitlab-ai-gateway", "sub": instance, "iat": now - 60, "nbf": now - 65, "exp": now + 3540,
		"gitlab_realm": "self-managed", "scopes": scopes,
	}
}

func headers(token string) map[string]string {
	all := maps.Clone(identity)
	all["Authorization"] = "Bearer " + token
	return all
}

func sign(t *testing.T, fakes *testkit.Fakes, signer string, claims map[string]any) string {
	t.Helper()
	token, err := fakes.Token(signer, nil, claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestOnlyGoodTokensGetIn(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, withTokens(fakes))
	good := sign(t, fakes, testkit.Portal, claims(fakes, "complete_code"))
	expired := claims(fakes, "complete_code")
	expired["exp"] = time.Now().Unix() - 10
	foreign := claims(fakes, "complete_code")

	for name, tc := range map[string]struct {
		headers map[string]string
		status  int
		body    string
	}{
		"a token of the portal":              {headers(good), 200, `"object":"text_completion"`},
		"no token":                           {identity, 401, `{"error":"No authorization header presented"}`},
		"a garbled token":                    {headers("garbled"), 401, `{"error":"Forbidden by auth provider"}`},
		"an expired token":                   {headers(sign(t, fakes, testkit.Portal, expired)), 401, `{"error":"Forbidden by auth provider"}`},
		"a token signed by somebody else":    {headers(sign(t, fakes, testkit.Foreign, foreign)), 401, `{"error":"Forbidden by auth provider"}`},
		"a token without the permission":     {headers(sign(t, fakes, testkit.Portal, claims(fakes))), 403, `{"detail":"Unauthorized to access code completions"}`},
		"a token of another instance":        {with(headers(good), "X-Gitlab-Instance-Id", "other"), 401, `{"error":"Header mismatch 'X-Gitlab-Instance-Id'"}`},
		"a token presented as something new": {with(headers(good), "X-Gitlab-Authentication-Type", "OIDC"), 401, `{"error":"Invalid authentication token type - only OIDC is supported"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", Header: tc.headers, JSON: completion(fakes)})
			if got.Status != tc.status || !strings.Contains(string(got.Body), tc.body) {
				t.Errorf("want %d %s, got %d %s", tc.status, tc.body, got.Status, got.Body)
			}
		})
	}
	if strings.Contains(gateway.Log.Text(), good) {
		t.Error("the log holds a token")
	}
}

func TestAnEditorUsesATokenOfTheGateway(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, withTokens(fakes))
	rails := headers(sign(t, fakes, testkit.Portal, claims(fakes, "complete_code", "generate_code")))

	issued := gateway.Do(t, testkit.Request{Path: "/v1/code/user_access_token", Header: rails})
	token, _ := fields(t, issued.Body)["token"].(string)
	if issued.Status != 200 || token == "" {
		t.Fatalf("want a token, got %d %s", issued.Status, issued.Body)
	}
	editor := headers(token)
	if got := gateway.Do(t, testkit.Request{Path: "/v2/completions", Header: editor, JSON: completion(fakes)}); got.Status != 200 {
		t.Errorf("complete with it: want 200, got %d %s", got.Status, got.Body)
	}
	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/generations", Header: editor, JSON: generation(fakes)}); got.Status != 403 {
		t.Errorf("generate with it: want 403, got %d %s", got.Status, got.Body)
	}
	if got := gateway.Do(t, testkit.Request{Path: "/v1/code/user_access_token", Header: editor}); got.Status != 403 {
		t.Errorf("renew it: want 403, got %d %s", got.Status, got.Body)
	}
}

func with(headers map[string]string, name, value string) map[string]string {
	changed := maps.Clone(headers)
	changed[name] = value
	return changed
}
