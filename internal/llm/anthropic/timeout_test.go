package anthropic_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/anthropic"
	"github.com/ai-gateway/ai-gateway/internal/llm/llmtest"
)

// The clock of this test is its own: what takes minutes in it takes no time.
func TestTimeOuts(t *testing.T) {
	o := anthropic.Options{HTTP: llmtest.Silence(), APIKey: "k"}
	for _, tc := range []struct {
		name     string
		provider llm.Provider
		timeout  time.Duration
		want     time.Duration
		status   int
	}{
		{"direct", anthropic.NewDirect(o), 0, 30*time.Second + time.Second/2 + 30*time.Second, 0},
		{"prompted", anthropic.NewPrompted(o), 0, time.Minute + time.Second/2 + time.Minute, 0},
		{"prompted, by its definition", anthropic.NewPrompted(o), 5 * time.Second, 10*time.Second + time.Second/2, 0},
		{"routed", anthropic.NewRouted(o.HTTP), 0, 10 * time.Minute, 408},
		{"routed, by its definition", anthropic.NewRouted(o.HTTP), 7 * time.Second, 7 * time.Second, 408},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ref := llm.Ref{Name: "claude-2.1", Server: llm.Server{URL: "http://h"}}
				_, err := llmtest.Generate(t.Context(), t, tc.provider, ref, llm.Request{Prompt: "q", Timeout: tc.timeout})
				if kind, status := llmtest.KindOf(err); kind != llm.TimedOut || status != tc.status || time.Since(began) != tc.want {
					t.Errorf("got %v, status %d after %v", err, status, time.Since(began))
				}
			})
		})
	}
}
