package events

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// only is the one event of the one request that a collector got, with its context decoded and what differs from run to run checked and
// left out.
func only(t *testing.T, c *collector) string {
	t.Helper()
	if len(c.bodies) != 1 {
		t.Fatalf("want one request, got %q", c.bodies)
	}
	body := c.bodies[0]
	for _, changing := range []string{
		`"eid":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",`, `"dtm":"\d{12}",`, `,"stm":"\d{9}000"`, // the clock of a test stands in the year 2000
	} {
		pattern := regexp.MustCompile(changing)
		if !pattern.MatchString(body) {
			t.Errorf("no %s in %s", changing, body)
		}
		body = pattern.ReplaceAllString(body, "")
	}
	_, rest, found := strings.Cut(body, `"cx":"`)
	if encoded, _, _ := strings.Cut(rest, `"`); found {
		described, err := base64.URLEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		body = strings.Replace(body, `"`+encoded+`"`, string(described), 1)
	}
	return body
}

const envelope = `{"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4","data":[`

func TestTheWireFormat(t *testing.T) {
	zero := 0
	for name, tc := range map[string]struct {
		event Event
		want  string
	}{
		"a bare event": {
			Event{Category: "c", Action: "a"},
			`{"e":"se","se_ca":"c","se_ac":"a","p":"pc","tv":"ai-gateway-1.0","tna":"gl","aid":"app"}`,
		},
		"the number 0 is sent, everything is a text, and characters stay as they are": {
			Event{Category: "c", Action: "a", Label: "l", Value: &zero, Context: NewContext("iglu:x", map[string]any{"a": "größe <🎉>", "b": nil})},
			`{"e":"se","se_ca":"c","se_ac":"a","se_la":"l","se_va":"0","cx":` +
				`{"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1","data":[{"schema":"iglu:x","data":{"a":"größe <🎉>","b":null}}]}` +
				`,"p":"pc","tv":"ai-gateway-1.0","tna":"gl","aid":"app"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &collector{}
				e, _ := newTestEmitter(c, 1)
				e.Track(tc.event)
				closed(t, e)
				if diff := cmp.Diff(envelope+tc.want+"]}", only(t, c)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func text(s string) *string { return &s }

func TestInternalEventsCarryTheContextOfTheirRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collector{}
		emitter, _ := newTestEmitter(c, 10)
		internal := NewInternal(emitter, "staging")
		ctx := internal.WithRequest(t.Context(), Caller{Realm: text("saas"), HostName: text(""), EnabledBy: "1, 2", DuoPro: "3", CorrelationID: "c-1"})
		time.Sleep(time.Hour)
		internal.Track(ctx, "request_duo_chat", ChatAgentV2)
		if diff := cmp.Diff([]string{"request_duo_chat"}, Tracked(ctx)); diff != "" {
			t.Error(diff)
		}
		closed(t, emitter)
		now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Local().Format("2006-01-02T15:04:05.000000") // when the request came, by the bubble's clock
		want := envelope + `{"e":"se","se_ca":"ai_gateway.api.v2.chat.agent","se_ac":"request_duo_chat","cx":` +
			`{"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1","data":[{"schema":"iglu:com.gitlab/gitlab_standard/jsonschema/1-1-1","data":` +
			`{"environment":"staging","source":"ai-gateway-python","realm":"saas","instance_id":null,"host_name":"","instance_version":null,` +
			`"global_user_id":null,"context_generated_at":"` + now + `","extra":{},"is_gitlab_team_member":null,` +
			`"feature_enabled_by_namespace_ids":[1,2],"project_id":null,"namespace_id":null,"plan":null,"correlation_id":"c-1"}}]}` +
			`,"p":"pc","tv":"ai-gateway-1.0","tna":"gl","aid":"app"}]}`
		if diff := cmp.Diff(want, only(t, c)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEachActionIsReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		emitter, recorder := newTestEmitter(&collector{}, 10)
		internal := NewInternal(emitter, "")
		ctx := internal.WithRequest(t.Context(), Caller{})
		if diff := cmp.Diff([]string{}, Tracked(ctx)); diff != "" {
			t.Error(diff)
		}
		for _, action := range []string{"b", "a", "b"} {
			internal.Track(context.WithoutCancel(ctx), action, "c")
		}
		internal.Track(t.Context(), "outside of a request", "c")
		got := Tracked(ctx)
		slices.Sort(got)
		if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
			t.Error(diff)
		}
		closed(t, emitter)
		if recorder.sent != 4 {
			t.Errorf("%d sent", recorder.sent)
		}
	})
}

func TestTrackersThatAreOffDoNothing(t *testing.T) {
	var internal *Internal
	ctx := internal.WithRequest(t.Context(), Caller{})
	internal.Track(ctx, "a", "c")
	var suggestions *Suggestions
	suggestions.Requested(suggestions.Context(Suggestion{}))
	if got := Tracked(ctx); len(got) != 0 {
		t.Error(got)
	}
}

func TestASuggestionIsDescribedByAll29Members(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &collector{}
		emitter, _ := newTestEmitter(c, 1)
		suggestions := NewSuggestions(emitter, "europe-west4")
		described := suggestions.Context(Suggestion{Realm: "SaaS", Language: "Go", PrefixLength: 3, DirectFromIDE: true})
		tokens := 7
		suggestions.Tokens("tokens_per_user_request_prompt", "code_completion", &tokens, described)
		closed(t, emitter)
		var request struct {
			Data []struct {
				Category string `json:"se_ca"`
				Value    string `json:"se_va"`
				Context  struct {
					Data []struct{ Data map[string]any }
				} `json:"cx"`
			}
		}
		if err := json.Unmarshal([]byte(only(t, c)), &request); err != nil {
			t.Fatal(err)
		}
		event := request.Data[0]
		if event.Category != "code_suggestions" || event.Value != "7" {
			t.Errorf("got %+v", event)
		}
		members := event.Context.Data[0].Data
		if len(members) != 29 {
			t.Errorf("%d members", len(members))
		}
		for name, value := range members {
			if value == nil {
				delete(members, name)
			}
		}
		want := map[string]any{
			"gitlab_realm": "saas", "gitlab_host_name": "", "gitlab_instance_id": "", "gitlab_saas_duo_pro_namespace_ids": []any{},
			"language": "go", "prefix_length": 3.0, "suffix_length": 0.0, "suggestion_source": "network", "is_direct_connection": true,
			"region": "europe-west4",
		}
		if diff := cmp.Diff(want, members); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheNamespacesThatEnableAFeature(t *testing.T) {
	for _, tc := range []struct {
		header, legacy string
		want           []int64
	}{
		{"1,2,3", "", []int64{1, 2, 3}},
		{"", "4,5,6", []int64{4, 5, 6}},
		{" , ", "4", []int64{4}},
		{"1", "4", []int64{1}},
		{"", "", []int64{}},
		{" 1 ,,2", "", []int64{1, 2}},
		{"-1, 007", "", []int64{-1, 7}},
		{"1,2,a", "", nil},
		{"1,2,a", "4", nil},
		{`"1",'2'`, "", []int64{1, 2}},
		{`"1,2"`, "", nil},
		{"1#2,3", "", []int64{1}},
		{`1,"2`, "", nil},
		{"99999999999999999999", "", nil},
		{"null", "", []int64{}},
		{"null", "4", []int64{4}},
		{"", " null ", []int64{}},
		{"1,null", "", nil},
	} {
		if diff := cmp.Diff(tc.want, enabledBy(tc.header, tc.legacy)); diff != "" {
			t.Errorf("%q, %q: %s", tc.header, tc.legacy, diff)
		}
	}
}

func TestNamespacesWithDuoPro(t *testing.T) {
	for list, want := range map[string][]int64{"": {}, "null": {}, "9970, 6543": {9970, 6543}} {
		got, err := NamespaceIDs(list)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %s %v", list, diff, err)
		}
	}
	for _, list := range []string{"1,x", "1.0", "1;2"} {
		if _, err := NamespaceIDs(list); err == nil {
			t.Errorf("%q is accepted", list)
		}
	}
}

func FuzzEnabledBy(f *testing.F) {
	for _, seed := range []string{"1,2", `"1`, "1#2", " ,", "'", "\x80"} {
		f.Add(seed, "4")
	}
	f.Fuzz(func(t *testing.T, header, legacy string) {
		ids := enabledBy(header, legacy)
		if ids != nil && strings.ContainsAny(header, "abcxyz") && !strings.ContainsAny(header, "#,\"'") {
			t.Errorf("%q is %v", header, ids)
		}
	})
}
