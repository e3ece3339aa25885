package anthropic_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

func TestAPromptSaysHowOftenItIsAskedAgain(t *testing.T) {
	for retries := range 4 {
		v := newVendor(t, answer(529, `{}`))
		_, err := generate(t.Context(), t, v.prompted(), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q", Retries: &retries})
		if kind, _ := kindOf(err); kind != llm.Overloaded || len(v.asked()) != retries+1 {
			t.Errorf("%d retries: %d calls, %v", retries, len(v.asked()), err)
		}
	}
}

func TestHeadersOfAPromptTakeThePlaceOfOthers(t *testing.T) {
	v := newVendor(t, answer(200, wholeMessage))
	headers := map[string]string{"anthropic-version": "2024-01-01"}
	if _, err := generate(t.Context(), t, v.prompted(), v.ref("claude-2.1", llm.Chat), llm.Request{Prompt: "q", Headers: headers}); err != nil {
		t.Fatal(err)
	}
	head := v.asked()[0].Head
	if head["Anthropic-Version"] != "2024-01-01" || head["X-Api-Key"] != "sk-ant-test" {
		t.Errorf("got %v", head)
	}
}
