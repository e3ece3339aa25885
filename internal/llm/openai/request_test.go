package openai_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
)

const (
	wholeChat = `{"id":"chatcmpl-1","object":"chat.completion","created":1734700000,"model":"mistral",` +
		`"choices":[{"index":0,"message":{"role":"assistant","content":"A"},"finish_reason":"stop"}],` +
		`"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}`
	wholeText = `{"id":"cmpl-1","object":"text_completion","created":1734700000,"model":"m",` +
		`"choices":[{"index":0,"text":"x):","logprobs":null,"finish_reason":"stop"}],` +
		`"usage":{"prompt_tokens":12,"total_tokens":14,"completion_tokens":2}}`
)

func TestRequests(t *testing.T) {
	messages := []llm.Message{{Role: llm.System, Content: "S"}, {Role: llm.User, Content: "Q <&> ¿🙂?"}}
	const sent2 = `"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q <&> ¿🙂?"}]`
	everything := llm.Request{
		Messages: messages, Suffix: new("s"), MaxTokens: 12, Temperature: new(0.0), TopP: new(0.5), TopK: new(3), Stop: []string{"X"},
		Candidates: 1, Stream: true, UserID: "u", Echo: []llm.Arg{{Name: "a", Value: 1}},
	}
	const bearer = "Bearer sk-local-1"
	for _, tc := range []struct {
		name     string
		provider string
		model    string
		req      llm.Request
		path     string
		auth     string
		body     string
	}{
		{
			"direct, with the defaults", "litellm", "mistral",
			llm.Request{Messages: messages},
			"POST /v1/chat/completions", bearer,
			`{"model":"mistral","stream":false,"temperature":0.2,"top_p":0.95,"max_tokens":2048,"stop":["</new_code>"],` + sent2 + `}`,
		},
		{
			"direct: an empty list of stop words is sent", "litellm", "mixtral",
			llm.Request{Prompt: "hi"},
			"POST /v1/chat/completions", bearer,
			`{"model":"mixtral","stream":false,"temperature":0.2,"top_p":0.95,"max_tokens":2048,"stop":[],"messages":[{"role":"user","content":"hi"}]}`,
		},
		{
			"direct: what the request says goes before the defaults", "litellm", "codegemma", everything, "POST /v1/chat/completions", bearer,
			`{"model":"codegemma","stream":true,"temperature":0,"top_p":0.5,"max_tokens":12,"n":1,"stop":["X"],` + sent2 + `}`,
		},
		{
			"direct: the stop words of qwen", "litellm", "qwen2p5-coder-7b",
			llm.Request{Prompt: "q"},
			"POST /v1/chat/completions", bearer,
			`{"model":"qwen2p5-coder-7b","stream":false,"temperature":0.2,"top_p":0.95,"max_tokens":2048,"stop":["<|fim_prefix|>",` +
				`"<|fim_suffix|>","<|fim_middle|>","<|fim_pad|>","<|repo_name|>","<|file_sep|>","<|im_start|>","<|im_end|>","\n\n"],` +
				`"messages":[{"role":"user","content":"q"}]}`,
		},
		{
			"openai: what is left open is left out", "openai", "m",
			llm.Request{Messages: messages},
			"POST /v1/chat/completions", bearer,
			`{"model":"m","stream":false,` + sent2 + `}`,
		},
		{
			"custom_openai, with everything", "custom_openai", "meta-llama/CodeLlama-13b", everything, "POST /v1/chat/completions", bearer,
			`{"model":"meta-llama/CodeLlama-13b","stream":true,"temperature":0,"top_p":0.5,"max_tokens":12,"n":1,"stop":["X"],` + sent2 + `}`,
		},
		{
			"hosted_vllm: an empty list of stop words is sent", "hosted_vllm", "m",
			llm.Request{Messages: messages, Stop: []string{}, Candidates: 1},
			"POST /v1/chat/completions", bearer, `{"model":"m","stream":false,"n":1,"stop":[],` + sent2 + `}`,
		},
		{
			"mistral knows no n, and no false stream", "mistral", "m",
			llm.Request{Messages: messages, Candidates: 1},
			"POST /v1/chat/completions", bearer, `{"model":"m",` + sent2 + `}`,
		},
		{
			"nor does codestral", "codestral", "m", everything, "POST /v1/chat/completions", bearer,
			`{"model":"m","stream":true,"temperature":0,"top_p":0.5,"max_tokens":12,"stop":["X"],` + sent2 + `}`,
		},
		{
			"text completions of a text", "text-completion-openai", "codegemma",
			llm.Request{Prompt: "<PRE>a", MaxTokens: 128, Temperature: new(0.95), Candidates: 1, Stop: []string{"<EOT>"}},
			"POST /v1/completions", bearer,
			`{"model":"codegemma","prompt":"<PRE>a","max_tokens":128,"temperature":0.95,"n":1,"stream":false,"stop":["<EOT>"]}`,
		},
		{
			"text completions of a conversation are one text", "text-completion-openai", "mistral",
			llm.Request{Messages: messages},
			"POST /v1/completions", bearer, `{"model":"mistral","prompt":"S\n\nQ <&> ¿🙂?","stream":false}`,
		},
		{
			"text completions of one message are its text", "text-completion-openai", "m",
			llm.Request{Messages: messages[:1], Stream: true},
			"POST /v1/completions", bearer, `{"model":"m","prompt":"S","stream":true}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			whole := wholeChat
			if tc.path == "POST /v1/completions" {
				whole = wholeText
			}
			v := newVendor(t, llmtest.Answer(200, whole))
			if _, err := llmtest.Chunks(llmtest.Generate(t.Context(), t, v.provider(), v.ref(tc.provider, tc.model), tc.req)); err != nil {
				t.Fatal(err)
			}
			head := map[string]string{"Accept": "application/json", "Content-Type": "application/json", "Authorization": tc.auth}
			want := []llmtest.Sent{{Path: tc.path, Head: head, Body: llmtest.JSON(t, tc.body)}}
			if diff := cmp.Diff(want, v.Asked()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAzure(t *testing.T) {
	for _, tc := range []struct{ base, version, want string }{
		{"", "", "POST /openai/deployments/gpt%204o/chat/completions?api-version=2024-08-01-preview"},
		{"/", "2025-01-01", "POST /openai/deployments/gpt%204o/chat/completions?api-version=2025-01-01"},
		{"/openai/deployments/mine", "", "POST /openai/deployments/mine/chat/completions?api-version=2024-08-01-preview"},
	} {
		v := newVendor(t, llmtest.Answer(200, wholeChat))
		p := openai.New(openai.Options{HTTP: v.Client.Client, AzureAPIVersion: tc.version})
		ref := llm.Ref{Provider: "azure", Name: "gpt 4o", Server: llm.Server{URL: v.URL + tc.base, Key: "k"}}
		req := llm.Request{Prompt: "Q", MaxTokens: 512, Candidates: 1, Temperature: new(1.0)}
		if _, err := llmtest.Generate(t.Context(), t, p, ref, req); err != nil {
			t.Fatal(err)
		}
		want := []llmtest.Sent{{
			Path: tc.want,
			Head: map[string]string{"Accept": "application/json", "Content-Type": "application/json", "Api-Key": "k"},
			Body: llmtest.JSON(t, `{"model":"gpt 4o","messages":[{"role":"user","content":"Q"}],"max_tokens":512,"n":1,"stream":false,"temperature":1}`),
		}}
		if diff := cmp.Diff(want, v.Asked()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, tc := range []struct{ provider, model, want string }{
		{"openai", "m", ""},
		{"text-completion-openai", "m", ""},
		{"azure", "m", ""},
		{"litellm", "mistral", "Bearer stubbed-api-key"}, // the contract has it (spec/models-and-providers.md 9.1)
	} {
		v := newVendor(t, llmtest.Answer(200, `{"choices":[{"text":"a","message":{"content":"a"}}]}`))
		ref := v.ref(tc.provider, tc.model)
		ref.Server.Key = ""
		if _, err := llmtest.Generate(t.Context(), t, v.provider(), ref, llm.Request{Prompt: "q"}); err != nil {
			t.Fatal(err)
		}
		if got := v.Asked()[0].Head["Authorization"] + v.Asked()[0].Head["Api-Key"]; got != tc.want {
			t.Errorf("%s: got %q", tc.provider, got)
		}
	}
}

func TestSlashesAtTheEndOfABaseURLAreRemoved(t *testing.T) {
	for _, tc := range []struct{ base, want string }{
		{"", "POST /chat/completions"},
		{"/", "POST /chat/completions"},
		{"/llm/v1///", "POST /llm/v1/chat/completions"},
	} {
		v := newVendor(t, llmtest.Answer(200, wholeChat))
		ref := v.ref("openai", "m")
		ref.Server.URL = v.URL + tc.base
		if _, err := llmtest.Generate(t.Context(), t, v.provider(), ref, llm.Request{Prompt: "q"}); err != nil || v.Asked()[0].Path != tc.want {
			t.Errorf("%q: error %v, got %v", tc.base, err, v.Asked())
		}
	}
}

func TestModels(t *testing.T) {
	v := newVendor(t, llmtest.Answer(200, wholeChat))
	for _, tc := range []struct {
		provider, model, engine, name string
		limit                         int
	}{
		{"litellm", "mistral", "litellm", "custom_openai/mistral", 32768},
		{"litellm", "codegemma", "litellm", "custom_openai/codegemma", 8192},
		{"litellm", "codellama", "litellm", "custom_openai/codellama", 16384},
		{"litellm", "claude_3.5", "litellm", "custom_openai/claude_3.5", 32768},
		{"openai", "any", "litellm", "openai/any", 32768},
		{"text-completion-openai", "codegemma", "litellm", "text-completion-openai/codegemma", 8192},
		{"codestral", "codestral", "codestral", "codestral/codestral", 32768},
		{"fireworks_ai", "q", "fireworks_ai", "fireworks_ai/q", 32768},
	} {
		h, err := v.provider().Resolve(v.ref(tc.provider, tc.model))
		if want := (llm.ID{Engine: tc.engine, Name: tc.name}); err != nil || h.ID != want || h.InputLimit != tc.limit {
			t.Errorf("%s %s: got %v, limit %d, error %v", tc.provider, tc.model, h.ID, h.InputLimit, err)
		}
	}
}

func TestTheKeysOfTheProvider(t *testing.T) {
	keys := openai.Keys()
	for _, key := range []string{
		"custom_openai", "openai", "hosted_vllm", "codestral", "fireworks_ai", "text-completion-openai", "mistral", "azure", "groq", "together_ai", "deepseek",
		"azure_ai", "litellm_proxy", "perplexity", "deepinfra", "anyscale", "nvidia_nim", "cerebras", "sambanova", "ai21_chat", "volcengine",
		"xinference", "xai", "empower", "friendliai", "github", "lm_studio", "galadriel",
	} {
		if !slices.Contains(keys, key) {
			t.Errorf("%s is missing", key)
		}
	}
	for _, key := range []string{"litellm", "anthropic"} {
		if slices.Contains(keys, key) {
			t.Errorf("%s is not the router's word for an OpenAI-compatible server", key)
		}
	}
	if !slices.IsSorted(keys) {
		t.Error("they have no order")
	}
}

func TestWhatIsRefusedWithoutACall(t *testing.T) {
	open := openai.New(openai.Options{AllowServer: true})
	closed := openai.New(openai.Options{})
	server := llm.Server{URL: "http://h", Key: "k"}
	for _, tc := range []struct {
		name     string
		provider *openai.Provider
		ref      llm.Ref
		kind     llm.Kind
		want     string
	}{
		{
			"a server while custom models are off", closed,
			llm.Ref{Provider: "litellm", Name: "mistral", Server: server},
			llm.Refused,
			"litellm: refused: specifying custom models endpoint is disabled",
		},
		{
			"a key alone, too", closed,
			llm.Ref{Provider: "litellm", Name: "mistral", Server: llm.Server{Key: "k"}},
			llm.Refused,
			"litellm: refused: specifying custom models endpoint is disabled",
		},
		{
			"no server", open,
			llm.Ref{Provider: "litellm", Name: "mistral"},
			llm.Refused,
			"litellm: refused: model_endpoint is missing: the URL of the model server",
		},
		{
			"no server of another provider", closed,
			llm.Ref{Provider: "openai", Name: "m"},
			llm.Refused,
			"openai: refused: model_endpoint is missing: the URL of the model server",
		},
		{
			"a name that direct models don't have", open,
			llm.Ref{Provider: "litellm", Name: "claude-2.1", Server: server},
			llm.Refused,
			"litellm: refused: no model found by the name 'claude-2.1'",
		},
		{
			"a text for direct models", open,
			llm.Ref{Provider: "litellm", Name: "mistral", API: llm.Text, Server: server},
			llm.Refused,
			"litellm: refused: mistral is a chat model and completes no text",
		},
		{
			"an unknown provider", open,
			llm.Ref{Provider: "mistralai", Name: "m", Server: server},
			llm.NotConfigured,
			`mistralai: not configured: "mistralai" is no OpenAI-compatible provider`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := tc.provider.Resolve(tc.ref)
			if e := llm.ErrorOf(err); e == nil || e.Error() != tc.want || e.Kind != tc.kind || e.Status != 0 {
				t.Errorf("got %v", err)
			}
		})
	}
	v := newVendor(t, llmtest.Answer(200, wholeChat))
	_, err := llmtest.Generate(t.Context(), t, v.provider(), llm.Ref{Provider: "openai", Server: llm.Server{URL: "None"}}, llm.Request{Prompt: "q"})
	if kind, status := llmtest.KindOf(err); kind != llm.Refused || status != 0 {
		t.Errorf("a URL that is none: got %v", err)
	}
}

func TestATimeOutOfTheRequestIsForAllPhases(t *testing.T) {
	release := make(chan struct{})
	v := newVendor(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	_, err := llmtest.Generate(t.Context(), t, v.provider(), v.ref("openai", "m"), llm.Request{Prompt: "q", Timeout: time.Millisecond})
	if kind, status := llmtest.KindOf(err); kind != llm.TimedOut || status != 408 {
		t.Errorf("status %d, error %v", status, err)
	}
}

func TestAnIdentifierPlacesADirectModelElsewhere(t *testing.T) {
	router := llm.NewRegistry()
	var asked llm.Ref
	var got llm.Request
	router.Register(recorder(func(ref llm.Ref, req llm.Request) { asked, got = ref, req }), "mistral")
	provider := openai.New(openai.Options{AllowServer: true, Router: router})

	handle, err := provider.Resolve(llm.Ref{
		Provider: openai.Direct, Name: "codegemma", Identifier: "mistral/large", Server: llm.Server{URL: "http://models/v1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := llm.Collect(handle.Generate(t.Context(), llm.Request{Prompt: "hi"})); err != nil {
		t.Fatal(err)
	}
	wantRef := llm.Ref{Provider: "mistral", Name: "large", Server: llm.Server{URL: "http://models/v1", Key: "stubbed-api-key"}}
	if diff := cmp.Diff(wantRef, asked); diff != "" {
		t.Error(diff)
	}
	if handle.ID.Name != "custom_openai/codegemma" || handle.InputLimit != 8192 {
		t.Errorf("the family is lost: %+v", handle)
	}
	if *got.Temperature != 0.2 || *got.TopP != 0.95 || got.MaxTokens != 2048 || len(got.Stop) != 4 {
		t.Errorf("the family's values are lost: %+v", got)
	}
}

// recorder is a provider that notes what it is asked and says nothing.
type recorder func(llm.Ref, llm.Request)

func (r recorder) Resolve(ref llm.Ref) (llm.Handle, error) {
	return llm.Handle{Model: recorded{r, ref}}, nil
}

type recorded struct {
	note recorder
	ref  llm.Ref
}

func (r recorded) Generate(_ context.Context, req llm.Request) (llm.Stream, error) {
	r.note(r.ref, req)
	return llm.Of(), nil
}
