package openai_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
)

// The clock of this test is its own: what takes minutes in it takes no time.
func TestTimeOuts(t *testing.T) {
	p := openai.New(openai.Options{
		HTTP:        llmtest.Silence(),
		AllowServer: true,
	})
	const waits = time.Second/2 + time.Second
	for _, tc := range []struct {
		provider string
		timeout  time.Duration
		want     time.Duration
	}{
		{"litellm", 0, 3*30*time.Second + waits},
		{"openai", 0, 3*10*time.Minute + waits},
		{"openai", 5 * time.Second, 3*5*time.Second + waits},
		{"groq", 0, 10 * time.Minute},
	} {
		t.Run(tc.provider, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ref := llm.Ref{Provider: tc.provider, Name: "mistral", Server: llm.Server{URL: "http://h"}}
				_, err := llmtest.Generate(t.Context(), t, p, ref, llm.Request{Prompt: "q", Timeout: tc.timeout})
				if kind, status := llmtest.KindOf(err); kind != llm.TimedOut || status != 408 || time.Since(began) != tc.want {
					t.Errorf("got %v, status %d after %v", err, status, time.Since(began))
				}
			})
		})
	}
}
