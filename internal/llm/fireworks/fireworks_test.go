package fireworks_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/fireworks"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	qwen       = "qwen2p5-coder-7b"
	identifier = "accounts/fireworks/models/qwen2p5-coder-7b#accounts/gitlab/deployments/ab7e8cb8"

	// answer is that of spec/models-and-providers.md 9.5.
	answer = `{"id": "cmpl-1", "object": "text_completion", "created": 1734700000, "model": "accounts/fireworks/models/qwen2p5-coder-7b",
		"choices": [{"index": 0, "text": "x):", "logprobs": null, "finish_reason": "stop"}],
		"usage": {"prompt_tokens": 12, "total_tokens": 14, "completion_tokens": 2}}`
	done = "data: [DONE]\n\n"
)

func piece(text, more string) string {
	return `data: {"choices": [{"text": ` + text + more + `}]}` + "\n\n"
}

func provider(http *wire.Client, base string) llm.Provider {
	return fireworks.New(fireworks.Options{HTTP: http, Endpoint: base + "/eu/v1/", Identifier: identifier, APIKey: "fireworks-key"})
}

func ref(name string) llm.Ref {
	return llm.Ref{
		Provider: "fireworks_ai", Name: name, API: llm.Text, Server: llm.Server{URL: "http://elsewhere", Key: "key-of-the-request"}, // don't count
	}
}

func TestRequests(t *testing.T) {
	const qwenStop = `["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>",
		"<|im_start|>", "<|im_end|>", "\n\n"]`
	const model = `"model": "` + identifier + `", "prompt_cache_max_len": 0, `
	for _, tc := range []struct {
		name     string
		model    string
		req      llm.Request
		affinity string
		body     string
	}{
		{
			"the example of the contract", qwen,
			llm.Request{Prompt: "def f(", Suffix: new("\n"), MaxTokens: 64, UserID: "gu-7kQ="},
			"gu-7kQ=",
			`{` + model + `"prompt": "<|fim_prefix|>def f(<|fim_suffix|>\n<|fim_middle|>", "max_tokens": 64, "temperature": 0.95, "top_p": 0.95,
			  "stream": false, "stop": ` + qwenStop + `}`,
		},
		{
			"without a suffix, a user and a limit", qwen,
			llm.Request{Prompt: "def f("},
			"",
			`{` + model + `"prompt": "<|fim_prefix|>def f(<|fim_suffix|><|fim_middle|>", "max_tokens": 16, "temperature": 0.95, "top_p": 0.95,
			  "stream": false, "stop": ` + qwenStop + `}`,
		},
		{
			"another family is sent the text above the cursor, and has no session", "codegemma",
			llm.Request{Prompt: "def f(", Suffix: new("\n"), UserID: "gu-7kQ=", Stream: true},
			"",
			`{` + model + `"prompt": "def f(", "max_tokens": 16, "temperature": 0.95, "top_p": 0.95, "stream": true,
			  "stop": ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"]}`,
		},
		{
			"what the request says goes before the defaults", "mixtral",
			llm.Request{Prompt: "x", Temperature: new(0.0), TopP: new(0.1), TopK: new(4), MaxTokens: 3, Stop: []string{"X"}, Candidates: 2},
			"",
			`{` + model + `"prompt": "x", "max_tokens": 3, "temperature": 0, "top_p": 0.1, "stream": false, "stop": ["X"]}`,
		},
		{
			"a family without stop words has an empty list", "codellama",
			llm.Request{Prompt: "x"},
			"",
			`{` + model + `"prompt": "x", "max_tokens": 16, "temperature": 0.95, "top_p": 0.95, "stream": false, "stop": []}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			p := provider(llmtest.NewClient(t).Client, fakes.URL)
			if _, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, p, ref(tc.model), tc.req)); err != nil {
				t.Fatal(err)
			}
			call := fakes.Calls()[0]
			if call.Method != http.MethodPost || call.Path != "/eu/v1/completions" {
				t.Errorf("asked %s %s", call.Method, call.Path)
			}
			want := map[string]string{"Authorization": "Bearer fireworks-key", "Content-Type": "application/json"}
			if tc.affinity != "" {
				want["X-Session-Affinity"] = tc.affinity
			}
			if diff := cmp.Diff(want, llmtest.Head(call.Header, "Authorization", "Content-Type", "X-Session-Affinity")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(llmtest.JSON(t, tc.body), llmtest.JSON(t, string(call.Body))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIdentity(t *testing.T) {
	got, err := provider(nil, "http://h").Resolve(ref("codegemma"))
	if err != nil {
		t.Fatal(err)
	}
	got.Model = nil
	want := llm.Handle{ID: llm.ID{Engine: "fireworks_ai", Name: "text-completion-fireworks_ai/codegemma"}, InputLimit: 8192}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnswers(t *testing.T) {
	text := func(s string) llm.Chunk { return llm.Chunk{Text: s} }
	for _, tc := range []struct {
		name   string
		script testkit.Script
		stream bool
		want   []llm.Chunk
		kind   llm.Kind
		status int
	}{
		{
			"a whole answer",
			testkit.Script{Body: answer},
			false,
			[]llm.Chunk{{Text: "x):", Finish: "stop", Usage: &llm.Usage{InputTokens: 12, OutputTokens: 2}}},
			llmtest.None, 0,
		},
		{
			"one without counts", testkit.Script{Body: `{"choices": [{"text": "x"}]}`}, false, []llm.Chunk{text("x")}, llmtest.None, 0,
		},
		{
			"a stream",
			testkit.Script{Events: []string{piece(`"a"`, ""), piece(`"data: b"`, `, "finish_reason": "length"`), done}},
			true,
			[]llm.Chunk{text("a"), text("data: b"), {Finish: "length"}},
			llmtest.None, 0,
		},
		{
			"a broken stream", testkit.Script{Events: []string{piece(`"a"`, ""), piece(`"b"`, "")}, CutAt: 1}, true, []llm.Chunk{text("a")}, llm.Unavailable, 500,
		},
		{
			"an error in a stream",
			testkit.Script{Events: []string{piece(`"a"`, ""), "data: {\"error\": {\"code\": 503}}\n\n"}},
			true,
			[]llm.Chunk{text("a")},
			llm.Unavailable, 503,
		},
		{"no choices", testkit.Script{Body: `{"choices": []}`}, false, nil, llm.Unavailable, 500},
		{"no JSON", testkit.Script{Body: `<html>`}, false, nil, llm.Unavailable, 500},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			fakes.Script(tc.script)
			p := provider(llmtest.NewClient(t).Client, fakes.URL)
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, p, ref(qwen), llm.Request{Prompt: "x", Stream: tc.stream}))
			llmtest.CheckChunks(t, tc.want, tc.kind, tc.status, got, err)
		})
	}
}

// What a server says counts first, as package openai tests line by line.
func TestErrors(t *testing.T) {
	for _, tc := range []struct {
		name   string
		script testkit.Script
		kind   llm.Kind
		status int
		calls  int
	}{
		{"401", testkit.Script{Status: 401, Body: `{"error": {"message": "bad", "type": "error"}}`}, llm.Unauthorized, 401, 1},
		{
			"401 that is called an invalid request",
			testkit.Script{Status: 401, Body: `{"error": {"type": "invalid_request_error", "message": "m"}}`},
			llm.Unauthorized, 400, 1,
		},
		{"520", testkit.Script{Status: 520, Body: "Web server is returning an unknown error"}, llm.Unavailable, 500, 3},
	} {
		for _, stream := range []bool{false, true} {
			t.Run(tc.name, func(t *testing.T) {
				fakes := testkit.NewFakes(t)
				fakes.Script(tc.script)
				p := provider(llmtest.NewClient(t).Client, fakes.URL)
				_, err := llmtest.Generate(t.Context(), t, p, ref(qwen), llm.Request{Prompt: "x", Stream: stream})
				if kind, status := llmtest.KindOf(err); kind != tc.kind || status != tc.status || len(fakes.Calls()) != tc.calls {
					t.Errorf("%d calls, status %d, error %v", len(fakes.Calls()), status, err)
				}
			})
		}
	}
}

func TestTwoFailuresAreRepeated(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Status: 500}, testkit.Script{Status: 503}, testkit.Script{Body: answer})
	client := llmtest.NewClient(t)
	got, err := llm.Collect(llmtest.Generate(t.Context(), t, provider(client.Client, fakes.URL), ref(qwen), llm.Request{Prompt: "x"}))
	if err != nil || got.Text != "x):" {
		t.Errorf("got %v, %v", got, err)
	}
	if diff := cmp.Diff([]time.Duration{time.Second / 2, time.Second}, client.Waits()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsMissing(t *testing.T) {
	full := fireworks.Options{Endpoint: "http://h/v1", Identifier: "m", APIKey: "k"}
	for name, tc := range map[string]struct {
		change func(*fireworks.Options)
		says   string
	}{
		"the key":        {func(o *fireworks.Options) { o.APIKey = "" }, "Fireworks API key is missing from configuration."},
		"the region":     {func(o *fireworks.Options) { o.Endpoint, o.Identifier = "", "" }, "Fireworks regional endpoints configuration is missing."},
		"the endpoint":   {func(o *fireworks.Options) { o.Endpoint = "" }, "Fireworks endpoint or identifier missing in region config."},
		"the identifier": {func(o *fireworks.Options) { o.Identifier = "" }, "Fireworks endpoint or identifier missing in region config."},
	} {
		options := full
		tc.change(&options)
		_, err := fireworks.New(options).Resolve(ref(qwen))
		if kind, _ := llmtest.KindOf(err); kind != llm.NotConfigured || !strings.Contains(err.Error(), strings.TrimSuffix(tc.says, ".")) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := fireworks.New(full).Resolve(ref("gpt-4")); err == nil {
		t.Error("an unknown family is found")
	}
}

func TestAConversationIsRefused(t *testing.T) {
	req := llm.Request{Messages: []llm.Message{{Role: llm.User, Content: "x"}}}
	_, err := llmtest.Generate(t.Context(), t, provider(nil, "http://h"), ref(qwen), req)
	if kind, status := llmtest.KindOf(err); kind != llm.Refused || status != 0 {
		t.Errorf("got %v", err)
	}
}

func TestTimeOutsAreFixed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		p := provider(llmtest.Silence(), "http://h")
		_, err := llmtest.Generate(t.Context(), t, p, ref(qwen), llm.Request{Prompt: "x", Timeout: time.Second})
		want := 3*600*time.Second + time.Second/2 + time.Second
		if kind, status := llmtest.KindOf(err); kind != llm.TimedOut || status != 408 || time.Since(began) != want {
			t.Errorf("got %v, status %d after %v", err, status, time.Since(began))
		}
	})
}

func FuzzAnswers(f *testing.F) {
	f.Add(answer)
	f.Add(piece(`"a\ud83d"`, "") + piece(`"\ude00"`, `, "finish_reason": "stop"`) + done)
	f.Add(`{"choices":[{"text":null}],"usage":null,"error":false}`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, stream := range []bool{false, true} {
			llmtest.CheckAnswer(t, body, func(http *wire.Client) (llm.Stream, error) {
				return llmtest.Generate(t.Context(), t, provider(http, "http://h"), ref(qwen), llm.Request{Prompt: "x", Stream: stream})
			})
		}
	})
}
