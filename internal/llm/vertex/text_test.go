package vertex_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/google"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/vertex"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// options are those of a gateway whose Google is a fake.
func options(t testing.TB, fakes *testkit.Fakes) vertex.Options {
	client := llmtest.NewClient(t)
	return vertex.Options{
		HTTP:     client.Client,
		Tokens:   google.NewTokens(google.Options{Key: fakes.Fill("${GOOGLE_KEY}"), Client: client.HTTP()}),
		BaseURL:  fakes.URL,
		Project:  "my-proj",
		Location: "us-central1",
	}
}

func TestTextRequests(t *testing.T) {
	for _, tc := range []struct {
		name  string
		model string
		req   llm.Request
		body  string
	}{
		{
			"the example of the contract", "code-gecko@002",
			llm.Request{Prompt: "def hello(", Suffix: new("\n")},
			`{"instances": [{"prefix": "def hello(", "suffix": "\n"}],
			  "parameters": {"temperature": 0.2, "maxOutputTokens": 64, "topP": 0.95, "topK": 40, "candidateCount": 1, "stopSequences": ["\n\n"]}}`,
		},
		{
			"four answers at most, and an absent suffix is empty", "code-gecko@002",
			llm.Request{Prompt: "a < b", Candidates: 5, Stream: true},
			`{"instances": [{"prefix": "a < b", "suffix": ""}],
			  "parameters": {"temperature": 0.2, "maxOutputTokens": 64, "topP": 0.95, "topK": 40, "candidateCount": 4, "stopSequences": ["\n\n"]}}`,
		},
		{
			"code-bison", "code-bison@002",
			llm.Request{Prompt: "write", Suffix: new("never sent")},
			`{"instances": [{"prefix": "write"}],
			  "parameters": {"temperature": 0.2, "maxOutputTokens": 2048, "topP": 0.95, "topK": 40, "candidateCount": 1}}`,
		},
		{
			"text-bison", "text-bison@002",
			llm.Request{Prompt: "write"},
			`{"instances": [{"content": "write"}],
			  "parameters": {"temperature": 0.2, "maxOutputTokens": 32, "topP": 0.95, "topK": 40, "candidateCount": 1}}`,
		},
		{
			"what the request says goes before the defaults", "code-gecko",
			llm.Request{Prompt: "x", MaxTokens: 1, Temperature: new(0.0), TopP: new(0.5), TopK: new(3), Stop: []string{"X"}, Candidates: 2},
			`{"instances": [{"prefix": "x", "suffix": ""}],
			  "parameters": {"temperature": 0, "maxOutputTokens": 1, "topP": 0.5, "topK": 3, "candidateCount": 2, "stopSequences": ["X"]}}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			if _, err := llmtest.Generate(t.Context(), t, vertex.NewText(options(t, fakes)), llm.Ref{Name: tc.model}, tc.req); err != nil {
				t.Fatal(err)
			}
			call := fakes.Calls()[0]
			if want := "/v1/projects/my-proj/locations/us-central1/publishers/google/models/" + tc.model + ":predict"; call.Path != want {
				t.Errorf("asked %s, want %s", call.Path, want)
			}
			want := map[string]string{"Authorization": "Bearer ya29.fake", "Content-Type": "application/json"}
			if diff := cmp.Diff(want, llmtest.Head(call.Header, "Authorization", "Content-Type", "X-Api-Key")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(llmtest.JSON(t, tc.body), llmtest.JSON(t, string(call.Body))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnEmptyTextIsNotSent(t *testing.T) {
	fakes := testkit.NewFakes(t)
	p := vertex.NewText(options(t, fakes))
	got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, p, llm.Ref{Name: "code-bison@002"}, llm.Request{Suffix: new("s")}))
	if diff := cmp.Diff([]llm.Chunk{{Score: new(0.0), Safety: &llm.Safety{}}}, got); diff != "" || err != nil || len(fakes.Calls()) > 0 {
		t.Errorf("%d calls, error %v\n%s", len(fakes.Calls()), err, diff)
	}
}

func TestTextIdentity(t *testing.T) {
	fakes := testkit.NewFakes(t)
	p := vertex.NewText(options(t, fakes))
	for name, limit := range map[string]int{"code-gecko@002": 2048, "code-bison@002": 4096, "text-bison@002": 8192, "code-gecko": 2048} {
		got, err := p.Resolve(llm.Ref{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		got.Model = nil
		if diff := cmp.Diff(llm.Handle{ID: llm.ID{Engine: "vertex-ai", Name: name}, InputLimit: limit}, got); diff != "" {
			t.Error(diff)
		}
	}
	for _, name := range []string{"", "code-gecko@003", "claude-2.1", "textembedding-gecko"} {
		if _, err := p.Resolve(llm.Ref{Name: name}); err == nil || !strings.Contains(err.Error(), "no model found by '"+name+"'") {
			t.Errorf("got %v", err)
		}
	}
	_, err := vertex.NewText(vertex.Options{}).Resolve(llm.Ref{Name: "code-gecko@002"})
	if kind, _ := llmtest.KindOf(err); kind != llm.NotConfigured {
		t.Errorf("without a project: got %v", err)
	}
}

// predicted is an answer as spec/models-and-providers.md 8 shows it, with these predictions.
func predicted(predictions string) string {
	return `{"predictions": [` + predictions + `], "metadata": {"tokenMetadata":
		{"inputTokenCount": {"totalTokens": 10, "totalBillableCharacters": 20}, "outputTokenCount": {"totalTokens": 4.0, "totalBillableCharacters": 9}}}}`
}

func TestTextAnswers(t *testing.T) {
	const name = `{"content": "name):", "score": -1.2, "safetyAttributes": {"blocked": false, "categories": [], "scores": []},
		"citationMetadata": {"citations": []}}`
	usage := &llm.Usage{InputTokens: 10, OutputTokens: 4}
	clean := &llm.Safety{Categories: []string{}}
	for _, tc := range []struct {
		name   string
		model  string
		body   string
		want   []llm.Chunk
		garble string // what the error says; empty: there is none
	}{
		{"the example of the contract", "code-gecko@002", predicted(name), []llm.Chunk{{Text: "name):", Score: new(-1.2), Usage: usage, Safety: clean}}, ""},
		{
			"several answers, one of them blocked", "code-gecko@002",
			predicted(name + `, {"content": "", "score": 0, "safetyAttributes": {"blocked": true, "categories": ["Violent"], "errors": [234, "235", 236.0]}}`),
			[]llm.Chunk{
				{Text: "name):", Score: new(-1.2), Usage: usage, Safety: clean},
				{
					Candidate: 1, Score: new(0.0), Usage: usage,
					Safety: &llm.Safety{Blocked: true, Categories: []string{"Violent"}, Errors: []int{234, 235, 236}},
				},
			},
			"",
		},
		{
			"no counts and no safety", "code-gecko@002", `{"predictions": [{"content": "a", "score": -10}]}`,
			[]llm.Chunk{{Text: "a", Score: new(-10.0), Safety: &llm.Safety{}}},
			"",
		},
		{"no predictions of code-gecko are an answer", "code-gecko@002", predicted(""), nil, ""},
		{"nor are missing ones", "code-gecko@002", `{}`, nil, ""},
		{"code-bison needs no score", "code-bison@002", `{"predictions": [{"content": "a"}]}`, []llm.Chunk{{Text: "a", Safety: &llm.Safety{}}}, ""},

		{"no predictions of code-bison", "code-bison@002", predicted(""), nil, "it has no predictions"},
		{"a missing score", "code-gecko@002", predicted(`{"content": "a"}`), nil, "prediction 0: it has no score"},
		{"a missing content", "code-bison@002", predicted(`{"score": 1}`), nil, "it has no content"},
		{"a null content", "code-gecko@002", predicted(`{"content": null, "score": 1}`), nil, "it has no content"},
		{"null in place of safety", "code-bison@002", predicted(`{"content": "a", "safetyAttributes": null}`), nil, "safetyAttributes is null"},
		{"an odd error number", "code-bison@002", predicted(`{"content": "a", "safetyAttributes": {"errors": ["x"]}}`), nil, "is no integer"},
		{"an odd category", "code-bison@002", predicted(`{"content": "a", "safetyAttributes": {"categories": [1]}}`), nil, "categories"},
		{"an odd blocked", "code-bison@002", predicted(`{"content": "a", "safetyAttributes": {"blocked": "perhaps"}}`), nil, "blocked"},
		{
			"an odd token count", "code-bison@002",
			`{"predictions": [{"content": "a"}], "metadata": {"tokenMetadata": {"inputTokenCount": {"totalTokens": 1.5}}}}`, nil, "is no integer",
		},
		{"no JSON", "code-gecko@002", `<html>`, nil, "cannot be read"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes := testkit.NewFakes(t)
			fakes.Script(testkit.Script{Body: tc.body})
			p := vertex.NewText(options(t, fakes))
			got, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, p, llm.Ref{Name: tc.model}, llm.Request{Prompt: "x"}))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			switch kind, _ := llmtest.KindOf(err); {
			case tc.garble == "" && err != nil:
				t.Errorf("got %v", err)
			case tc.garble != "" && (kind != llm.Unavailable || !strings.Contains(err.Error(), tc.garble)):
				t.Errorf("got %v, want %s", err, tc.garble)
			}
		})
	}
}

func TestAConversationIsRefusedByTextModels(t *testing.T) {
	fakes := testkit.NewFakes(t)
	req := llm.Request{Messages: []llm.Message{{Role: llm.User, Content: "x"}}}
	_, err := llmtest.Generate(t.Context(), t, vertex.NewText(options(t, fakes)), llm.Ref{Name: "code-bison@002"}, req)
	if kind, status := llmtest.KindOf(err); kind != llm.Refused || status != 0 {
		t.Errorf("got %v", err)
	}
}

func TestMissingCredentialsAreTheOperatorsAffair(t *testing.T) {
	fakes := testkit.NewFakes(t)
	o := options(t, fakes)
	o.Tokens = google.NewTokens(google.Options{File: "no-such-file"})
	claude := llm.Ref{Name: "claude-3-5-sonnet@20240620"}
	for _, ask := range []struct {
		provider llm.Provider
		ref      llm.Ref
	}{{vertex.NewText(o), llm.Ref{Name: "code-gecko@002"}}, {vertex.NewClaude(o), claude}} {
		_, err := llmtest.Generate(t.Context(), t, ask.provider, ask.ref, llm.Request{Prompt: "x"})
		if kind, _ := llmtest.KindOf(err); kind != llm.NotConfigured || len(fakes.Calls()) > 0 {
			t.Errorf("%d calls, got %v", len(fakes.Calls()), err)
		}
	}
}

// The bound is for the call as a whole, however lively it is.
func TestATextCallTakesThirtySecondsAtMost(t *testing.T) {
	fakes := testkit.NewFakes(t)
	tokens := options(t, fakes).Tokens
	if _, err := tokens.Token(t.Context()); err != nil { // before the clock stands
		t.Fatal(err)
	}
	for timeout, want := range map[time.Duration]time.Duration{0: 30 * time.Second, time.Minute: time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			for _, operators := range []time.Duration{0, 2 * time.Minute} { // which counts instead
				o := vertex.Options{HTTP: llmtest.Silence(), Tokens: tokens, BaseURL: "http://h", Project: "p", Location: "l", Timeout: operators}
				began := time.Now()
				_, err := llmtest.Generate(t.Context(), t, vertex.NewText(o), llm.Ref{Name: "code-gecko@002"}, llm.Request{Prompt: "x", Timeout: timeout})
				if kind, _ := llmtest.KindOf(err); kind != llm.TimedOut || time.Since(began) != max(operators, want) {
					t.Errorf("got %v after %v", err, time.Since(began))
				}
			}
		})
	}
}

func FuzzPredictions(f *testing.F) {
	fakes, err := testkit.StartFakes()
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(fakes.Close)
	o := options(f, fakes)
	f.Add(predicted(`{"content": "a", "score": 1, "safetyAttributes": {"errors": ["1", 2.0, 1e400]}}`))
	f.Add(`{"predictions": null, "metadata": {"tokenMetadata": {"inputTokenCount": {"totalTokens": "7"}}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, name := range []string{"code-gecko@002", "code-bison@002"} {
			llmtest.CheckAnswer(t, body, func(http *wire.Client) (llm.Stream, error) {
				o := o
				o.HTTP = http
				return llmtest.Generate(t.Context(), t, vertex.NewText(o), llm.Ref{Name: name}, llm.Request{Prompt: "x"})
			})
		}
	})
}
