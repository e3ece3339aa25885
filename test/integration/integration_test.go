package integration

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// realms are the two kinds of GitLab instances, with the headers that tell them apart.
var realms = map[string]map[string]string{
	"saas":         {"X-Gitlab-Host-Name": "gitlab.com", "X-Gitlab-Saas-Duo-Pro-Namespace-Ids": "9970,6543"},
	"self-managed": {"X-Gitlab-Host-Name": "gitlab.company.name"},
}

func TestAnEditorGetsATokenAndACompletion(t *testing.T) {
	base := gatewayURL(t)
	for realm, headers := range realms {
		t.Run(realm, func(t *testing.T) {
			identity := map[string]string{
				"X-Gitlab-Realm": realm, "X-Gitlab-Global-User-Id": "111", "X-Gitlab-Instance-Id": "7c3f0b52-58d4-4e19-9a6d-2f81c07be3a4",
			}
			token := issueToken(t, base, identity)
			complete(t, base, token, identity, headers)
		})
	}
}

// gatewayURL is where the gateway is; one that was started here ends with the test.
func gatewayURL(t *testing.T) string {
	t.Helper()
	if url := os.Getenv("AI_GATEWAY_URL"); url != "" {
		return strings.TrimRight(url, "/")
	}
	fakes := testkit.NewFakes(t)
	return testkit.Gateway(t, map[string]string{
		"AIGW_AUTH__BYPASS_EXTERNAL_WITH_HEADER": "true", "AIGW_MOCK_MODEL_RESPONSES": "true",
		"AIGW_SELF_SIGNED_JWT__SIGNING_KEY": fakes.Fill("${RSA_KEY}"), "AIGW_SELF_SIGNED_JWT__VALIDATION_KEY": fakes.Fill("${RSA_KEY}"),
		"AIGW_GITLAB_URL": "http://127.0.0.1:1", "AIGW_CUSTOMER_PORTAL_URL": "http://127.0.0.1:1", // the gateway's own keys must do
	}).URL
}

func issueToken(t *testing.T, base string, identity map[string]string) string {
	t.Helper()
	status, answer := post(t, base+"/v1/code/user_access_token", nil, identity, map[string]string{"Bypass-Auth": "true"})
	var issued struct{ Token string }
	if err := json.Unmarshal(answer, &issued); err != nil || status/100 != 2 || issued.Token == "" {
		t.Fatalf("want a token, got %d %s", status, answer)
	}
	return issued.Token
}

func complete(t *testing.T, base, token string, headers ...map[string]string) {
	t.Helper()
	body := map[string]any{
		"prompt_version": 1,
		"current_file": map[string]any{
			"file_name": "main.py", "content_above_cursor": "def hello_world():\n    ", "content_below_cursor": "\n",
			"stream": false, // does not belong here and is ignored
		},
		"metadata": map[string]any{"source": "integration test"}, // the same
	}
	status, answer := post(t, base+"/v2/code/completions", body, append(headers, map[string]string{
		"Authorization": "Bearer " + token, "X-Gitlab-Authentication-Type": "oidc", "X-Gitlab-Version": "17.1.0", "User-Agent": "integration-test",
	})...)
	var suggestion struct{ Choices []any }
	if err := json.Unmarshal(answer, &suggestion); err != nil || status != http.StatusOK {
		t.Fatalf("want a completion, got %d %s", status, answer)
	}
}

func post(t *testing.T, url string, body any, headers ...map[string]string) (status int, answer []byte) {
	t.Helper()
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for _, set := range headers {
		for name, value := range set {
			req.Header.Set(name, value)
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if answer, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, answer
}
