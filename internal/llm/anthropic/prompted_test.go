package anthropic_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
)

func TestAPromptSaysHowOftenItIsAskedAgain(t *testing.T) {
	for retries := range 4 {
		v := newVendor(t, llmtest.Answer(529, `{}`))
		_, err := llmtest.Generate(t.Context(), t, v.prompted(), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q", Retries: &retries})
		if kind, _ := llmtest.KindOf(err); kind != llm.Overloaded || len(v.Asked()) != retries+1 {
			t.Errorf("%d retries: %d calls, %v", retries, len(v.Asked()), err)
		}
	}
}

func TestHeadersOfAPromptTakeThePlaceOfOthers(t *testing.T) {
	v := newVendor(t, llmtest.Answer(200, wholeMessage))
	headers := map[string]string{"anthropic-version": "2024-01-01"}
	if _, err := llmtest.Generate(t.Context(), t, v.prompted(), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q", Headers: headers}); err != nil {
		t.Fatal(err)
	}
	head := v.Asked()[0].Head
	if head["Anthropic-Version"] != "2024-01-01" || head["X-Api-Key"] != "sk-ant-test" {
		t.Errorf("got %v", head)
	}
}
