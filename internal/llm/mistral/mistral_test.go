package mistral_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/mistral"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Answers as spec/models-and-providers.md 9.4 shows them.
const (
	answer = `{"id": "c1", "object": "chat.completion", "created": 1734700000, "model": "codestral-latest",
		"choices": [{"index": 0, "message": {"role": "assistant", "content": "return x", "tool_calls": null}, "finish_reason": "stop"}],
		"usage": {"prompt_tokens": 7, "total_tokens": 10, "completion_tokens": 3}}`
	first = `data: {"id": "c1", "object": "chat.completion.chunk", "created": 1734700000, "model": "codestral-latest", ` +
		`"choices": [{"index": 0, "delta": {"role": "assistant", "content": "return"}, "finish_reason": null}]}` + "\n\n"
	second = `data: {"id": "c1", "object": "chat.completion.chunk", "created": 1734700000, "model": "codestral-latest", ` +
		`"choices": [{"index": 0, "delta": {"content": " x"}, "finish_reason": "stop"}]}` + "\n\n"
	done = "data: [DONE]\n\n"
)

func delta(content string) string {
	return `data: {"choices": [{"delta": {"content": ` + content + `}}]}` + "\n\n"
}

func hosted(http *wire.Client) llm.Provider { return mistral.NewHosted(http, "mistral-key") }
func routed(http *wire.Client) llm.Provider { return mistral.NewRouted(http) }

// at names a model with the complete URL that requests bring along.
func at(base, name string) llm.Ref {
	return llm.Ref{
		Provider: "codestral", Name: name, API: llm.Text, Server: llm.Server{URL: base + "/v1/fim/completions", Key: "key-of-the-request"},
	}
}

func TestRequests(t *testing.T) {
	everything := llm.Request{
		Prompt: "a < b", Suffix: new("never sent"), MaxTokens: 5, Temperature: new(0.0), TopP: new(0.5), TopK: new(3), Stop: []string{"X"},
		Candidates: 2, Stream: true, UserID: "u",
	}
	for _, tc := range []struct {
		name     string
		provider func(*wire.Client) llm.Provider
		model    string
		req      llm.Request
		key      string
		body     string
	}{
		{
			"the example of the contract", hosted, "codestral",
			llm.Request{Prompt: "def f(x):\n    "},
			"mistral-key",
			`{"model": "codestral", "prompt": "def f(x):\n    ", "temperature": 0.95, "top_p": 0.95, "max_tokens": 16, "stop": []}`,
		},
		{
			"another model has other stop words", hosted, "codegemma",
			llm.Request{Prompt: "x", Stream: true},
			"mistral-key",
			`{"model": "codegemma", "prompt": "x", "temperature": 0.95, "top_p": 0.95, "max_tokens": 16, "stream": true,
			  "stop": ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"]}`,
		},
		{
			"what the request says goes before the defaults", hosted, "codestral", everything, "mistral-key",
			`{"model": "codestral", "prompt": "a < b", "temperature": 0, "top_p": 0.5, "max_tokens": 5, "stop": ["X"], "stream": true}`,
		},
		{
			"routed: any name, the key of the request, no defaults", routed, "codestral-2405",
			llm.Request{Prompt: "x"},
			"key-of-the-request",
			`{"model": "codestral-2405", "prompt": "x"}`,
		},
		{
			"routed: contents are joined with one space", routed, "m",
			llm.Request{Messages: []llm.Message{{Role: llm.System, Content: "a"}, {Role: llm.User, Content: "b"}}, Stop: []string{}},
			"key-of-the-request",
			`{"model": "m", "prompt": "a b", "stop": []}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			provider := tc.provider(llmtest.NewClient(t).Client)
			if _, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, provider, at(fakes.URL, tc.model), tc.req)); err != nil {
				t.Fatal(err)
			}
			call := fakes.Calls()[0]
			if call.Method != http.MethodPost || call.Path != "/v1/fim/completions" {
				t.Errorf("asked %s %s", call.Method, call.Path)
			}
			head := llmtest.Head(call.Header, "Authorization", "Content-Type", "Accept", "X-Api-Key")
			want := map[string]string{"Authorization": "Bearer " + tc.key, "Content-Type": "application/json", "Accept": "application/json"}
			if diff := cmp.Diff(want, head); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(llmtest.JSON(t, tc.body), llmtest.JSON(t, string(call.Body))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWithoutAKey(t *testing.T) {
	fakes := testkit.NewFakes(t)
	client := llmtest.NewClient(t).Client
	ref := at(fakes.URL, "codestral")
	ref.Server.Key = ""
	for _, tc := range []struct {
		provider llm.Provider
		want     string
	}{
		{mistral.NewHosted(client, ""), "Bearer stubbed-api-key"},
		{mistral.NewRouted(client), ""},
	} {
		fakes.Reset()
		if _, err := llmtest.Generate(t.Context(), t, tc.provider, ref, llm.Request{Prompt: "x"}); err != nil {
			t.Fatal(err)
		}
		if got := fakes.Calls()[0].Header.Get("Authorization"); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

func TestIdentity(t *testing.T) {
	for _, tc := range []struct {
		provider llm.Provider
		name     string
		want     llm.Handle
	}{
		{hosted(nil), "codestral", llm.Handle{ID: llm.ID{Engine: "codestral", Name: "text-completion-codestral/codestral"}, InputLimit: 32768}},
		{hosted(nil), "codellama", llm.Handle{ID: llm.ID{Engine: "codestral", Name: "text-completion-codestral/codellama"}, InputLimit: 16384}},
		{routed(nil), "m", llm.Handle{ID: llm.ID{Engine: "litellm", Name: "text-completion-codestral/m"}, InputLimit: 32768}},
	} {
		got, err := tc.provider.Resolve(at("http://h", tc.name))
		if err != nil {
			t.Fatal(err)
		}
		got.Model = nil
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Error(diff)
		}
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
			[]llm.Chunk{{Text: "return x", Finish: "stop", Usage: &llm.Usage{InputTokens: 7, OutputTokens: 3}}},
			llmtest.None, 0,
		},
		{
			"a stream",
			testkit.Script{Events: []string{first, second, done}},
			true,
			[]llm.Chunk{text("return"), text(" x"), {Finish: "stop"}},
			llmtest.None, 0,
		},
		{
			"the word data: stays in the text",
			testkit.Script{Events: []string{delta(`"data: x"`), delta(`"\ndata:"`), done}},
			true,
			[]llm.Chunk{text("data: x"), text("\ndata:"), {}},
			llmtest.None, 0,
		},
		{
			"a stream without an end", testkit.Script{Events: []string{delta(`"a"`)}}, true, []llm.Chunk{text("a"), {}}, llmtest.None, 0,
		},
		{
			"an error in a stream",
			testkit.Script{Events: []string{delta(`"a"`), `data: {"error": {"message": "overloaded"}}` + "\n\n"}},
			true,
			[]llm.Chunk{text("a")},
			llm.Unavailable, 500,
		},
		{
			"a broken stream", testkit.Script{Events: []string{delta(`"a"`), delta(`"b"`)}, CutAt: 1}, true, []llm.Chunk{text("a")}, llm.Unavailable, 500,
		},
		{"no choices", testkit.Script{Body: `{"choices": []}`}, false, nil, llm.Unavailable, 500},
		{"no content", testkit.Script{Body: `{"choices": [{"message": {"content": null}}]}`}, false, nil, llm.Unavailable, 500},
		{"no JSON", testkit.Script{Body: `<html>`}, false, nil, llm.Unavailable, 500},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			fakes.Script(tc.script)
			provider := hosted(llmtest.NewClient(t).Client)
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, provider, at(fakes.URL, "codestral"), llm.Request{Prompt: "x", Stream: tc.stream}))
			llmtest.CheckChunks(t, tc.want, tc.kind, tc.status, got, err)
		})
	}
}

func TestWhatIsRefusedWithoutACall(t *testing.T) {
	for name, ref := range map[string]llm.Ref{
		"no URL":          {Name: "codestral"},
		"an unknown name": at("http://h", "claude-2.1"),
	} {
		_, err := hosted(nil).Resolve(ref)
		if kind, status := llmtest.KindOf(err); kind != llm.Refused || status != 0 {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := routed(nil).Resolve(llm.Ref{Name: "m"}); err == nil {
		t.Error("a routed model without a URL is found")
	}
}

func TestTimeOuts(t *testing.T) {
	for _, tc := range []struct {
		name    string
		stream  bool
		timeout time.Duration
		want    time.Duration
	}{
		{"a whole answer", false, 0, 30 * time.Second},
		{"a stream", true, 0, 6000 * time.Second},
		{"the request's own", true, 7 * time.Second, 7 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				req := llm.Request{Prompt: "x", Stream: tc.stream, Timeout: tc.timeout}
				_, err := llmtest.Generate(t.Context(), t, hosted(llmtest.Silence()), at("http://h", "codestral"), req)
				if kind, status := llmtest.KindOf(err); kind != llm.Unavailable || status != 500 || time.Since(began) != tc.want {
					t.Errorf("got %v, status %d after %v", err, status, time.Since(began))
				}
			})
		})
	}
}

func TestErrorsDoNotTellTheKey(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Status: http.StatusUnauthorized, Body: `{"message": "no such key: mistral-key"}`})
	_, err := llmtest.Generate(t.Context(), t, hosted(llmtest.NewClient(t).Client), at(fakes.URL, "codestral"), llm.Request{Prompt: "x"})
	want := "codestral at " + fakes.URL + `: unauthorized (status 500): Error code: 401 - {"message": "no such key: [key]"}`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add(answer)
	f.Add(first + second + done)
	f.Add(delta(`"a\ud83d"`) + delta(`"\ude00"`) + "data: {\"error\": {\"code\": 429.0}}\r\r")
	f.Fuzz(func(t *testing.T, body string) {
		for _, stream := range []bool{false, true} {
			llmtest.CheckAnswer(t, body, func(http *wire.Client) (llm.Stream, error) {
				return llmtest.Generate(t.Context(), t, hosted(http), at("http://h", "codestral"), llm.Request{Prompt: "x", Stream: stream})
			})
		}
	})
}
