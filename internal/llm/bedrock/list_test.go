package bedrock_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm/bedrock"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestListModels(t *testing.T) {
	fakes := testkit.NewFakes(t)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	account := bedrock.New(options(wire.NewClient(wire.Options{}), ""))

	fakes.Script(testkit.Script{Status: 200, Body: `{"modelSummaries":[{"modelId":"a"},{"modelId":"b"}]}`})
	if models, err := account.ListModels(t.Context(), client, fakes.URL); models != 2 || err != nil {
		t.Errorf("got %d, %v", models, err)
	}
	call := fakes.Calls()[0]
	if call.Method != http.MethodGet || call.Path != "/foundation-models" || !strings.HasPrefix(call.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
		t.Errorf("asked %s %s with %v", call.Method, call.Path, call.Header)
	}
	for body, words := range map[string]string{
		`{"message":"not authorized to perform: bedrock:ListFoundationModels"}`: "ListFoundationModels", "<html>": "403",
	} {
		fakes.Script(testkit.Script{Status: 403, Body: body})
		if _, err := account.ListModels(t.Context(), client, fakes.URL); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("want an error with %q, got %v", words, err)
		}
	}
	fakes.Script(testkit.Script{Status: 200, Body: "<html>"})
	if _, err := account.ListModels(t.Context(), client, fakes.URL); err == nil {
		t.Error("an answer that is no JSON")
	}
	fakes.Script(testkit.Script{CutHead: true})
	if _, err := account.ListModels(t.Context(), client, fakes.URL); err == nil {
		t.Error("no answer")
	}
}
