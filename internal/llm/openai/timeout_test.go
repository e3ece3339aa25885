package openai_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// silent is a server that never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// The clock of this test is its own: what takes minutes in it takes no time.
func TestTimeOuts(t *testing.T) {
	p := openai.New(openai.Options{
		HTTP:        wire.NewClient(wire.Options{Transport: silent{}, Random: func() float64 { return 0 }}),
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
				_, err := generate(t.Context(), t, p, ref, llm.Request{Prompt: "q", Timeout: tc.timeout})
				if kind, status := kindOf(err); kind != llm.TimedOut || status != 408 || time.Since(began) != tc.want {
					t.Errorf("got %v, status %d after %v", err, status, time.Since(began))
				}
			})
		})
	}
}
