package anthropic_test

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

const (
	start = "event: message_start\ndata: " + `{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","content":[],` +
		`"model":"c","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}}` + "\n\n"
	blockStart = "event: content_block_start\ndata: " + `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}` + "\n\n"
	ping       = "event: ping\ndata: {\"type\": \"ping\"}\n\n"
	blockStop  = "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
	closing    = "event: message_delta\ndata: " + `{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},` +
		`"usage":{"output_tokens":3}}` + "\n\n"
	stop       = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
	overloaded = "event: error\ndata: " + `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}` + "\n\n"
)

func delta(text string) string {
	return "event: content_block_delta\ndata: " + `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"` + text + `"}}` + "\n\n"
}

func completed(text, reason string) string {
	return "event: completion\ndata: " + `{"type":"completion","id":"compl_01","completion":"` + text + `","stop_reason":` + reason +
		`,"model":"c"}` + "\n\n"
}

func text(s string) llm.Chunk { return llm.Chunk{Text: s} }

var last = llm.Chunk{Finish: "end_turn", Usage: &llm.Usage{InputTokens: 12, OutputTokens: 3}}

func TestWholeAnswers(t *testing.T) {
	two := `{"content":[{"type":"text","text":"one"},{"type":"tool_use","id":"t"},{"type":"text","text":"two"}],"stop_reason":null}`
	for _, tc := range []struct {
		name     string
		provider func(*vendor) llm.Provider
		model    string
		api      llm.API
		body     string
		want     llm.Chunk
	}{
		{"a direct message", (*vendor).direct, "claude-2.1", llm.Chat, wholeMessage, llm.Chunk{Text: "Hello", Finish: "end_turn", Usage: last.Usage}},
		{"a prompted message", (*vendor).prompted, "c", llm.Chat, wholeMessage, llm.Chunk{Text: "Hello", Finish: "end_turn", Usage: last.Usage}},
		{"a routed message", (*vendor).routed, "c", llm.Chat, wholeMessage, llm.Chunk{Text: "Hello", Finish: "end_turn", Usage: last.Usage}},
		{"only the first block of a direct message counts", (*vendor).direct, "claude-2.1", llm.Chat, two, text("one")},
		{"all texts of a prompted message count", (*vendor).prompted, "c", llm.Chat, two, text("onetwo")},
		{"all texts of a routed message count", (*vendor).routed, "c", llm.Chat, two, text("onetwo")},
		{"a routed message may be empty", (*vendor).routed, "c", llm.Chat, `{"content":[]}`, text("")},
		{"a completion", (*vendor).direct, "claude-2.0", llm.Text, wholeCompletion, llm.Chunk{Text: " Hello!", Finish: "stop_sequence"}},
		{"a routed completion", (*vendor).routed, "claude-2", llm.Chat, wholeCompletion, llm.Chunk{Text: " Hello!", Finish: "stop_sequence"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newVendor(t, llmtest.Answer(200, tc.body))
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, tc.provider(v), v.ref(tc.model, tc.api), llm.Request{Prompt: "q"}))
			if diff := cmp.Diff([]llm.Chunk{tc.want}, got); diff != "" || err != nil {
				t.Errorf("error %v\n%s", err, diff)
			}
		})
	}
}

func TestStreams(t *testing.T) {
	const fails = llm.Kind(-1) // none does, here
	for _, tc := range []struct {
		name     string
		provider func(*vendor) llm.Provider
		model    string
		api      llm.API
		handler  http.HandlerFunc
		want     []llm.Chunk
		kind     llm.Kind
		status   int
	}{
		{
			"direct: a chunk a piece", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events(start, blockStart, ping, delta("Hel"), ping, delta(""), delta("lo"), blockStop, closing, stop),
			[]llm.Chunk{text("Hel"), text(""), text("lo"), last},
			fails, 0,
		},
		{
			"prompted: a chunk for the opening, too", (*vendor).prompted, "c", llm.Chat,
			llmtest.Events(start, blockStart, ping, delta("Hel"), delta("lo"), blockStop, closing, stop),
			[]llm.Chunk{text(""), text("Hel"), text("lo"), last},
			fails, 0,
		},
		{
			"routed: no empty chunk but the last", (*vendor).routed, "c", llm.Chat,
			llmtest.Events(start, blockStart, ping, delta(""), delta("Hel"), delta("lo"), blockStop, closing, delta("ignored"), stop),
			[]llm.Chunk{text("Hel"), text("lo"), last},
			fails, 0,
		},
		{
			"CRLF, comments, unknown events, odd cuts", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events(llmtest.Odd(": hi\r\nevent: later\r\ndata: [1\r\n\r\n" + strings.ReplaceAll(start+delta("let x = ")+delta("\\u00e9")+closing+stop, "\n", "\r\n"))...),
			[]llm.Chunk{text("let x = "), text("é"), last},
			fails, 0,
		},
		{
			"direct: the name stands in for the type", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events("event: content_block_delta\ndata: {\"delta\": {\"text\": \"a\"}}\n\n", "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"unnamed\"}}\n\n"),
			[]llm.Chunk{text("a")},
			fails, 0,
		},
		{
			"routed: names are not needed", (*vendor).routed, "c", llm.Chat,
			llmtest.Events("data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"a\"}}\n"),
			[]llm.Chunk{text("a"), text("")},
			fails, 0,
		},
		{
			"thoughts and tool calls are no answer", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events("event: content_block_delta\ndata: "+`{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}`+"\n\n", delta("a")),
			[]llm.Chunk{text("a")},
			fails, 0,
		},
		{
			"a stream that just ends is complete", (*vendor).direct, "claude-2.1", llm.Chat, llmtest.Events(start, delta("a")),
			[]llm.Chunk{text("a")},
			fails, 0,
		},
		{
			"without counts", (*vendor).prompted, "c", llm.Chat,
			llmtest.Events("event: message_start\ndata: {\"message\":{}}\n\n", delta("a"), "event: message_delta\ndata: {\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n", stop),
			[]llm.Chunk{text(""), text("a"), {Finish: "end_turn"}},
			fails, 0,
		},
		{"direct: an empty stream is an empty answer", (*vendor).direct, "claude-2.1", llm.Chat, llmtest.Events(), nil, fails, 0},
		{"prompted: an empty stream is none", (*vendor).prompted, "c", llm.Chat, llmtest.Events(), nil, llm.Unavailable, 0},
		{"routed: an empty stream is an empty answer", (*vendor).routed, "c", llm.Chat, llmtest.Events(), []llm.Chunk{text("")}, fails, 0},
		{
			"prompted: an opening without a message", (*vendor).prompted, "c", llm.Chat, llmtest.Events("event: message_start\ndata: {}\n\n"),
			nil, llm.Unavailable, 0,
		},
		{
			"halves of a character are joined", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events(delta("a\\ud83d"), delta("\\ude00b"), delta("\\ud83d"), closing, stop),
			[]llm.Chunk{text("a"), text("😀b"), text(""), {Text: "\uFFFD", Finish: "end_turn", Usage: &llm.Usage{OutputTokens: 3}}},
			fails, 0,
		},
		{
			"half a character at the end", (*vendor).direct, "claude-2.1", llm.Chat, llmtest.Events(delta("\\ud83d")),
			[]llm.Chunk{text(""), text("\uFFFD")},
			fails, 0,
		},
		{
			"an overload in the middle", (*vendor).direct, "claude-2.1", llm.Chat, llmtest.Events(start, delta("hi"), overloaded, delta("x")),
			[]llm.Chunk{text("hi")},
			llm.Overloaded, 529,
		},
		{
			"an overload in the middle, routed", (*vendor).routed, "c", llm.Chat, llmtest.Events(start, delta("hi"), overloaded, delta("x")),
			[]llm.Chunk{text("hi")},
			llm.Overloaded, 500,
		},
		{
			"an error that only its type tells", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events(delta("hi"), strings.Replace(overloaded, "event: error", "event: message_delta", 1)),
			[]llm.Chunk{text("hi")},
			llm.Overloaded, 529,
		},
		{"an error without a type", (*vendor).direct, "claude-2.1", llm.Chat, llmtest.Events("event: error\ndata: oh\n\n"), nil, llm.Unavailable, 500},
		{
			"an error that is the request's", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events("event: error\ndata: {\"error\":{\"type\":\"invalid_request_error\"}}\n\n"), nil, llm.Refused, 400,
		},
		{
			"what is not JSON", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events(delta("a"), "event: content_block_delta\ndata: {\"a\n\n", delta("b")),
			[]llm.Chunk{text("a")},
			llm.Unavailable, 0,
		},
		{"what is not JSON, routed", (*vendor).routed, "c", llm.Chat, llmtest.Events(delta("a"), "data: {\"a\n\n"), []llm.Chunk{text("a")}, llm.Unavailable, 500},
		{
			"what is no event", (*vendor).direct, "claude-2.1", llm.Chat,
			llmtest.Events("event: content_block_delta\ndata: {\"delta\":{\"text\":[]}}\n\n"), nil, llm.Unavailable, 0,
		},
		{"a broken connection, prompted", (*vendor).prompted, "c", llm.Chat, llmtest.Cut(start, delta("a")), []llm.Chunk{text(""), text("a")}, llm.Unavailable, 0},
		{"a broken connection, routed", (*vendor).routed, "c", llm.Chat, llmtest.Cut(start, delta("a")), []llm.Chunk{text("a")}, llm.Unavailable, 500},
		{
			"completions: a chunk a piece", (*vendor).direct, "claude-2.0", llm.Text,
			llmtest.Events(completed(" Hel", "null"), ping, completed("", "null"), "data: {\"completion\":\"unnamed\"}\n\n", completed("lo", `"stop_sequence"`)),
			[]llm.Chunk{text(" Hel"), text(""), {Text: "lo", Finish: "stop_sequence"}},
			fails, 0,
		},
		{
			"completions: half a character at the end", (*vendor).direct, "claude-2.0", llm.Text, llmtest.Events(completed("\\ud83d", "null")),
			[]llm.Chunk{text(""), text("\uFFFD")},
			fails, 0,
		},
		{
			"completions: an overload in the middle", (*vendor).direct, "claude-2.0", llm.Text, llmtest.Events(completed("a", "null"), overloaded),
			[]llm.Chunk{text("a")},
			llm.Overloaded, 529,
		},
		{
			"routed completions", (*vendor).routed, "claude-2", llm.Chat, llmtest.Events(completed("a", "null"), completed("b", `"stop_sequence"`)),
			[]llm.Chunk{text("a"), text("b"), {Finish: "stop_sequence"}},
			fails, 0,
		},
		{
			"routed: a model that repeats itself", (*vendor).routed, "c", llm.Chat, llmtest.Events(strings.Repeat(delta("loop"), 101)),
			repeat(text("loop"), 100), llm.Unavailable, 500,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newVendor(t, tc.handler)
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, tc.provider(v), v.ref(tc.model, tc.api), llm.Request{Prompt: "q", Stream: true}))
			llmtest.CheckChunks(t, tc.want, tc.kind, tc.status, got, err)
			if len(v.Asked()) != 1 {
				t.Errorf("%d calls", len(v.Asked()))
			}
		})
	}
}

// What a vendor says counts beside its status; statuses are those of TestAdapter.
func TestErrors(t *testing.T) {
	for _, tc := range []struct {
		name         string
		handler      http.HandlerFunc
		kind         llm.Kind
		status       int // direct and prompted
		routedKind   llm.Kind
		routedStatus int
		calls        int // direct and prompted
	}{
		{"no JSON", llmtest.Answer(502, "Bad gateway"), llm.Unavailable, 502, llm.Unavailable, 500, 2},
		{"a prompt that is too long", llmtest.Answer(413, "prompt is too long: 9 > 8"), llm.Refused, 413, llm.Refused, 400, 1},
		{"a wrong key under another status", llmtest.Answer(500, "Invalid API Key"), llm.Unavailable, 500, llm.Unauthorized, 401, 2},
	} {
		for _, stream := range []bool{false, true} {
			t.Run(tc.name, func(t *testing.T) {
				for name, p := range map[string]func(*vendor) llm.Provider{
					"direct": (*vendor).direct, "prompted": (*vendor).prompted, "routed": (*vendor).routed,
				} {
					v := newVendor(t, tc.handler)
					_, err := llmtest.Generate(t.Context(), t, p(v), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q", Stream: stream})
					wantKind, wantStatus, calls := tc.kind, tc.status, tc.calls
					if name == "routed" {
						wantKind, wantStatus, calls = tc.routedKind, tc.routedStatus, 1
					}
					if kind, status := llmtest.KindOf(err); kind != wantKind || status != wantStatus || len(v.Asked()) != calls {
						t.Errorf("%s: %d calls, status %d, error %v", name, len(v.Asked()), status, err)
					}
				}
			})
		}
	}
}

func TestGarbledAnswers(t *testing.T) {
	for _, tc := range []struct {
		name     string
		provider func(*vendor) llm.Provider
		model    string
		api      llm.API
		body     string
		status   int
	}{
		{"JSON that is cut", (*vendor).direct, "claude-2.1", llm.Chat, `{"content":[{"type":"te`, 0},
		{"JSON that is cut, prompted", (*vendor).prompted, "c", llm.Chat, `{"content":[{"type":"te`, 0},
		{"JSON that is cut, routed", (*vendor).routed, "c", llm.Chat, `{"content":[{"type":"te`, 500},
		{"no content", (*vendor).direct, "claude-2.1", llm.Chat, `{"content":[]}`, 0},
		{"no content, routed", (*vendor).routed, "c", llm.Chat, `{}`, 500},
		{"a first block that is no text", (*vendor).direct, "claude-2.1", llm.Chat, `{"content":[{"type":"tool_use"},{"type":"text","text":"a"}]}`, 0},
		{"a page", (*vendor).direct, "claude-2.0", llm.Text, `<html>`, 0},
		{"no completion", (*vendor).direct, "claude-2.0", llm.Text, `{}`, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newVendor(t, llmtest.Answer(200, tc.body))
			_, err := llmtest.Generate(t.Context(), t, tc.provider(v), v.ref(tc.model, tc.api), llm.Request{Prompt: "q"})
			if kind, status := llmtest.KindOf(err); kind != llm.Unavailable || status != tc.status || len(v.Asked()) != 1 {
				t.Errorf("%d calls, status %d, error %v", len(v.Asked()), status, err)
			}
		})
	}
}

func TestARepetitionTellsThatItIsOne(t *testing.T) {
	v := newVendor(t, llmtest.Answer(529, `{}`, "Retry-After", "3"), llmtest.Answer(200, wholeMessage))
	got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, v.direct(), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q"}))
	if err != nil || len(got) != 1 || len(v.Asked()) != 2 || v.Asked()[1].Head["X-Stainless-Retry-Count"] != "1" {
		t.Errorf("got %v, %v, calls %v", got, err, v.Asked())
	}
	if diff := cmp.Diff(v.Asked()[0].Body, v.Asked()[1].Body); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]time.Duration{3 * time.Second}, v.Waits()); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsTellWhatTheVendorSaid(t *testing.T) {
	v := newVendor(t, llmtest.Answer(529, `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`, "Retry-After", "7"))
	_, err := llmtest.Generate(t.Context(), t, v.direct(), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q"})
	e := llm.ErrorOf(err)
	if e == nil || e.RetryAfter != 7*time.Second {
		t.Fatalf("got %v", err)
	}
	want := "anthropic at " + v.URL + `: overloaded (status 529): Error code: 529 - {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`
	if e.Error() != want {
		t.Errorf("got %s", e)
	}

	v = newVendor(t, llmtest.Events(overloaded))
	_, err = llmtest.Chunks(llmtest.Generate(t.Context(), t, v.direct(), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q", Stream: true}))
	const inStream = `anthropic: overloaded (status 529): {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`
	if err == nil || err.Error() != inStream {
		t.Errorf("got %v", err)
	}
}

func TestAPieceIsPassedOnAtOnce(t *testing.T) {
	next := make(chan struct{})
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		for _, piece := range []string{"a", "b", "c"} {
			io.WriteString(w, delta(piece))
			w.(http.Flusher).Flush()
			<-next
		}
	})
	stream, err := llmtest.Generate(t.Context(), t, v.direct(), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q", Stream: true})
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for c, err := range stream {
		if err != nil {
			t.Fatal(err)
		}
		got += c.Text
		next <- struct{}{} // the vendor sends nothing more before this piece is here
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
