package e2e

import (
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// withEvents are settings that send both kinds of events to the fakes.
func withEvents(env map[string]string, fakes *testkit.Fakes) map[string]string {
	for group, path := range map[string]string{"AIGW_SNOWPLOW": "/snowplow", "AIGW_INTERNAL_EVENT": "/internal"} {
		env[group+"__ENABLED"] = "true"
		env[group+"__ENDPOINT"] = fakes.URL + path
	}
	return env
}

// actions are those of all events that reached a collector.
func actions(t *testing.T, calls []testkit.Call, collector string) (actions []string) {
	t.Helper()
	for _, call := range calls {
		if !strings.HasPrefix(call.Path, collector) {
			continue
		}
		var body struct {
			Data []struct {
				Action string `json:"se_ac"`
			}
		}
		call.JSON(t, &body)
		for _, e := range body.Data {
			actions = append(actions, e.Action)
		}
	}
	return actions
}

func TestEventsThatWaitAreSentWhenTheGatewayEnds(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, withEvents(selfHosted(fakes), fakes))
	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/generations", JSON: generation(fakes)}); got.Status != 200 {
		t.Fatalf("got %d %s", got.Status, got.Body)
	}
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	internal, suggestions := actions(t, fakes.Calls(), "/internal/"), actions(t, fakes.Calls(), "/snowplow/")
	if got := strings.Join(internal, " "); got != "request_generate_code" {
		t.Errorf("internal events: %s", got)
	}
	if got := strings.Join(suggestions, " "); got != "suggestion_requested tokens_per_user_request_prompt tokens_per_user_request_response" {
		t.Errorf("code suggestions events: %s", got)
	}
	gateway.WaitLogs(t, map[string]any{"logger": "api.access", "tracked_internal_events": []string{"request_generate_code"}})
}

func TestACollectorInTroubleIsNoTroubleForRequests(t *testing.T) {
	for name, trouble := range map[string]func(release chan struct{}) testkit.Script{
		"it hangs":   func(release chan struct{}) testkit.Script { return testkit.Script{Path: "/tp2", Hold: release} },
		"it hangs up": func(chan struct{}) testkit.Script { return testkit.Script{Path: "/tp2", CutHead: true} },
		"it fails":   func(chan struct{}) testkit.Script { return testkit.Script{Path: "/tp2", Status: 500} },
	} {
		t.Run(name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			env := withEvents(selfHosted(fakes), fakes)
			env["AIGW_INTERNAL_EVENT__BATCH_SIZE"] = "1"
			gateway := testkit.Gateway(t, env)
			release := make(chan struct{})
			fakes.Script(trouble(release), testkit.Script{})
			fakes.Script(trouble(release))
			const requests = 20
			for range requests {
				if got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes)}); got.Status != 200 {
					t.Fatalf("got %d %s", got.Status, got.Body)
				}
			}
			if waiting := gateway.Metric(t, "ai_gateway_events_waiting", map[string]string{"tracker": "internal_event"}); waiting != requests {
				t.Errorf("%v events wait", waiting)
			}
			fakes.Reset()
			close(release)
			if err := gateway.Stop(); err != nil {
				t.Error(err)
			}
			sent := map[string]bool{}
			for _, call := range fakes.Calls() {
				if strings.HasPrefix(call.Path, "/internal/") {
					var body struct {
						Data []struct {
							ID string `json:"eid"`
						}
					}
					call.JSON(t, &body)
					for _, e := range body.Data {
						sent[e.ID] = true
					}
				}
			}
			if len(sent) < requests-1 { // one may have been on its way when the fake forgot its calls
				t.Errorf("%d of %d events arrived", len(sent), requests)
			}
		})
	}
}
