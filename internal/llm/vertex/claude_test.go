package vertex_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/google"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/vertex"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

const sonnet = "claude-3-5-sonnet-v2@20241022"

var conversation = []llm.Message{
	{Role: llm.System, Content: "S"}, {Role: llm.User, Content: "Q"}, {Role: llm.Assistant, Content: "Thought: "},
}

// The messages of conversation, as they are sent.
const sent = `"system": [{"type": "text", "text": "S"}], "messages": [{"role": "user", "content": [{"type": "text", "text": "Q"}]},
	{"role": "assistant", "content": [{"type": "text", "text": "Thought:"}]}]`

func TestClaudeRequests(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*vertex.Options)
		ref    llm.Ref
		req    llm.Request
		path   string
		body   string
	}{
		{
			"the example of the contract", nil,
			llm.Ref{Name: sonnet, Location: "us-east5"},
			llm.Request{Messages: conversation, MaxTokens: 8192, Temperature: new(0.1), Stop: []string{"Observation:"}, Candidates: 1, Stream: true},
			"/v1/projects/my-proj/locations/us-east5/publishers/anthropic/models/" + sonnet + ":streamRawPredict",
			`{` + sent + `, "max_tokens": 8192, "temperature": 0.1, "stop_sequences": ["Observation:"], "anthropic_version": "vertex-2023-10-16",
			  "stream": true}`,
		},
		{
			"not streamed, and without a location of its own", func(o *vertex.Options) { o.Location = "" },
			llm.Ref{Name: sonnet},
			llm.Request{Messages: conversation, TopP: new(0.95)},
			"/v1/projects/my-proj/locations/us-central1/publishers/anthropic/models/" + sonnet + ":rawPredict",
			`{` + sent + `, "max_tokens": 4096, "top_p": 0.95, "anthropic_version": "vertex-2023-10-16"}`,
		},
		{
			"the project of the credentials", func(o *vertex.Options) { o.Project = "" },
			llm.Ref{Name: sonnet},
			llm.Request{Messages: conversation},
			"/v1/projects/key-project/locations/us-central1/publishers/anthropic/models/" + sonnet + ":rawPredict",
			`{` + sent + `, "max_tokens": 4096, "anthropic_version": "vertex-2023-10-16"}`,
		},
		{
			"a URL that the request brings along", nil,
			llm.Ref{Name: sonnet, Server: llm.Server{URL: "/x/publishers/anthropic/models/c", Key: "ignored"}},
			llm.Request{Messages: conversation},
			"/x/publishers/anthropic/models/c:rawPredict",
			`{` + sent + `, "max_tokens": 4096, "anthropic_version": "vertex-2023-10-16"}`,
		},
		{
			"the same, streamed", nil,
			llm.Ref{Name: sonnet, Server: llm.Server{URL: "/x/publishers/anthropic/models/c/", Key: "ignored"}},
			llm.Request{Messages: conversation, Stream: true},
			"/x/publishers/anthropic/models/c:streamRawPredict?alt=sse",
			`{` + sent + `, "max_tokens": 4096, "anthropic_version": "vertex-2023-10-16", "stream": true}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			o := options(t, fakes)
			if tc.change != nil {
				tc.change(&o)
			}
			if tc.ref.Server.URL != "" {
				tc.ref.Server.URL = fakes.URL + tc.ref.Server.URL
			}
			got, err := llm.Collect(llmtest.Generate(t.Context(), t, vertex.NewClaude(o), tc.ref, tc.req))
			if err != nil || got.Text != "mock answer" {
				t.Fatalf("got %v, %v", got, err)
			}
			call := fakes.Calls()[0]
			if call.Path != tc.path {
				t.Errorf("asked %s, want %s", call.Path, tc.path)
			}
			want := map[string]string{
				"Authorization": "Bearer ya29.fake", "X-Api-Key": "ya29.fake", "Anthropic-Version": "2023-06-01", "Content-Type": "application/json",
			}
			if diff := cmp.Diff(want, llmtest.Head(call.Header, "Authorization", "X-Api-Key", "Anthropic-Version", "Content-Type")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(llmtest.JSON(t, tc.body), llmtest.JSON(t, string(call.Body))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestClaudeIdentity(t *testing.T) {
	p := vertex.NewClaude(vertex.Options{})
	got, err := p.Resolve(llm.Ref{Name: sonnet})
	if err != nil {
		t.Fatal(err)
	}
	got.Model = nil
	if diff := cmp.Diff(llm.Handle{ID: llm.ID{Engine: "litellm", Name: "vertex_ai/" + sonnet}, InputLimit: 200_000}, got); diff != "" {
		t.Error(diff)
	}
	for name, ref := range map[string]llm.Ref{
		"another vendor's model":  {Name: "gemini-1.5-pro"},
		"a location that is none": {Name: sonnet, Location: "evil.example/"},
	} {
		_, err := p.Resolve(ref)
		if kind, status := llmtest.KindOf(err); kind != llm.Refused || status != 0 {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

const (
	start = "event: message_start\ndata: " + `{"type":"message_start","message":{"role":"assistant","content":[],"usage":{"input_tokens":12,"output_tokens":1}}}` + "\n\n"
	piece = "event: content_block_delta\ndata: " + `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}` + "\n\n"
	end   = "event: message_delta\ndata: " + `{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}` + "\n\n" +
		"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
	message = `{"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}],
		"stop_reason": "end_turn", "usage": {"input_tokens": 12, "output_tokens": 3}}`
)

func TestClaudeAnswers(t *testing.T) {
	last := llm.Chunk{Finish: "end_turn", Usage: &llm.Usage{InputTokens: 12, OutputTokens: 3}}
	all := last
	all.Text = "Hello"
	for _, tc := range []struct {
		name   string
		script testkit.Script
		stream bool
		want   []llm.Chunk
		kind   llm.Kind
		status int
	}{
		{"a whole answer", testkit.Script{Body: message}, false, []llm.Chunk{all}, llmtest.None, 0},
		{"a stream", testkit.Script{Events: []string{start, piece, end}}, true, []llm.Chunk{{Text: "Hello"}, last}, llmtest.None, 0},
		{
			"an error under 200", testkit.Script{Body: `{"error": {"code": 403, "status": "PERMISSION_DENIED"}}`}, false, nil, llm.Refused, 400,
		},
		{"another", testkit.Script{Body: `{"error": {"message": "no"}}`}, false, nil, llm.Unavailable, 500},
		{
			"an error of Google in a stream",
			testkit.Script{Events: []string{start, piece, `data: {"error": {"message": "Quota exceeded for x"}}` + "\n\n"}},
			true,
			[]llm.Chunk{{Text: "Hello"}},
			llm.Overloaded, 429,
		},
		{
			"an error of Anthropic in a stream",
			testkit.Script{Events: []string{piece, `data: {"type": "error", "error": {"type": "overloaded_error"}}` + "\n\n"}},
			true,
			[]llm.Chunk{{Text: "Hello"}},
			llm.Overloaded, 500,
		},
		{"a broken stream", testkit.Script{Events: []string{piece, piece}, CutAt: 1}, true, []llm.Chunk{{Text: "Hello"}}, llm.Unavailable, 500},
		{"no JSON", testkit.Script{Body: "<html>"}, false, nil, llm.Unavailable, 500},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			fakes.Script(tc.script)
			p := vertex.NewClaude(options(t, fakes))
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, p, llm.Ref{Name: sonnet}, llm.Request{Prompt: "q", Stream: tc.stream}))
			llmtest.CheckChunks(t, tc.want, tc.kind, tc.status, got, err)
			if e := llm.ErrorOf(err); e != nil && e.Vendor != "vertex_ai" {
				t.Errorf("the vendor is %s", e.Vendor)
			}
		})
	}
}

// The row "vertex_ai" of section 9.10: what the vendor says counts first. Statuses alone are those of TestClaudeAdapter.
func TestClaudeErrors(t *testing.T) {
	for _, tc := range []struct {
		name   string
		script testkit.Script
		kind   llm.Kind
		status int
		calls  int
	}{
		{"an interface that is off", testkit.Script{Status: 403, Body: "Vertex AI API has not been used in project x"}, llm.Unauthorized, 400, 1},
		{"403 in the text", testkit.Script{Status: 500, Body: `{"error": {"code": 403}}`}, llm.Refused, 400, 1},
		{"a quota", testkit.Script{Status: 429, Body: `{"error":{"code":429,"message":"Quota exceeded for aiplatform"}}`}, llm.Overloaded, 429, 1},
		{"an overloaded model", testkit.Script{Status: 429, Body: "The model is overloaded."}, llm.Overloaded, 500, 1},
	} {
		for _, stream := range []bool{false, true} {
			t.Run(tc.name, func(t *testing.T) {
				fakes := testkit.NewFakes(t)
				fakes.Script(tc.script)
				p := vertex.NewClaude(options(t, fakes))
				_, err := llmtest.Generate(t.Context(), t, p, llm.Ref{Name: sonnet}, llm.Request{Prompt: "q", Stream: stream})
				if kind, status := llmtest.KindOf(err); kind != tc.kind || status != tc.status || len(fakes.Calls()) != tc.calls {
					t.Errorf("%d calls, status %d, error %v", len(fakes.Calls()), status, err)
				}
			})
		}
	}
}

func TestAConversationThatTheModelBegins(t *testing.T) {
	fakes := testkit.NewFakes(t)
	req := llm.Request{Messages: []llm.Message{{Role: llm.Assistant, Content: "x"}}}
	_, err := llmtest.Generate(t.Context(), t, vertex.NewClaude(options(t, fakes)), llm.Ref{Name: sonnet}, req)
	if kind, status := llmtest.KindOf(err); kind != llm.Refused || status != 0 || len(fakes.Calls()) > 0 {
		t.Errorf("got %v", err)
	}
}

func TestClaudeTimeOuts(t *testing.T) {
	fakes := testkit.NewFakes(t)
	tokens := options(t, fakes).Tokens
	if _, err := tokens.Token(t.Context()); err != nil { // before the clock stands
		t.Fatal(err)
	}
	for timeout, want := range map[time.Duration]time.Duration{0: 600 * time.Second, time.Minute: time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			p := vertex.NewClaude(vertex.Options{HTTP: llmtest.Silence(), Tokens: tokens, Project: "p"})
			began := time.Now()
			_, err := llmtest.Generate(t.Context(), t, p, llm.Ref{Name: sonnet}, llm.Request{Prompt: "x", Timeout: timeout})
			if kind, status := llmtest.KindOf(err); kind != llm.TimedOut || status != 408 || time.Since(began) != want {
				t.Errorf("got %v after %v", err, time.Since(began))
			}
		})
	}
}

func FuzzClaude(f *testing.F) {
	fakes, err := testkit.StartFakes()
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(fakes.Close)
	o := vertex.Options{Tokens: google.NewTokens(google.Options{Key: fakes.Fill("${GOOGLE_KEY}"), Client: llmtest.NewClient(f).HTTP()}), Project: "p"}
	f.Add(start + piece + end)
	f.Add(message)
	f.Add(`data: {"error": 1}` + "\n\n" + `data: {"type": "error", "error": null}` + "\r\r")
	f.Fuzz(func(t *testing.T, body string) {
		for _, stream := range []bool{false, true} {
			llmtest.CheckAnswer(t, body, func(http *wire.Client) (llm.Stream, error) {
				o := o
				o.HTTP = http
				return llmtest.Generate(t.Context(), t, vertex.NewClaude(o), llm.Ref{Name: sonnet}, llm.Request{Prompt: "q", Stream: stream})
			})
		}
	})
}
