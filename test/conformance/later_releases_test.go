package conformance

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// TestLaterReleasesAreAnsweredTheSame asks what clients of GitLab 17 ask, in the way of GitLab 18: with more headers and none for the seat
// count, tokens for several audiences with claims and scopes that are not known, and bodies with a key more. One gateway serves both, so what was
// recorded holds for both.
func TestLaterReleasesAreAnsweredTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("starts gateways")
	}
	suite, err := Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var later []*Case
	for _, c := range suite.Cases {
		if strings.HasPrefix(c.ID, "clients-") && !strings.HasPrefix(c.ID, "clients-forward-") && c.Token != nil {
			later = append(later, ofLaterRelease(t, c))
		}
	}
	if len(later) < 100 {
		t.Fatalf("only %d cases of clients", len(later))
	}
	suite.Cases = later
	r := &runner{suite: suite, binary: testkit.Binary(t), expected: Expected{}}
	r.runAll(t)
}

// ofLaterRelease is a case as a later release would have it. The version is not another one: there are things that follow from it.
func ofLaterRelease(t *testing.T, c *Case) *Case {
	t.Helper()
	later := *c
	later.Request.Headers = maps.Clone(c.Request.Headers)
	maps.Copy(later.Request.Headers, map[string]string{
		"X-Gitlab-Duo-Seat-Count": "", "X-Gitlab-Is-Team-Member": "false", "X-Gitlab-Feature-Enablement-Type": "duo_enterprise",
		"X-Gitlab-Enabled-Instance-Verbose-Ai-Logs": "false", "X-Gitlab-Client-Type": "ide", "X-Gitlab-Interface": "duo_chat",
		"X-Gitlab-Model-Prompt-Cache-Enabled": "true", "X-Gitlab-Deployment-Type": "self-managed", "X-Gitlab-Namespace-Id": "null",
		"X-Gitlab-Root-Namespace-Id": "null",
	})
	token := *c.Token
	token.Claims = maps.Clone(c.Token.Claims)
	if aud, ok := token.Claims["aud"].(string); ok {
		token.Claims["aud"] = []any{"gitlab-duo-workflow-service", aud}
	}
	if scopes, ok := token.Claims["scopes"].([]any); ok {
		token.Claims["scopes"] = append([]any{"agent_platform", "duo_agent_platform"}, scopes...)
	}
	token.Claims["gitlab_instance_uid"], token.Claims["extra"] = "8f6e4253-58ce-42b9-869c-97f5c2287ad2", map[string]any{"skip_usage_cutoff": false}
	later.Token = &token
	var body map[string]json.RawMessage
	if proxied := strings.Contains(c.Request.Path, "/proxy/"); json.Unmarshal(c.Request.JSON, &body) == nil && body != nil && !proxied {
		body["a_key_of_a_later_release"] = json.RawMessage(`{"nested": [null]}`)
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		later.Request.JSON = encoded
	}
	later.Logs = nil // they tell of the headers
	return &later
}
