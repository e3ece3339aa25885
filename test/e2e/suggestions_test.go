package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestASelfHostedModelCompletesCode(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Text: "deploy(host)"})
	gateway := testkit.Gateway(t, selfHosted(fakes))

	for _, path := range []string{"/v2/code/completions", "/v2/completions"} {
		fakes.Reset(testkit.Script{Text: "deploy(host)"})
		got := gateway.Do(t, testkit.Request{Path: path, JSON: completion(fakes)})
		if got.Status != 200 || choice(t, got.Body) != "deploy(host)" {
			t.Errorf("%s: want the model's text, got %d %s", path, got.Status, got.Body)
		}
		call := fakes.WaitCalls(t, 1)[0]
		asked := fields(t, call.Body)
		prompt := "<|fim_prefix|>for host in hosts:\n    <|fim_suffix|>\nprint(done)\n<|fim_middle|>"
		if call.Path != "/v1/completions" || call.Header.Get("Authorization") != "Bearer local-token" || asked["prompt"] != prompt {
			t.Errorf("%s: the model was asked %s %v %s", path, call.Path, call.Header, call.Body)
		}
	}
}

func TestClaudeCompletesCode(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Text: "return net * 1.2"})
	gateway := testkit.Gateway(t, selfHosted(fakes))

	got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion()})
	if got.Status != 200 || choice(t, got.Body) != "return net * 1.2" {
		t.Errorf("want Claude's text, got %d %s", got.Status, got.Body)
	}
	model, _ := fields(t, got.Body)["model"].(map[string]any)
	if model["engine"] != "anthropic" || model["name"] != "claude-3-5-sonnet-20240620" || model["lang"] != "python" {
		t.Errorf("want the model's identity, got %v", model)
	}
}

func TestASelfHostedModelGeneratesCode(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Text: "```python\nreturn text.lower()\n```"})
	gateway := testkit.Gateway(t, selfHosted(fakes))

	got := gateway.Do(t, testkit.Request{Path: "/v2/code/generations", JSON: generation(fakes)})
	if got.Status != 200 || choice(t, got.Body) != "return text.lower()\n" {
		t.Errorf("want the code without its fence, got %d %s", got.Status, got.Body)
	}
	if call := fakes.WaitCalls(t, 1)[0]; call.Path != "/v1/chat/completions" || fields(t, call.Body)["model"] != "my-mistral" {
		t.Errorf("the model was asked %s %s", call.Path, call.Body)
	}
}

func TestMockModelsAnswerWithoutAnyServer(t *testing.T) {
	gateway := testkit.Gateway(t, map[string]string{"AIGW_AUTH__BYPASS_EXTERNAL": "true", "AIGW_MOCK_MODEL_RESPONSES": "true"})
	request := body{
		"prompt_version": 1,
		"current_file":   body{"file_name": "add.py", "content_above_cursor": "def add(a, b):\n    ", "content_below_cursor": ""},
	}
	for _, path := range []string{"/v2/code/completions", "/v2/code/generations"} {
		got := gateway.Do(t, testkit.Request{Path: path, JSON: request})
		if text := choice(t, got.Body); got.Status != 200 || !strings.HasPrefix(strings.TrimPrefix(text, "\n"), "echo: ") {
			t.Errorf("%s: want an echo, got %d %s", path, got.Status, got.Body)
		}
	}
}

func TestAStreamFlowsPieceByPiece(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	pieces := []string{"def ", "add(a, b):\n", "    ", "return a + b", " # é🎉"}

	for name, request := range map[string]struct {
		path string
		json body
	}{
		"text completions": {"/v2/code/completions", completion(fakes).with(body{"stream": true})},
		"chat completions": {"/v2/code/generations", generation(fakes).with(body{"stream": true})},
		"Anthropic":        {"/v2/code/completions", claudeCompletion().with(body{"stream": true})},
	} {
		t.Run(name, func(t *testing.T) {
			step := make(chan struct{}, 1)
			fakes.Reset(testkit.Script{Chunks: pieces, Step: step})
			step <- struct{}{} // a model sends its head with the first piece
			stream := gateway.Open(t, testkit.Request{Path: request.path, JSON: request.json})
			if stream.Status != 200 || stream.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
				t.Fatalf("head: %d %v", stream.Status, stream.Header)
			}
			var got []string
			for i := range pieces { // each arrives before the model sends the next
				if i > 0 {
					step <- struct{}{}
				}
				got = append(got, stream.Next())
			}
			if rest, cut := stream.Rest(); rest != "" || cut {
				t.Errorf("want a clean end, got %q, cut %v", rest, cut)
			}
			if diff := cmp.Diff(pieces, got); diff != "" {
				t.Errorf("pieces were held back or joined: %s", diff)
			}
		})
	}
}
