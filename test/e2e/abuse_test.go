package e2e

import (
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// isScoring tells the call that asks for a score from the one that was passed on.
func isScoring(call testkit.Call) bool {
	return strings.Contains(string(call.Body), "<expected_usecase>")
}

func TestStreamsAreScoredForAbuseAndNobodyWaitsForIt(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_ABUSE_DETECTION__ENABLED"], env["AIGW_ABUSE_DETECTION__SAMPLING_RATE"] = "true", "1"
	gateway := testkit.Gateway(t, env)
	release := make(chan struct{})
	fakes.Script(testkit.Script{Text: "passed on"}, testkit.Script{Text: "0.7", Hold: release})

	got := gateway.Do(t, testkit.Request{
		Path:   "/v1/proxy/anthropic/v1/messages",
		JSON:   body{"model": "claude-3-5-sonnet-20240620", "max_tokens": 5, "stream": true, "messages": []body{{"role": "user", "content": "Explain x = 1"}}},
		Header: map[string]string{"X-Gitlab-Unit-Primitive": "explain_code", "X-Gitlab-Instance-Id": "i-1", "X-Gitlab-Global-User-Id": "u-1"},
	})
	if got.Status != 200 || !strings.Contains(string(got.Body), "message_stop") {
		t.Fatalf("got %d %s", got.Status, got.Body) // though the score is held back
	}
	gateway.WaitLogs(t, map[string]any{"logger": "api.access", "status_code": 200})
	if calls := fakes.WaitCalls(t, 2); isScoring(calls[0]) || !isScoring(calls[1]) || !strings.Contains(string(calls[1].Body), "Explain x = 1") {
		t.Errorf("asked %s, then %s", calls[0].Body, calls[1].Body)
	}
	close(release)
	gateway.WaitLogs(t, map[string]any{
		"logger": "abuse_detection", "message": "abuse request score", "score": 0.7, "instance_id": "i-1", "global_user_id": "u-1", "unit_primitive": "explain_code",
	})
	if n := gateway.Metric(t, "abuse_request_scores_count", map[string]string{"unit_primitive": "explain_code"}); n != 1 {
		t.Errorf("%v scores are counted", n)
	}
}
