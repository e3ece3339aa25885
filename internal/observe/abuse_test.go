package observe

import (
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/ai-gateway/ai-gateway/internal/abuse"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

func TestScoresAreLoggedAndCounted(t *testing.T) {
	m := NewMetrics()
	var out strings.Builder
	a := m.Abuse(NewLogger(&out, LogOptions{JSON: true}))
	a.Score(t.Context(), abuse.Request{UnitPrimitive: "explain_code", InstanceID: "i", Body: []byte("canary"), URL: "canary"}, 0.7)
	entry := decode(t, out.String())
	delete(entry, "timestamp")
	want := map[string]any{
		"logger": "abuse_detection", "level": "info", "message": "abuse request score", "type": "mlops", "stage": "main",
		"score": 0.7, "instance_id": "i", "global_user_id": "unknown", "unit_primitive": "explain_code",
	}
	if diff := cmp.Diff(want, entry); diff != "" {
		t.Error(diff)
	}
	expected := `
# HELP abuse_request_scores How far requests stray from their purpose, from 0 to 1.
# TYPE abuse_request_scores histogram
abuse_request_scores_bucket{global_user_id="unknown",instance_id="i",unit_primitive="explain_code",le="0"} 0
abuse_request_scores_bucket{global_user_id="unknown",instance_id="i",unit_primitive="explain_code",le="0.3"} 0
abuse_request_scores_bucket{global_user_id="unknown",instance_id="i",unit_primitive="explain_code",le="0.5"} 0
abuse_request_scores_bucket{global_user_id="unknown",instance_id="i",unit_primitive="explain_code",le="0.7"} 1
abuse_request_scores_bucket{global_user_id="unknown",instance_id="i",unit_primitive="explain_code",le="1"} 1
abuse_request_scores_bucket{global_user_id="unknown",instance_id="i",unit_primitive="explain_code",le="+Inf"} 1
abuse_request_scores_sum{global_user_id="unknown",instance_id="i",unit_primitive="explain_code"} 0.7
abuse_request_scores_count{global_user_id="unknown",instance_id="i",unit_primitive="explain_code"} 1
`
	if err := testutil.CollectAndCompare(a.scores, strings.NewReader(expected)); err != nil {
		t.Error(err)
	}
}

func TestWhatTheModelIsAskedIsLoggedWhereContentIsWanted(t *testing.T) {
	question := llm.Request{Messages: []llm.Message{{Role: llm.User, Content: "canary"}}, MaxTokens: 8}
	for _, wanted := range []bool{false, true} {
		var out strings.Builder
		a := NewMetrics().Abuse(NewLogger(&out, LogOptions{JSON: true, Level: slog.LevelDebug, RequestContent: wanted}))
		a.Asking(t.Context(), question)
		if got := strings.Contains(out.String(), `"abuse detector call:"`) && strings.Contains(out.String(), "canary"); got != wanted {
			t.Errorf("wanted is %v: %s", wanted, out.String())
		}
	}
}

func TestUsersCannotMakeSeriesWithoutEnd(t *testing.T) {
	a := NewMetrics().Abuse(discard())
	for i := range 2 * mostUsers {
		a.Score(t.Context(), abuse.Request{UnitPrimitive: "explain_code", GlobalUserID: "u\xff" + strconv.Itoa(i)}, 0.7)
	}
	if n := testutil.CollectAndCount(a.scores); n > mostUsers+1 {
		t.Errorf("%d series", n)
	}
}
