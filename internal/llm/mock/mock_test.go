package mock_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/mock"
)

func TestEveryNameOfEveryProviderIsServed(t *testing.T) {
	for _, tc := range []struct {
		name  string
		ref   llm.Ref
		id    llm.ID
		limit int
	}{
		{"a text", llm.Ref{Provider: "vertex-ai", Name: "code-gecko@002", API: llm.Text}, llm.ID{Engine: "llm-provider-mocked", Name: "llm-mocked"}, 2048},
		{
			"a conversation",
			llm.Ref{Provider: "anthropic", Name: "any", API: llm.Chat},
			llm.ID{Engine: "chat-model-provider-mocked", Name: "chat-model-mocked"},
			2048,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h, err := mock.Provider{}.Resolve(tc.ref)
			if err != nil || h.ID != tc.id || h.InputLimit != tc.limit {
				t.Errorf("got %v, limit %d, error %v", h.ID, h.InputLimit, err)
			}
		})
	}
}

func TestEcho(t *testing.T) {
	const (
		textAPI = llm.Text
		chatAPI = llm.Chat
	)
	hi := []llm.Message{{Role: llm.User, Content: "Hi"}}
	type event struct {
		Realm    *string  `json:"gitlab_realm"`
		IDs      []string `json:"gitlab_saas_duo_pro_namespace_ids"`
		Language string   `json:"language"`
		Options  int      `json:"options_count"`
		Direct   bool     `json:"is_direct_connection"`
	}
	for _, tc := range []struct {
		name string
		api  llm.API
		req  llm.Request
		want string
	}{
		{
			"a text without a suffix", textAPI,
			llm.Request{Prompt: "a  b\nc"},
			`echo: {"prefix": "a  b\nc", "suffix": null, "stream": false, "kwargs": {}}`,
		},
		{
			"an empty suffix is no missing one", textAPI,
			llm.Request{Prompt: "é", Suffix: new(""), Echo: args("candidate_count", 1)},
			`echo: {"prefix": "\u00e9", "suffix": "", "stream": false, "kwargs": {"candidate_count": 1}}`,
		},
		{
			"what is not printable ASCII is escaped", textAPI,
			llm.Request{Prompt: "é😀\x00\x1f\x7f\u2028\uFFFF\b\f\r\t\"\\/<&>"},
			`echo: {"prefix": "\u00e9\ud83d\ude00\u0000\u001f\u007f\u2028\uffff\b\f\r\t\"\\/<&>", "suffix": null, "stream": false, "kwargs": {}}`,
		},
		{
			"arguments keep their order", textAPI,
			llm.Request{Prompt: "x", Echo: args("code_context", []string{"C1, a: b", "é\x7f"}, "candidate_count", 2, "none", nil)},
			`echo: {"prefix": "x", "suffix": null, "stream": false, ` +
				`"kwargs": {"code_context": ["C1, a: b", "\u00e9\u007f"], "candidate_count": 2, "none": null}}`,
		},
		{
			"a record keeps the order of its members", textAPI,
			llm.Request{Prompt: "x", Suffix: new("y"), Echo: args("snowplow_event_context", event{Language: `a"b,`, Options: 3})},
			`echo: {"prefix": "x", "suffix": "y", "stream": false, "kwargs": {"snowplow_event_context": {"gitlab_realm": null, ` +
				`"gitlab_saas_duo_pro_namespace_ids": null, "language": "a\"b,", "options_count": 3, "is_direct_connection": false}}}`,
		},
		{
			"a conversation given to the text mock", textAPI,
			llm.Request{Messages: hi, Suffix: new("")},
			`echo: {"prefix": [{"role": "user", "content": "Hi"}], "suffix": "", "stream": false, "kwargs": {}}`,
		},
		{
			"v1 chat with empty params", chatAPI,
			llm.Request{Messages: hi, Echo: args("stop_sequences", []string{"\n\nHuman", "Observation:"}, "temperature", 0.2, "max_tokens", 4096)},
			`echo: {"messages": [{"role": "user", "content": "Hi"}], "stream": false, ` +
				`"kwargs": {"stop_sequences": ["\n\nHuman", "Observation:"], "temperature": 0.2, "max_tokens": 4096}}`,
		},
		{
			"a text given to the chat mock", chatAPI,
			llm.Request{Prompt: "q"},
			`echo: {"messages": [{"role": "user", "content": "q"}], "stream": false, "kwargs": {}}`,
		},
		{
			"floating-point numbers have a fraction", chatAPI,
			llm.Request{Messages: hi, Echo: args("a", 1.0, "b", 0.0, "c", new(0.5), "d", (*float64)(nil), "e", 1e16, "f", 0.00001, "g", 1e15)},
			`echo: {"messages": [{"role": "user", "content": "Hi"}], "stream": false, ` +
				`"kwargs": {"a": 1.0, "b": 0.0, "c": 0.5, "d": null, "e": 1e+16, "f": 1e-05, "g": 1000000000000000.0}}`,
		},
		{
			"what JSON cannot hold is null", chatAPI,
			llm.Request{Messages: hi, Echo: args("f", func() {})},
			`echo: {"messages": [{"role": "user", "content": "Hi"}], "stream": false, "kwargs": {"f": null}}`,
		},
		{
			"invalid bytes are replaced", textAPI,
			llm.Request{Prompt: "a\xffb"},
			`echo: {"prefix": "a\ufffdb", "suffix": null, "stream": false, "kwargs": {}}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ask(t, mock.Provider{}, tc.api, tc.req)
			if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
				t.Error(diff)
			}
			if !json.Valid([]byte(strings.TrimPrefix(got[0], "echo: "))) {
				t.Error("the echo is no JSON")
			}
		})
	}
}

func TestStreamIsCutAtEveryBlank(t *testing.T) {
	got := ask(t, mock.Provider{}, llm.Text, llm.Request{Prompt: "a  b\nc", Stream: true})
	want := []string{
		"echo:", " ", `{"prefix":`, " ", `"a`, " ", "", " ", `b\nc",`, " ",
		`"suffix":`, " ", "null,", " ", `"stream":`, " ", "true,", " ", `"kwargs":`, " ", "{}}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPromptSaysMockInOneChunk(t *testing.T) {
	for _, stream := range []bool{false, true} {
		got := ask(t, mock.Prompt{}, llm.Chat, llm.Request{Prompt: "q", Stream: stream})
		if diff := cmp.Diff([]string{"mock"}, got); diff != "" {
			t.Error(diff)
		}
	}
	h, err := mock.Prompt{}.Resolve(llm.Ref{})
	if want := (llm.ID{Engine: "fake-provider", Name: "fake-model"}); err != nil || h.ID != want {
		t.Errorf("got %v, error %v", h.ID, err)
	}
}

func TestMocksStopWhenTheCallerLeaves(t *testing.T) {
	for _, p := range []llm.Provider{mock.Provider{}, mock.Prompt{}} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		h, _ := p.Resolve(llm.Ref{})
		if _, err := h.Generate(ctx, llm.Request{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%T: got error %v", p, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h, _ := mock.Provider{}.Resolve(llm.Ref{})
	stream, _ := h.Generate(ctx, llm.Request{Prompt: "a b", Stream: true})
	var last error
	for _, last = range stream {
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("the stream ended with %v", last)
	}
	for range stream { // leaving is no panic, either
		break
	}
}

// args is a list of arguments, written as name, value, name, value.
func args(pairs ...any) []llm.Arg {
	var list []llm.Arg
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, llm.Arg{Name: pairs[i].(string), Value: pairs[i+1]})
	}
	return list
}

func ask(t *testing.T, p llm.Provider, api llm.API, req llm.Request) []string {
	t.Helper()
	h, err := p.Resolve(llm.Ref{Provider: "p", Name: "n", API: api})
	if err != nil {
		t.Fatal(err)
	}
	stream, err := h.Generate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for chunk, err := range stream {
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, chunk.Text)
	}
	return texts
}

// Any text comes back as ASCII that a JSON parser reads as that text.
func FuzzEcho(f *testing.F) {
	f.Add("a  b\nc é😀\u2028", "k")
	f.Add("\xed\xa0\xbd", "\"\\")
	f.Fuzz(func(t *testing.T, prompt, arg string) {
		h, _ := mock.Provider{}.Resolve(llm.Ref{API: llm.Text})
		req := llm.Request{Prompt: prompt, Echo: args(arg, []string{prompt}), Stream: true}
		answer, err := llm.Collect(h.Generate(t.Context(), req))
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Prefix string
			Kwargs map[string][]string
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(answer.Text, "echo: ")), &v); err != nil {
			t.Fatalf("%s: %v", answer.Text, err)
		}
		valid := func(s string) string { return string([]rune(s)) }
		if v.Prefix != valid(prompt) || v.Kwargs[valid(arg)][0] != valid(prompt) {
			t.Errorf("%q became %q", prompt, answer.Text)
		}
		for _, c := range []byte(answer.Text) {
			if c < ' ' || c >= 0x7F {
				t.Fatalf("%q is not printable ASCII", answer.Text)
			}
		}
	})
}
