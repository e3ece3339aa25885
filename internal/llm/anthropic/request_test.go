package anthropic_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
)

const (
	wholeMessage = `{"id":"msg_01","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"Hello"}],` +
		`"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":3}}`
	wholeCompletion = `{"type":"completion","id":"compl_01","completion":" Hello!","stop_reason":"stop_sequence","model":"claude-2.1"}`
)

func system(text string) llm.Message    { return llm.Message{Role: llm.System, Content: text} }
func user(text string) llm.Message      { return llm.Message{Role: llm.User, Content: text} }
func assistant(text string) llm.Message { return llm.Message{Role: llm.Assistant, Content: text} }

func TestRequests(t *testing.T) {
	const sonnet = "claude-3-5-sonnet-20240620"
	ours := map[string]string{
		"Accept": "application/json", "Content-Type": "application/json", "Anthropic-Version": "2023-06-01", "X-Api-Key": "sk-ant-test",
		"X-Stainless-Retry-Count": "0",
	}
	theirs := map[string]string{
		"Accept": "application/json", "Content-Type": "application/json", "Anthropic-Version": "2023-06-01", "X-Api-Key": "sk-local-1",
	}
	for _, tc := range []struct {
		name     string
		provider func(*vendor) llm.Provider
		model    string
		api      llm.API
		req      llm.Request
		path     string
		head     map[string]string
		body     string
	}{
		{
			"direct, with the defaults", (*vendor).direct, sonnet, llm.Chat,
			llm.Request{Messages: []llm.Message{user("Was macht `tap`? <&>\u2028"), assistant("`tap` gibt"), user("weiter 🙂\r\nbitte")}},
			"POST /v1/messages", ours,
			`{"model":"claude-3-5-sonnet-20240620","max_tokens":4096,"temperature":0.2,"stream":false,"messages":[` +
				`{"role":"user","content":"Was macht ` + "`tap`" + `? <&>\u2028"},{"role":"assistant","content":"` + "`tap`" + ` gibt"},` +
				`{"role":"user","content":"weiter 🙂\r\nbitte"}]}`,
		},
		{
			"direct, with everything", (*vendor).direct, sonnet, llm.Chat,
			llm.Request{
				Messages: []llm.Message{user("Hi"), assistant("<new_code>")}, MaxTokens: 8, Temperature: new(0.0), TopP: new(0.9), TopK: new(40),
				Stop: []string{"</new_code>"}, Candidates: 3, UserID: "u", Stream: true, Echo: []llm.Arg{{Name: "a", Value: 1}},
			},
			"POST /v1/messages", ours,
			`{"model":"claude-3-5-sonnet-20240620","max_tokens":8,"temperature":0,"top_p":0.9,"top_k":40,"stop_sequences":["</new_code>"],` +
				`"stream":true,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"<new_code>"}]}`,
		},
		{
			"direct: the last system message wins", (*vendor).direct, sonnet, llm.Chat,
			llm.Request{Messages: []llm.Message{system("one"), user("a"), user("b"), system("two")}, Stop: []string{}},
			"POST /v1/messages", ours,
			`{"model":"claude-3-5-sonnet-20240620","max_tokens":4096,"temperature":0.2,"stream":false,"system":"two","messages":[` +
				`{"role":"user","content":"a"},{"role":"user","content":"b"}]}`,
		},
		{
			"direct: system messages alone", (*vendor).direct, sonnet, llm.Chat,
			llm.Request{Messages: []llm.Message{system("")}},
			"POST /v1/messages", ours,
			`{"model":"claude-3-5-sonnet-20240620","max_tokens":4096,"temperature":0.2,"stream":false,"system":"","messages":[]}`,
		},
		{
			"direct: a text is one message of the user", (*vendor).direct, sonnet, llm.Chat,
			llm.Request{Prompt: "q"},
			"POST /v1/messages", ours,
			`{"model":"claude-3-5-sonnet-20240620","max_tokens":4096,"temperature":0.2,"stream":false,"messages":[{"role":"user","content":"q"}]}`,
		},
		{
			"direct text, with the defaults", (*vendor).direct, "claude-2.0", llm.Text,
			llm.Request{Prompt: "\n\nHuman: hi\n\nAssistant:"},
			"POST /v1/complete", ours,
			`{"model":"claude-2.0","prompt":"\n\nHuman: hi\n\nAssistant:","max_tokens_to_sample":2048,"temperature":0.2,"stream":false}`,
		},
		{
			"direct text, with everything", (*vendor).direct, "claude-2.1", llm.Text,
			llm.Request{
				Prompt: "x", Suffix: new("y"), MaxTokens: 7, Temperature: new(1.0), TopP: new(0.5), TopK: new(3), Stop: []string{"a", "b"}, Stream: true,
			},
			"POST /v1/complete", ours,
			`{"model":"claude-2.1","prompt":"x","max_tokens_to_sample":7,"temperature":1,"top_p":0.5,"top_k":3,"stop_sequences":["a","b"],"stream":true}`,
		},
		{
			"prompted, with the defaults", (*vendor).prompted, "claude-3-5-haiku-latest", llm.Chat,
			llm.Request{Messages: []llm.Message{system("S"), user("Q ")}, Candidates: 1},
			"POST /v1/messages", ours,
			`{"model":"claude-3-5-haiku-latest","max_tokens":1024,"system":"S","messages":[{"role":"user","content":"Q "}]}`,
		},
		{
			"prompted: neighbours are merged", (*vendor).prompted, sonnet, llm.Chat,
			llm.Request{
				Messages: []llm.Message{system("S1"), system("S2"), user("a"), user(" \n"), user("b"), assistant("c "), assistant("d ")},
				Stream:   true, Temperature: new(0.0), Stop: []string{"X"}, MaxTokens: 5, TopP: new(0.1), TopK: new(0),
			},
			"POST /v1/messages", ours,
			`{"model":"claude-3-5-sonnet-20240620","max_tokens":5,"temperature":0,"top_p":0.1,"top_k":0,"stop_sequences":["X"],"stream":true,` +
				`"system":[{"type":"text","text":"S1"},{"type":"text","text":"S2"}],"messages":[` +
				`{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},` +
				`{"role":"assistant","content":"c "},{"role":"assistant","content":"d "}]}`,
		},
		{
			"routed, with the defaults", (*vendor).routed, sonnet, llm.Chat,
			llm.Request{Messages: []llm.Message{system("S"), user("Q")}, Stop: []string{}, Candidates: 1},
			"POST /v1/messages", theirs,
			`{"model":"claude-3-5-sonnet-20240620","max_tokens":4096,"system":[{"type":"text","text":"S"}],"messages":[` +
				`{"role":"user","content":[{"type":"text","text":"Q"}]}]}`,
		},
		{
			"routed: neighbours are merged, the last answer is trimmed", (*vendor).routed, sonnet, llm.Chat,
			llm.Request{
				Messages: []llm.Message{
					user("a"), user("b"), assistant(""), assistant("c "), system("S1"), assistant("d"), user("e"), system("S2"),
					assistant("partial \n\u00a0"),
				},
				MaxTokens: 2048, Temperature: new(0.2), TopP: new(0.95), Stop: []string{"</new_code>"}, Stream: true,
			},
			"POST /v1/messages", theirs,
			`{"model":"claude-3-5-sonnet-20240620","max_tokens":2048,"temperature":0.2,"top_p":0.95,"stop_sequences":["</new_code>"],"stream":true,` +
				`"system":[{"type":"text","text":"S1"},{"type":"text","text":"S2"}],"messages":[` +
				`{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},` +
				`{"role":"assistant","content":[{"type":"text","text":"c "},{"type":"text","text":"d"}]},` +
				`{"role":"user","content":[{"type":"text","text":"e"}]},` +
				`{"role":"assistant","content":[{"type":"text","text":"partial"}]}]}`,
		},
		{
			"routed to a model that continues texts", (*vendor).routed, "claude-2", llm.Chat,
			llm.Request{Messages: []llm.Message{system("S"), user("a"), assistant("b"), user("c")}, Temperature: new(0.5)},
			"POST /v1/complete", theirs,
			`{"model":"claude-2","prompt":"\n\nHuman: <admin>S</admin>\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: ",` +
				`"max_tokens_to_sample":4096,"temperature":0.5}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			whole := wholeMessage
			if tc.path == "POST /v1/complete" {
				whole = wholeCompletion
			}
			if tc.req.Stream {
				whole = "event: message_start\ndata: {\"message\": {}}\n\n"
			}
			v := newVendor(t, llmtest.Answer(200, whole))
			if _, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, tc.provider(v), v.ref(tc.model, tc.api), tc.req)); err != nil {
				t.Fatal(err)
			}
			want := []llmtest.Sent{{Path: tc.path, Head: tc.head, Body: llmtest.JSON(t, tc.body)}}
			if diff := cmp.Diff(want, v.Asked()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBaseURLs(t *testing.T) {
	for _, tc := range []struct{ base, want string }{
		{"", "POST /v1/messages"},
		{"/", "POST /v1/messages"},
		{"/a//", "POST /a/v1/messages"},
		{"/v1", "POST /v1/v1/messages"},
		{"/v1/messages", "POST /v1/messages"},
		{"/v1/messages/", "POST /v1/messages"},
	} {
		v := newVendor(t, llmtest.Answer(200, wholeMessage))
		ref := v.ref("c", llm.Chat)
		ref.Server.URL += tc.base
		if _, err := llmtest.Generate(t.Context(), t, v.routed(), ref, llm.Request{Prompt: "q"}); err != nil || v.Asked()[0].Path != tc.want {
			t.Errorf("%q: error %v, got %v", tc.base, err, v.Asked())
		}
	}
	v := newVendor(t, llmtest.Answer(200, wholeMessage))
	direct := anthropic.NewDirect(anthropic.Options{HTTP: v.Client.Client, BaseURL: v.URL + "/proxy/", APIKey: "k"})
	if _, err := llmtest.Generate(t.Context(), t, direct, v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q"}); err != nil {
		t.Fatal(err)
	}
	if got := v.Asked()[0].Path; got != "POST /proxy/v1/messages" {
		t.Errorf("got %s", got)
	}
}

func TestKeys(t *testing.T) {
	for _, tc := range []struct {
		name        string
		options     anthropic.Options
		key, bearer string
	}{
		{"the API key", anthropic.Options{APIKey: "k"}, "k", ""},
		{"the API key goes before the token", anthropic.Options{APIKey: "k", AuthToken: "t"}, "k", ""},
		{"the token alone", anthropic.Options{AuthToken: "t"}, "", "Bearer t"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newVendor(t, llmtest.Answer(200, wholeMessage))
			tc.options.HTTP, tc.options.BaseURL = v.Client.Client, v.URL
			for _, p := range []llm.Provider{anthropic.NewDirect(tc.options), anthropic.NewPrompted(tc.options)} {
				if _, err := llmtest.Generate(t.Context(), t, p, v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q"}); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range v.Asked() {
				if c.Head["X-Api-Key"] != tc.key || c.Head["Authorization"] != tc.bearer {
					t.Errorf("got %v", c.Head)
				}
			}
		})
	}
	v := newVendor(t, llmtest.Answer(200, wholeMessage))
	ref := v.ref("c", llm.Chat)
	ref.Server.Key = ""
	if _, err := llmtest.Generate(t.Context(), t, v.routed(), ref, llm.Request{Prompt: "q"}); err != nil || v.Asked()[0].Head["X-Api-Key"] != "" {
		t.Errorf("routed without a key: error %v, got %v", err, v.Asked())
	}
}

func TestWithoutAKeyNothingIsConfigured(t *testing.T) {
	for _, p := range []llm.Provider{anthropic.NewDirect(anthropic.Options{}), anthropic.NewPrompted(anthropic.Options{})} {
		_, err := p.Resolve(llm.Ref{Name: "claude-2.1"})
		if kind, _ := llmtest.KindOf(err); kind != llm.NotConfigured {
			t.Errorf("%T: got %v", p, err)
		}
	}
}

func TestModels(t *testing.T) {
	v := newVendor(t, llmtest.Answer(200, wholeMessage))
	for _, tc := range []struct {
		name     string
		provider llm.Provider
		ref      llm.Ref
		id       llm.ID
		limit    int
	}{
		{"direct chat", v.direct(), v.ref("claude-3-haiku-20240307", llm.Chat), llm.ID{Engine: "anthropic", Name: "claude-3-haiku-20240307"}, 200000},
		{"direct text", v.direct(), v.ref("claude-2.0", llm.Text), llm.ID{Engine: "anthropic", Name: "claude-2.0"}, 100000},
		{"prompted", v.prompted(), v.ref("claude-9", llm.Chat), llm.ID{Engine: "anthropic-chat", Name: "claude-9"}, 200000},
		{"routed", v.routed(), v.ref("claude-9", llm.Chat), llm.ID{Engine: "litellm", Name: "anthropic/claude-9"}, 200000},
		{"routed text", v.routed(), v.ref("claude-instant-1", llm.Chat), llm.ID{Engine: "litellm", Name: "anthropic/claude-instant-1"}, 100000},
	} {
		h, err := tc.provider.Resolve(tc.ref)
		if err != nil || h.ID != tc.id || h.InputLimit != tc.limit {
			t.Errorf("%s: got %v, limit %d, error %v", tc.name, h.ID, h.InputLimit, err)
		}
	}
}

func TestWhatIsRefusedWithoutACall(t *testing.T) {
	v := newVendor(t, llmtest.Answer(200, wholeMessage))
	for _, tc := range []struct {
		name     string
		provider llm.Provider
		ref      llm.Ref
		messages []llm.Message
		want     string
	}{
		{"an unknown model", v.direct(), v.ref("claude-9", llm.Chat), nil, "anthropic: refused: no model found by the name 'claude-9'"},
		{
			"a conversation for a model that continues texts", v.direct(), v.ref("claude-2.0", llm.Text),
			[]llm.Message{user("a")},
			"anthropic: refused: claude-2.0 is asked to continue a text, but was given messages",
		},
		{
			"system messages that do not stand side by side", v.prompted(), v.ref("c", llm.Chat),
			[]llm.Message{system("a"), user("b"), system("c")},
			"anthropic: refused: the system messages of a prompt must stand side by side",
		},
		{
			"a routed conversation that the assistant begins", v.routed(), v.ref("c", llm.Chat),
			[]llm.Message{assistant("a"), user("b")},
			"anthropic: refused: the first message of a conversation must be the user's",
		},
		{
			"a routed conversation of system messages", v.routed(), v.ref("c", llm.Chat),
			[]llm.Message{system("a")},
			"anthropic: refused: the first message of a conversation must be the user's",
		},
		{
			"a routed model without a server", v.routed(),
			llm.Ref{Name: "c"},
			nil,
			"anthropic: refused: model_endpoint is missing: the URL of the model server",
		},
		{
			"a server that has no URL", v.routed(),
			llm.Ref{Name: "c", Server: llm.Server{URL: "None"}},
			[]llm.Message{user("a")},
			"anthropic: refused: the URL of the model server must begin with http:// or https://",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h, err := tc.provider.Resolve(tc.ref)
			if err == nil {
				_, err = h.Generate(t.Context(), llm.Request{Messages: tc.messages})
			}
			if e := llm.ErrorOf(err); e == nil || e.Error() != tc.want || e.Kind != llm.Refused || e.Status != 0 {
				t.Errorf("got %v", err)
			}
		})
	}
	if len(v.Asked()) > 0 {
		t.Errorf("%d calls", len(v.Asked()))
	}
}

func TestARequestIsNotChanged(t *testing.T) {
	messages := []llm.Message{user("a"), user(" "), assistant("b  ")}
	want := append([]llm.Message(nil), messages...)
	v := newVendor(t, llmtest.Answer(200, wholeMessage))
	for _, p := range []llm.Provider{v.direct(), v.prompted(), v.routed()} {
		if _, err := llmtest.Generate(t.Context(), t, p, v.ref("claude-2.1", llm.Chat), llm.Request{Messages: messages}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, messages); diff != "" {
		t.Error(diff)
	}
}

func TestATimeOutOfTheRequestIsForAllPhases(t *testing.T) {
	release := make(chan struct{})
	v := newVendor(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	for _, p := range []llm.Provider{v.direct(), v.prompted(), v.routed()} {
		_, err := llmtest.Generate(t.Context(), t, p, v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q", Timeout: time.Millisecond})
		if kind, _ := llmtest.KindOf(err); kind != llm.TimedOut {
			t.Errorf("%T: got %v", p, err)
		}
	}
}
