package schema_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{"prompt_version":1,"model_provider":"anthropic","model_name":null,"current_file":{"file_name":" a ","content_above_cursor":"x"}}`,
		`{"prompt_components":[{"type":"code_editor_completion","payload":{"prompt":[{"role":"user"}]}},{"type":1}]}`,
		`{"inputs":{"a":[1e400,"\ud800"]},"model_metadata":{"endpoint":"http://[::1]:80","api_key":"hush-hush"}}`,
		`{"string":1,"integer":"1_0","share":"nan","map":{"abcd":1},"int_tag":{"version":1.0},"union":[{}],"list":[1,2,3,4]}`,
		`{"payload":{"source":"issue"},"code":"x"}`, `[]`, ``, "\xFF\xFE[\x00]\x00",
	} {
		f.Add([]byte(body), "application/json")
		f.Add([]byte(body), "text/plain")
	}
	paths := []string{
		"/v2/completions", "/v2/code/generations", "/v4/code/suggestions", "/v1/chat/x", "/v1/x-ray/libraries", "/v1/search/gitlab-docs",
		"/v1/prompts/x", "/v1/amazon_q/oauth/application", "/v1/amazon_q/events", "/v2/chat/agent",
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		for _, path := range paths {
			_, err := decodeFor(path, body, contentType)
			checkAnswer(t, err)
		}
		_, err := kindsBody.Decode(body, contentType)
		checkAnswer(t, err)
	})
}

// checkAnswer checks that an error can be answered with JSON that says something.
func checkAnswer(t *testing.T, err error) {
	var invalid *schema.ValidationError
	var unreadable *schema.UnreadableError
	switch {
	case err == nil, errors.As(err, &unreadable):
	case errors.As(err, &invalid):
		answer := invalid.AppendJSON(nil)
		if len(invalid.Entries) == 0 || !json.Valid(answer) || !utf8.Valid(answer) {
			t.Errorf("the answer is %q", answer)
		}
		if literal := invalid.Literal(); !utf8.ValidString(literal) || strings.Count(literal, "'url': ") < len(invalid.Entries) {
			t.Errorf("the literal answer is %q", literal)
		}
		if err.Error() == "" {
			t.Error("the error says nothing")
		}
	default:
		t.Errorf("unexpected error %v", err)
	}
}

// completionOf4KB is a completion as editors send them.
func completionOf4KB(tb testing.TB) []byte {
	const line = "\tif err := s.store.Put(ctx, key, value); err != nil {\n\t\treturn fmt.Errorf(\"put %s: %w\", key, err)\n\t}\n"
	body, err := json.Marshal(map[string]any{
		"prompt_version": 2, "project_path": "acme/shop", "project_id": 278964, "prompt": nil, "stream": false, "choices_count": 1,
		"current_file": map[string]any{
			"file_name": "internal/store/store.go", "language_identifier": "go",
			"content_above_cursor": strings.Repeat(line, 20), "content_below_cursor": strings.Repeat(line, 5),
		},
		"model_provider": "litellm", "model_name": "codestral", "model_endpoint": "http://models.internal:8000/v1", "model_api_key": "sk-1",
		"model_identifier": "custom_openai/codestral", "intent": "completion", "generation_type": nil,
		"telemetry": []any{map[string]any{
			"model_engine": "litellm", "model_name": "codestral", "lang": "go", "requests": 3, "accepts": 1, "errors": 0,
			"experiments": []any{map[string]any{"name": "exp", "variant": 1}},
		}},
		"context": []any{map[string]any{"type": "file", "name": "a.go", "content": strings.Repeat(line, 10)}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

func BenchmarkDecode(b *testing.B) {
	body := completionOf4KB(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := completions.Decode(body, "application/json"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestDecodingAllocatesLittle(t *testing.T) {
	body := completionOf4KB(t)
	allocations := testing.AllocsPerRun(100, func() {
		if _, err := completions.Decode(body, "application/json"); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 50 {
		t.Errorf("%v allocations for a body of %d bytes", allocations, len(body))
	}
}
