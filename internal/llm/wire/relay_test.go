package wire_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

func TestARelayedAnswerIsOneWhateverItsStatus(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		status int
		body   string
	}{
		{"a success", answer(200, "fine"), 200, "fine"},
		{"a refusal, which is not repeated", answer(429, "slow down", "Retry-After", "1"), 429, "slow down"},
		{"a failure, which is not repeated", answer(503, "no"), 503, "no"},
		{"a redirect, which is not followed", answer(307, "elsewhere", "Location", "/elsewhere"), 307, "elsewhere"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server, calls := serve(t, tc.answer)
			res, err := client(t, nil).Relay(t.Context(), call(server.URL))
			if err != nil {
				t.Fatal(err)
			}
			body, err := res.Whole()
			if res.Status != tc.status || string(body) != tc.body || err != nil || calls.Load() != 1 {
				t.Errorf("got %d %q %v after %d calls", res.Status, body, err, calls.Load())
			}
		})
	}
}

func TestARelayedCallWithoutAnAnswerFails(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		kind   llm.Kind
	}{
		{"the connection breaks before the head", reset(""), llm.Unavailable},
		{"the connection breaks in the body", reset("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), llm.Unavailable},
		{"the vendor says nothing", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			<-r.Context().Done()
		}, llm.TimedOut},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server, calls := serve(t, tc.answer)
			c := call(server.URL)
			c.Read = 100 * time.Millisecond
			res, err := client(t, nil).Relay(t.Context(), c)
			if err == nil {
				_, err = res.Whole()
			}
			if e := llm.ErrorOf(err); e == nil || e.Kind != tc.kind || calls.Load() != 1 {
				t.Errorf("want one call that is %v, got %d and %v", tc.kind, calls.Load(), err)
			}
		})
	}
}

func TestARelayedCallLogsInAsItsURLSays(t *testing.T) {
	server, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		_, _ = io.WriteString(w, name+" "+password)
	})
	res, err := client(t, nil).Relay(t.Context(), call(strings.Replace(server.URL, "://", "://gateway:secret@", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if body, err := res.Whole(); string(body) != "gateway secret" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
}
