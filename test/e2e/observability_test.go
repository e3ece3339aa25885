package e2e

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

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
		"it hangs":    func(release chan struct{}) testkit.Script { return testkit.Script{Path: "/tp2", Hold: release} },
		"it hangs up": func(chan struct{}) testkit.Script { return testkit.Script{Path: "/tp2", CutHead: true} },
		"it fails":    func(chan struct{}) testkit.Script { return testkit.Script{Path: "/tp2", Status: 500} },
	} {
		t.Run(name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			env := withEvents(selfHosted(fakes), fakes)
			env["AIGW_INTERNAL_EVENT__BATCH_SIZE"] = "1"
			gateway := testkit.Gateway(t, env)
			release := make(chan struct{})
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

func TestATraceGoesFromTheClientToTheModel(t *testing.T) {
	fakes, otlp := testkit.NewFakes(t), newOTLPCollector(t)
	env := selfHosted(fakes)
	env["AIGW_OPENTELEMETRY__ENABLED"] = "true"
	env["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp.URL
	gateway := testkit.Gateway(t, env)
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	for _, stream := range []bool{false, true} {
		got := gateway.Do(t, testkit.Request{
			Path: "/v2/code/completions", JSON: claudeCompletion().with(body{"stream": stream}),
			Header: map[string]string{"traceparent": "00-" + trace + "-00f067aa0ba902b7-01", "baggage": "user=7"},
		})
		if got.Status != 200 {
			t.Fatalf("got %d %s", got.Status, got.Body)
		}
	}
	for _, call := range fakes.Calls() {
		if parent := call.Header.Get("Traceparent"); !strings.HasPrefix(parent, "00-"+trace+"-") || strings.Contains(parent, "00f067aa0ba902b7") || call.Header.Get("Baggage") != "" {
			t.Errorf("the model server is told %v", call.Header)
		}
	}
	gateway.WaitLogs(t, map[string]any{"logger": "api.access", "trace_id": trace})
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	for _, part := range []string{"POST /v2/code/completions", "chat claude-3-5-sonnet-20240620", "gen_ai.usage.output_tokens", "gen_ai.response.time_to_first_chunk"} {
		if !strings.Contains(otlp.on("/v1/traces"), part) {
			t.Errorf("no %s in the traces", part)
		}
	}
	for _, part := range []string{"http.server.request.duration", "gen_ai.client.token.usage"} {
		if !strings.Contains(otlp.on("/v1/metrics"), part) {
			t.Errorf("no %s in the metrics", part)
		}
	}
}

func TestTracesAreOffByDefault(t *testing.T) {
	fakes, otlp := testkit.NewFakes(t), newOTLPCollector(t)
	env := selfHosted(fakes)
	env["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp.URL
	gateway := testkit.Gateway(t, env)
	gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion(), Header: map[string]string{"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}})
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	if call := fakes.Calls()[0]; call.Header.Get("Traceparent") != "" || otlp.on("/v1/traces") != "" {
		t.Errorf("the model server is told %v, the collector %q", call.Header, otlp.on("/v1/traces"))
	}
}

func TestTheLogIsRotated(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_LOGGING__TO_FILE"] = "gateway.log"
	gateway := testkit.Gateway(t, env)
	path := filepath.Join(gateway.Dir, "gateway.log")
	ask := func(id string) {
		t.Helper()
		gateway.Do(t, testkit.Request{Method: "GET", Path: "/monitoring/healthz", Header: map[string]string{"X-Request-ID": id}})
	}
	ask("first")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	if err := gateway.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	awaitText(t, path, "")
	ask("second")
	awaitText(t, path, `"correlation_id":"second"`)
	if old := awaitText(t, path+".1", `"correlation_id":"first"`); strings.Contains(old, `"correlation_id":"second"`) {
		t.Errorf("the old log: %s", old)
	}
	if text := gateway.Log.Text(); text != "" {
		t.Errorf("standard error: %s", text)
	}
}

// awaitText waits until there is a file that holds a text, and returns all of it.
func awaitText(t *testing.T, path, text string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		content, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(content), text) {
			return string(content)
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s has no %s: %v %s", path, text, err, content)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestProfilesAreServedWhereTheyAreSwitchedOn(t *testing.T) {
	fakes := testkit.NewFakes(t)
	for setting, served := range map[string]bool{"false": false, "true": true} {
		env := selfHosted(fakes)
		env["AIGW_INSTRUMENTATOR__PPROF_ENABLED"] = setting
		gateway := testkit.Gateway(t, env)
		got := gateway.Do(t, testkit.Request{Method: "GET", Path: "/debug/pprof/goroutine?debug=1", Metrics: true})
		if profile := strings.HasPrefix(string(got.Body), "goroutine profile:"); profile != served {
			t.Errorf("%s: got %.200s", setting, got.Body)
		}
		if got := gateway.Do(t, testkit.Request{Method: "GET", Path: "/debug/pprof/"}); got.Status != 404 {
			t.Errorf("on the API's port: %d", got.Status)
		}
	}
}

func TestAProfilerThatCannotStartIsReportedAndTheGatewayGoesOn(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_GOOGLE_CLOUD_PROFILER__ENABLED"] = "true"
	env["GOOGLE_APPLICATION_CREDENTIALS"] = "nowhere.json"
	gateway := testkit.Gateway(t, env)
	gateway.WaitLogs(t, map[string]any{"logger": "exceptions", "level": "error", "extra": map[string]any{}})
	if log := gateway.Log.Text(); !strings.Contains(log, "start Google Cloud Profiler: ") {
		t.Errorf("it is not said what failed: %s", log)
	}
	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes)}); got.Status != 200 {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
}

func TestAProfilerThatWaitsForTheMetadataServerHoldsNothingUp(t *testing.T) {
	fakes := testkit.NewFakes(t)
	release := make(chan struct{})
	defer close(release)
	fakes.Script(testkit.Script{Path: "/computeMetadata/", Hold: release})
	env := selfHosted(fakes)
	env["AIGW_GOOGLE_CLOUD_PROFILER__ENABLED"] = "true"
	env["GCE_METADATA_HOST"] = strings.TrimPrefix(fakes.URL, "http://")
	gateway := testkit.Gateway(t, env)
	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes)}); got.Status != 200 {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(fakes.Calls(), func(call testkit.Call) bool { return strings.HasPrefix(call.Path, "/computeMetadata/") }) {
		t.Error("the metadata server was not asked")
	}
}
