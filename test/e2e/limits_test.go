package e2e

import (
	"maps"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// limited are the settings of a gateway that keeps to one call to each of these models at a time.
func limited(fakes *testkit.Fakes) map[string]string {
	env := hosted(fakes)
	maps.Copy(env, selfHosted(fakes))
	env["AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS"] = `{
		"anthropic": {"claude-3-5-sonnet-20240620": 1, "claude-2.1": 1, "claude-3-opus-20240229": 1},
		"anthropic-chat": {"claude-3-5-sonnet-20240620": 1},
		"litellm-chat": {"mistral": 1, "codegemma": 1},
		"vertex-ai": {"code-bison@002": 1}
	}`
	env["AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS_ENFORCE"] = "true"
	return env
}

// limitedCall is a call that streams.
type limitedCall struct {
	name string
	testkit.Request
	answer testkit.Script
}

// limitedCalls ask each of these models once.
func limitedCalls(fakes *testkit.Fakes) []limitedCall {
	opus := forReview(review().with(body{"model": "claude-3-opus-20240229", "stream": true}))
	bison := testkit.Request{Path: predictPath + "code-bison@002:serverStreamingPredict?alt=sse", JSON: body{}, Header: opus.Header}
	text := testkit.Script{Chunks: []string{" I know.\nFinal Answer: a", "b"}}
	return []limitedCall{
		{"a code completion", testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion().with(body{"stream": true})}, text},
		{"a code completion by a registered prompt", testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes).with(body{"stream": true})}, text},
		{"a chat in one turn", testkit.Request{Path: "/v1/chat/agent", JSON: body{"stream": true, "prompt_components": []body{{
			"type": "prompt", "metadata": body{"source": "GitLab EE", "version": "17.0.0"},
			"payload": body{"content": "\n\nHuman: hi\n\nAssistant:", "provider": "anthropic", "model": "claude-2.1"},
		}}}}, text},
		{"a registered prompt", testkit.Request{Path: "/v1/prompts/chat/explain_code", JSON: body{"stream": true, "inputs": body{
			"selected_text": "x", "input": "x", "language_info": "", "file_content": "", "file_content_reuse": "", "libraries": []string{},
		}, "model_metadata": selfHostedTurn(fakes)["model_metadata"]}}, text},
		{"a turn of the chat agent", testkit.Request{Path: agentPath, JSON: chatTurn()}, text},
		{"a request passed on to Anthropic", opus, text},
		{"a request passed on to Vertex AI", bison, testkit.Script{Events: []string{"data: 1\n\n", "data: 2\n\n"}}},
	}
}

// answerInSteps has the fakes answer the calls, in their order, each with a first piece and, when it is told to go on, the rest.
func answerInSteps(fakes *testkit.Fakes, calls ...limitedCall) (goOn func()) {
	var scripts []testkit.Script
	var steps []chan struct{}
	for _, call := range calls {
		step := make(chan struct{}, 1)
		step <- struct{}{}
		call.answer.Step = step
		scripts, steps = append(scripts, call.answer), append(steps, step)
	}
	fakes.Reset(scripts...)
	return func() {
		for _, step := range steps {
			close(step)
		}
	}
}

func TestALimitOfCallsIsKept(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, limited(fakes))
	calls := limitedCalls(fakes)
	goOn := answerInSteps(fakes, calls...)
	var open []*testkit.Stream
	for _, call := range calls {
		stream := gateway.Open(t, call.Request)
		if open = append(open, stream); stream.Status != 200 {
			rest, _ := stream.Rest()
			t.Fatalf("%s: %d %s", call.name, stream.Status, rest)
		}
	}

	t.Run("further calls wait for a second", func(t *testing.T) {
		for _, call := range calls {
			t.Run(call.name, func(t *testing.T) {
				t.Parallel()
				checkHeldBack(t, call.Request, gateway.Do(t, call.Request))
			})
		}
	})
	if asked := len(fakes.Calls()); asked != len(calls) {
		t.Errorf("want %d calls to models, got %d", len(calls), asked)
	}
	for name, want := range map[string]float64{
		"model_inferences_waiting": 0, "model_inferences_rejected_total": float64(len(calls)), "model_inferences_in_flight": float64(len(calls)),
	} {
		if got := gateway.Metric(t, name, nil); got != want {
			t.Errorf("%s: want %v, got %v", name, want, got)
		}
	}

	goOn()
	for i, stream := range open {
		if _, cut := stream.Rest(); cut {
			t.Errorf("%s was cut", calls[i].name)
		}
	}
	for _, call := range calls {
		if got := gateway.Do(t, call.Request); got.Status != 200 || strings.Contains(string(got.Body), "overloaded_error") {
			t.Errorf("%s, when there is a free slot again: %d %s", call.name, got.Status, got.Body)
		}
	}
}

// checkHeldBack wants a refusal of the gateway. The chat agent tells it in its stream, as GitLab Rails has it.
func checkHeldBack(t *testing.T, call testkit.Request, got testkit.Answer) {
	t.Helper()
	if call.Path == agentPath {
		if event := string(got.Body); got.Status != 200 || !strings.Contains(event, `"retryable": true`) || !strings.Contains(event, "limit") {
			t.Errorf("want an event of an error that may be retried, got %d %s", got.Status, event)
		}
		return
	}
	if got.Status != 503 || string(got.Body) != `{"detail":"Inference failed"}` || got.Header.Get("Retry-After") != "1" {
		t.Errorf("want 503 with Retry-After, got %d %v %s", got.Status, got.Header, got.Body)
	}
}

func TestAClientThatLeavesGivesItsSlotBack(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, limited(fakes))
	for _, call := range limitedCalls(fakes) {
		t.Run(call.name, func(t *testing.T) {
			defer answerInSteps(fakes, call)()
			stream := gateway.Open(t, call.Request)
			stream.Leave()
			fakes.WaitAborted(t, 0)
			fakes.Script(call.answer)
			if got := gateway.Do(t, call.Request); got.Status != 200 || got.Cut || strings.Contains(string(got.Body), "overloaded_error") {
				t.Errorf("want an answer, got %d cut=%v %s", got.Status, got.Cut, got.Body)
			}
		})
	}
}
