package openai_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
)

func delta(content string) string {
	return `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":` + content +
		`},"finish_reason":null}]}` + "\n\n"
}

func piece(text string) string {
	return `data: {"id":"c","object":"text_completion","choices":[{"index":0,"text":` + text + `,"logprobs":null,"finish_reason":null}]}` + "\n\n"
}

const (
	role   = `data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}` + "\n\n"
	finish = `data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	counts = `data: {"id":"c","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}` + "\n\n"
	done   = "data: [DONE]\n\n"
)

func text(s string) llm.Chunk { return llm.Chunk{Text: s} }

var (
	usage = &llm.Usage{InputTokens: 5, OutputTokens: 2}
	plain = llm.Chunk{}               // the last chunk, when the server told nothing
	last  = llm.Chunk{Finish: "stop"} // the last chunk
)

func TestWholeAnswers(t *testing.T) {
	for _, tc := range []struct {
		name, provider, model, body string
		want                        llm.Chunk
	}{
		{"chat", "openai", "m", wholeChat, llm.Chunk{Text: "A", Finish: "stop", Usage: &llm.Usage{InputTokens: 5, OutputTokens: 1}}},
		{"direct chat", "litellm", "mistral", wholeChat, llm.Chunk{Text: "A", Finish: "stop", Usage: &llm.Usage{InputTokens: 5, OutputTokens: 1}}},
		{"text", "text-completion-openai", "m", wholeText, llm.Chunk{Text: "x):", Finish: "stop", Usage: &llm.Usage{InputTokens: 12, OutputTokens: 2}}},
		{"no counts", "litellm", "mistral", `{"choices":[{"message":{"content":"fine"},"finish_reason":null}]}`, text("fine")},
		{"null is an empty text", "openai", "m", `{"choices":[{"message":{"role":"assistant","content":null},"finish_reason":"stop"}]}`, last},
		{"only the first choice counts", "openai", "m", `{"choices":[{"message":{"content":"a"}},{"message":{"content":"b"}}],"error":null}`, text("a")},
		{"escapes", "openai", "m", `{"choices":[{"message":{"content":"\u00e9\ud83d\ude00\n"}}]}`, text("é😀\n")},
		{"what the model thought is left out", "openai", "m", `{"choices":[{"message":{"reasoning_content":"hm","content":"a"}}]}`, llm.Chunk{Hidden: "hm", Text: "a"}},
		{"under its newer name, too", "litellm", "mistral", `{"choices":[{"message":{"reasoning":"hm","content":"a"}}]}`, llm.Chunk{Hidden: "hm", Text: "a"}},
		{
			"Magistral's parts", "mistral", "m",
			`{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"},{"type":"text","text":"b"}]}}]}`,
			text("ab"),
		},
		{
			"a direct model that came to its limit thinking", "litellm", "mistral",
			`{"choices":[{"message":{"reasoning_content":"hm","content":null},"finish_reason":"length"}]}`,
			llm.Chunk{Hidden: "hm", Finish: "length"},
		},
		{"half a character", "openai", "m", `{"choices":[{"message":{"content":"a\ud83d"}}]}`, text("a\uFFFD")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newVendor(t, llmtest.Answer(200, tc.body))
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, v.provider(), v.ref(tc.provider, tc.model), llm.Request{Prompt: "q"}))
			if diff := cmp.Diff([]llm.Chunk{tc.want}, got); diff != "" || err != nil {
				t.Errorf("error %v\n%s", err, diff)
			}
		})
	}
}

func TestGarbledAnswers(t *testing.T) {
	for _, tc := range []struct {
		name, provider, model, body string
		kind                        llm.Kind
		status                      int
	}{
		{"JSON that is cut", "openai", "m", `{"choices":[{"mess`, llm.Unavailable, 500},
		{"a page", "openai", "m", `<html>`, llm.Unavailable, 500},
		{"an object without choices", "openai", "m", `{"status":"ok"}`, llm.Unavailable, 500},
		{"choices that are no list", "openai", "m", `{"choices":5}`, llm.Unavailable, 500},
		{"no choice", "litellm", "mistral", `{"choices":[]}`, llm.Unavailable, 500},
		{"null, said by a direct model", "litellm", "mistral", `{"choices":[{"message":{"content":null}}]}`, llm.Unavailable, 500},
		{"null, and no thought either", "litellm", "mistral", `{"choices":[{"message":{"content":null,"reasoning_content":""}}]}`, llm.Unavailable, 500},
		{"a text that is none", "openai", "m", `{"choices":[{"message":{"content":[{"type":"text"}]}}]}`, llm.Unavailable, 500},
		{"an error with a code", "openai", "m", `{"error":{"message":"no credits left","code":401}}`, llm.Unauthorized, 401},
		{"an error without one", "openai", "m", `{"error":{"message":"model is loading"}}`, llm.Refused, 400},
		{"an error whose code is a word", "openai", "m", `{"error":{"message":"m","code":"x"}}`, llm.Refused, 400},
		{"an error whose code is no status", "openai", "m", `{"error":{"message":"m","code":7}}`, llm.Refused, 400},
		{"an error that is a word", "openai", "m", `{"error":"m"}`, llm.Refused, 400},
		{"an error beside choices", "openai", "m", `{"choices":[{"message":{"content":"a"}}],"error":{"code":503}}`, llm.Unavailable, 503},
		{"an error beside what is none", "openai", "m", `{"choices":"","error":{"code":429}}`, llm.Overloaded, 429},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newVendor(t, llmtest.Answer(200, tc.body))
			_, err := llmtest.Generate(t.Context(), t, v.provider(), v.ref(tc.provider, tc.model), llm.Request{Prompt: "q"})
			if kind, status := llmtest.KindOf(err); kind != tc.kind || status != tc.status || len(v.Asked()) != 1 {
				t.Errorf("%d calls, status %d, error %v", len(v.Asked()), status, err)
			}
		})
	}
}

func TestStreams(t *testing.T) {
	const none = llm.Kind(-1)
	for _, tc := range []struct {
		name, provider string
		handler        http.HandlerFunc
		want           []llm.Chunk
		kind           llm.Kind
		status         int
	}{
		{
			"chat", "openai", llmtest.Events(role, delta(`"Bue"`), delta(`""`), delta(`null`), delta(`"nos – ¡sí!"`), finish, done),
			[]llm.Chunk{text("Bue"), text("nos – ¡sí!"), last},
			none, 0,
		},
		{
			"what the model thinks is left out", "openai",
			llmtest.Events(
				`data: {"choices":[{"delta":{"role":"assistant","content":null,"reasoning_content":"hm"}}]}`+"\n\n",
				`data: {"choices":[{"delta":{"reasoning":"so"}}]}`+"\n\n", delta(`"a"`), done,
			),
			[]llm.Chunk{{Hidden: "hm"}, {Hidden: "so"}, text("a"), plain},
			none, 0,
		},
		{
			"Magistral's parts", "mistral",
			llmtest.Events(delta(`[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]`), delta(`[{"type":"text","text":"a"}]`), delta(`"b"`), done),
			[]llm.Chunk{text("a"), text("b"), plain},
			none, 0,
		},
		{"text", "text-completion-openai", llmtest.Events(piece(`"x"`), piece(`""`), piece(`"\n\n"`), done), []llm.Chunk{text("x"), text("\n\n"), plain}, none, 0},
		{
			"counts", "openai", llmtest.Events(delta(`"a"`), finish, counts, done),
			[]llm.Chunk{text("a"), {Finish: "stop", Usage: usage}},
			none, 0,
		},
		{
			"text together with the stop reason", "openai",
			llmtest.Events(delta(`"one"`), `data: {"choices":[{"delta":{"content":" two"},"finish_reason":"stop"}]}`+"\n\n", done),
			[]llm.Chunk{text("one"), text(" two"), last},
			none, 0,
		},
		{
			"CRLF, no blanks, comments, names, odd cuts", "openai",
			llmtest.Events(llmtest.Odd(strings.NewReplacer("\n", "\r\n", "data: ", "data:").Replace(": hi\n\nevent: x\n" + delta(`"für "`) + delta(`"alle 🎈"`) + done))...),
			[]llm.Chunk{text("für "), text("alle 🎈"), plain},
			none, 0,
		},
		{"[DONE] with blanks", "openai", llmtest.Events(delta(`"a"`), "data:  [DONE] \n\n", delta(`"b"`)), []llm.Chunk{text("a"), plain}, none, 0},
		{"a stream that just ends", "openai", llmtest.Events(delta(`"a"`)), []llm.Chunk{text("a"), plain}, none, 0},
		{"a stream without a last line end", "openai", llmtest.Events(strings.TrimSpace(delta(`"a"`))), []llm.Chunk{text("a"), plain}, none, 0},
		{"only [DONE]", "openai", llmtest.Events(done), []llm.Chunk{plain}, none, 0},
		{"an empty stream", "openai", llmtest.Events(), []llm.Chunk{plain}, none, 0},
		{"what is no stream", "openai", llmtest.Answer(200, "<html></html>"), []llm.Chunk{plain}, none, 0},
		{"choices that are missing", "openai", llmtest.Events("data: {}\n\n", "data: null\n\n", delta(`"a"`), done), []llm.Chunk{text("a"), plain}, none, 0},
		{
			"halves of a character are joined", "openai", llmtest.Events(delta(`"a\ud83d"`), delta(`"\ude00b"`), delta(`"\ud83d"`), done),
			[]llm.Chunk{text("a"), text("😀b"), text("\uFFFD")},
			none, 0,
		},
		{
			"an error in the middle", "openai", llmtest.Events(delta(`"one"`), `data: {"error":{"message":"CUDA out of memory","type":"server_error","code":500}}`+"\n\n", done),
			[]llm.Chunk{text("one")},
			llm.Unavailable, 500,
		},
		{"an error beside a choice", "openai", llmtest.Events(strings.Replace(delta(`"a"`), `{"id"`, `{"error":{"code":429},"id"`, 1)), nil, llm.Overloaded, 429},
		{"a null in place of an error", "openai", llmtest.Events(strings.Replace(delta(`"a"`), `{"id"`, `{"error":null,"id"`, 1)), []llm.Chunk{text("a"), plain}, none, 0},
		{"what is not JSON", "openai", llmtest.Events(delta(`"a"`), "data: {\"choices\": [\n\n", delta(`"b"`)), []llm.Chunk{text("a")}, llm.Unavailable, 500},
		{"what is no object", "openai", llmtest.Events("data: 5\n\n"), nil, llm.Unavailable, 500},
		{"a model that repeats itself", "openai", llmtest.Events(strings.Repeat(delta(`"loop "`)+delta(`""`), 101)), repeat(text("loop "), 100), llm.Unavailable, 500},
		{"one that stops in time", "openai", llmtest.Events(strings.Repeat(delta(`"row\n"`), 100), finish, done), append(repeat(text("row\n"), 100), last), none, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newVendor(t, tc.handler)
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, v.provider(), v.ref(tc.provider, "m"), llm.Request{Prompt: "q", Stream: true}))
			llmtest.CheckChunks(t, tc.want, tc.kind, tc.status, got, err)
			if len(v.Asked()) != 1 {
				t.Errorf("%d calls", len(v.Asked()))
			}
		})
	}
}

// Section 9.10: what the vendor says counts first. Statuses alone are those of TestAdapter.
func TestErrorClasses(t *testing.T) {
	for _, tc := range []struct {
		name, provider string
		handler        http.HandlerFunc
		kind           llm.Kind
		status         int
		calls          int
	}{
		{"404", "openai", llmtest.Answer(404, "404 page not found"), llm.Refused, 404, 1},
		{"a time-out that the text tells", "openai", llmtest.Answer(500, "Request timed out"), llm.TimedOut, 408, 3},
		{"another", "openai", llmtest.Answer(400, "Timed out generating response"), llm.TimedOut, 408, 1},
		{"and another", "openai", llmtest.Answer(400, `{"error":{"type":"invalid_request_error","message":"A timeout occurred"}}`), llm.TimedOut, 408, 1},
		{
			"a long prompt under another status", "openai", llmtest.Answer(500, `{"error":{"message":"This model's maximum context length is 4096 tokens"}}`),
			llm.Refused, 400, 3,
		},
		{"a long text", "openai", llmtest.Answer(413, "string too long. Expected a string with maximum length 5"), llm.Refused, 400, 1},
		{
			"an unknown model", "openai", llmtest.Answer(404, `{"error":{"type":"invalid_request_error","code":"model_not_found"}}`), llm.Refused, 404, 1,
		},
		{"an invalid request under another status", "openai", llmtest.Answer(500, `{"error":{"type":"invalid_request_error"}}`), llm.Refused, 400, 3},
		{
			"a missing key that is called an invalid request", "openai", llmtest.Answer(401, `{"error":{"message":"no key","type":"invalid_request_error"}}`),
			llm.Unauthorized, 400, 1,
		},
		{
			"a wrong key that is called an invalid request", "openai",
			llmtest.Answer(401, `{"error":{"message":"Incorrect API key provided: k","type":"invalid_request_error"}}`), llm.Unauthorized, 401, 1,
		},
		{"a web server that is lost", "openai", llmtest.Answer(520, "Web server is returning an unknown error"), llm.Unavailable, 500, 3},
		{"a large request", "openai", llmtest.Answer(413, "Request too large"), llm.Overloaded, 429, 1},

		{"azure: 404", "azure", llmtest.Answer(404, `{"error":{"code":"404","message":"Resource not found"}}`), llm.Refused, 404, 1},
		{"azure: an unknown deployment", "azure", llmtest.Answer(400, `{"error":{"code":"DeploymentNotFound"}}`), llm.Refused, 404, 1},
		{"azure: an internal error", "azure", llmtest.Answer(503, "Internal server error"), llm.Unavailable, 500, 3},
		{"azure: an invalid request", "azure", llmtest.Answer(500, "invalid_request_error"), llm.Refused, 400, 3},
		{"azure: filtered content", "azure", llmtest.Answer(403, `{"error":{"code":"content_filter"}}`), llm.Unauthorized, 400, 1},
		{"azure: a lost connection", "azure", llmtest.Answer(404, "Connection error"), llm.Unavailable, 500, 1},
		{"azure: a time-out", "azure", llmtest.Answer(500, "Request timed out: Internal server error"), llm.TimedOut, 408, 3},
	} {
		for _, stream := range []bool{false, true} {
			t.Run(tc.name, func(t *testing.T) {
				v := newVendor(t, tc.handler)
				_, err := llmtest.Generate(t.Context(), t, v.provider(), v.ref(tc.provider, "mistral"), llm.Request{Prompt: "q", Stream: stream})
				if kind, status := llmtest.KindOf(err); kind != tc.kind || status != tc.status || len(v.Asked()) != tc.calls {
					t.Errorf("%d calls, status %d, error %v", len(v.Asked()), status, err)
				}
			})
		}
	}
}

func TestRepetitions(t *testing.T) {
	v := newVendor(t, llmtest.Answer(503, "bad"), llmtest.Answer(429, "bad", "Retry-After", "2"), llmtest.Answer(200, wholeChat))
	got, err := llm.Collect(llmtest.Generate(t.Context(), t, v.provider(), v.ref("litellm", "mistral"), llm.Request{Prompt: "q"}))
	if err != nil || got.Text != "A" || len(v.Asked()) != 3 {
		t.Errorf("got %v, %v after %d calls", got, err, len(v.Asked()))
	}
	if diff := cmp.Diff([]time.Duration{time.Second / 2, 2 * time.Second}, v.Waits()); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsTellWhatTheServerSaidButNotTheKey(t *testing.T) {
	v := newVendor(t, llmtest.Answer(401, `{"error":{"message":"Incorrect API key provided: sk-local-1"}}`, "Retry-After", "1"))
	_, err := llmtest.Generate(t.Context(), t, v.provider(), v.ref("openai", "m"), llm.Request{Prompt: "q"})
	want := "openai at " + v.URL + `: unauthorized (status 401): Error code: 401 - {"error":{"message":"Incorrect API key provided: [key]"}}`
	if e := llm.ErrorOf(err); e == nil || e.Error() != want || e.RetryAfter != time.Second {
		t.Errorf("got %v", err)
	}
}

func TestAPieceIsPassedOnAtOnce(t *testing.T) {
	next := make(chan struct{})
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		for _, c := range []string{`"a"`, `"b"`, `"c"`} {
			io.WriteString(w, strings.TrimSuffix(delta(c), "\n")) // without the empty line
			w.(http.Flusher).Flush()
			<-next
		}
		io.WriteString(w, done)
	})
	stream, err := llmtest.Generate(t.Context(), t, v.provider(), v.ref("openai", "m"), llm.Request{Prompt: "q", Stream: true})
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for c, err := range stream {
		if err != nil {
			t.Fatal(err)
		}
		if got += c.Text; c.Text != "" {
			next <- struct{}{} // the server sends nothing more before this piece is here
		}
	}
	if got != "abc" {
		t.Errorf("got %q", got)
	}
}

func repeat(c llm.Chunk, n int) []llm.Chunk {
	all := make([]llm.Chunk, n)
	for i := range all {
		all[i] = c
	}
	return all
}
