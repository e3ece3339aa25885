package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// langSmithRun is what the tests look at in a run of LangSmith.
type langSmithRun struct {
	ID      string `json:"id"`
	Trace   string `json:"trace_id"`
	Parent  string `json:"parent_run_id"`
	Order   string `json:"dotted_order"`
	Project string `json:"session_name"`
	Name    string `json:"name"`
	Type    string `json:"run_type"`
	Inputs  struct {
		Messages []struct{ Role, Content string }
	}
	Outputs struct {
		Messages []struct{ Role, Content string }
	}
	Error string
	Extra struct {
		Metadata struct {
			PromptID      string `json:"prompt_id"`
			CorrelationID string `json:"correlation_id"`
		}
	}
}

// runs are all that reached LangSmith, which must have been asked with the key.
func runs(t *testing.T, fakes *testkit.Fakes) (all []langSmithRun) {
	t.Helper()
	for _, call := range fakes.Calls() {
		if call.Path != "/langsmith/runs/batch" {
			continue
		}
		if call.Header.Get("X-Api-Key") != "langsmith-key" {
			t.Errorf("asked with %v", call.Header)
		}
		var batch struct{ Post []langSmithRun }
		call.JSON(t, &batch)
		all = append(all, batch.Post...)
	}
	return all
}

func withLangSmith(fakes *testkit.Fakes, settings ...string) map[string]string {
	env := selfHosted(fakes)
	env["LANGSMITH_ENDPOINT"], env["LANGCHAIN_API_KEY"], env["LANGSMITH_PROJECT"] = fakes.URL+"/langsmith", "langsmith-key", "duo"
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		env[name] = value
	}
	return env
}

// explain invokes a registered prompt.
func explain(stream bool) testkit.Request {
	return testkit.Request{
		Path: "/v1/prompts/chat/explain_code", JSON: body{"inputs": body{"input": "Explain this", "selected_text": "x = 1", "file_content": ""}, "stream": stream},
		Header: map[string]string{"X-Request-ID": "the-request"},
	}
}

func TestRunsOfRegisteredPromptsAreRecorded(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Text: "It sets x."})
	gateway := testkit.Gateway(t, withLangSmith(fakes, "LANGSMITH_TRACING=true"))
	traced := []testkit.Request{
		explain(false), explain(true),
		{Path: agentPath, JSON: chatTurn()},
		{Path: agentPath, JSON: selfHostedTurn(fakes)},
		{Path: "/v2/code/completions", JSON: completion(fakes)},
		{Path: "/v2/code/generations", JSON: generation(fakes)},
	}
	direct := []testkit.Request{
		{Path: "/v2/code/completions", JSON: claudeCompletion()},
		{Path: "/v1/proxy/anthropic/v1/messages", JSON: body{"model": "claude-3-5-sonnet-20240620", "max_tokens": 5, "messages": []body{{"role": "user", "content": "hi"}}}, Header: map[string]string{"X-Gitlab-Unit-Primitive": "explain_code"}},
	}
	for _, request := range append(traced, direct...) {
		if got := gateway.Do(t, request); got.Status != 200 {
			t.Fatalf("%s: %d %s", request.Path, got.Status, got.Body)
		}
	}
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	prompts := map[string]int{}
	for _, got := range runs(t, fakes) {
		prompts[got.Extra.Metadata.PromptID]++
		if got.Project != "duo" || got.Type != "llm" || got.Name == "" || got.Trace != got.ID || got.Parent != "" || !strings.HasSuffix(got.Order, "Z"+got.ID) || got.Error != "" {
			t.Errorf("got %+v", got)
		}
		if got.Extra.Metadata.PromptID == "chat/explain_code" {
			if !strings.Contains(got.Inputs.Messages[1].Content, "x = 1") || got.Outputs.Messages[0].Content != "It sets x." || got.Extra.Metadata.CorrelationID != "the-request" {
				t.Errorf("got %+v", got)
			}
		}
	}
	want := map[string]int{"chat/explain_code": 2, "chat/react": 2, "code_suggestions/completions": 1, "code_suggestions/generations": 1}
	if diff := cmp.Diff(want, prompts); diff != "" {
		t.Error(diff)
	}
}

const (
	clientsRun   = "33333333-3333-4333-8333-333333333333"
	clientsTrace = "20240101T000000000000Z22222222-2222-4222-8222-222222222222.20240101T000001000000Z" + clientsRun
)

func TestInDevelopmentARequestNamesTheRunThatItBelongsTo(t *testing.T) {
	for _, tc := range []struct {
		name, environment, header string
		recorded                  bool
		status                    int
	}{
		{"in development", "development", clientsTrace, true, 200},
		{"elsewhere", "production", clientsTrace, false, 200},
		{"in an environment of another spelling", "Development", clientsTrace, false, 200},
		{"without the header", "development", "", false, 200},
		{"with something else in it", "development", "no dotted order", false, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			gateway := testkit.Gateway(t, withLangSmith(fakes, "AIGW_ENVIRONMENT="+tc.environment))
			request := explain(false)
			request.Header["Langsmith-Trace"], request.Header["Baggage"] = tc.header, "langsmith-project=other"
			if got := gateway.Do(t, request); got.Status != tc.status {
				t.Errorf("got %d %s", got.Status, got.Body)
			}
			if err := gateway.Stop(); err != nil {
				t.Error(err)
			}
			all := runs(t, fakes)
			if (len(all) == 1) != tc.recorded {
				t.Fatalf("recorded: %+v", all)
			}
			for _, got := range all {
				if got.Parent != clientsRun || got.Trace != "22222222-2222-4222-8222-222222222222" || !strings.HasPrefix(got.Order, clientsTrace+".") || got.Project != "duo" {
					t.Errorf("got %+v", got)
				}
			}
		})
	}
}

func TestTracingIsSwitchedByTheFirstOfItsVariables(t *testing.T) {
	for settings, recorded := range map[string]bool{
		"":                          false,
		"LANGSMITH_TRACING=true":    true,
		"LANGSMITH_TRACING=True":    false,
		"LANGSMITH_TRACING=1":       false,
		"LANGCHAIN_TRACING_V2=true": true,
		"LANGCHAIN_TRACING=true":    true,
		"LANGSMITH_TRACING_V2=false LANGSMITH_TRACING=true": false,
	} {
		fakes := testkit.NewFakes(t)
		gateway := testkit.Gateway(t, withLangSmith(fakes, strings.Fields(settings)...))
		gateway.Do(t, explain(false))
		if err := gateway.Stop(); err != nil {
			t.Error(err)
		}
		if got := len(runs(t, fakes)) == 1; got != recorded {
			t.Errorf("%s: recorded is %v", settings, got)
		}
	}
}

func TestALangSmithInTroubleIsNoTroubleForRequests(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, withLangSmith(fakes, "LANGSMITH_TRACING=true"))
	release := make(chan struct{})
	fakes.Script(testkit.Script{Path: "/runs/batch", Hold: release})
	const requests = 30 // more than a batch
	for range requests {
		if got := gateway.Do(t, explain(false)); got.Status != 200 {
			t.Fatalf("got %d %s", got.Status, got.Body)
		}
	}
	if waiting := gateway.Metric(t, "ai_gateway_events_waiting", map[string]string{"tracker": "langsmith"}); waiting != requests {
		t.Errorf("%v runs wait", waiting)
	}
	close(release)
	if err := gateway.Stop(); err != nil {
		t.Error(err)
	}
	if got := len(runs(t, fakes)); got != requests {
		t.Errorf("%d of %d runs arrived", got, requests)
	}
}

func TestTracingWithoutAPlaceForItIsReported(t *testing.T) {
	gateway := testkit.Gateway(t, map[string]string{"LANGSMITH_TRACING": "true"})
	gateway.WaitLogs(t, map[string]any{"logger": "langsmith", "level": "warning"})
}
