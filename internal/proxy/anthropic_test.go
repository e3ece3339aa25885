package proxy_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/proxy"
)

func TestAnthropicGetsTheClientsOwnBytesAndTheGatewaysKey(t *testing.T) {
	const odd = "{ \"model\" : \"claude-2.1\",\"a\":1.0e2,\"a\":1e400, \"text\":\"\\u00fc \\ud800 ü\" }\n"
	for _, tc := range []struct {
		name   string
		path   string
		header http.Header
		want   http.Header
	}{
		{
			"a client that says nothing", "v1/complete",
			http.Header{},
			http.Header{"Accept": {"*/*"}, "Content-Type": {"application/json"}},
		},
		{
			"a client that says much", "v1/messages",
			http.Header{
				"Accept": {"text/event-stream", "second"}, "Content-Type": {"text/plain; charset=utf-8"}, "Anthropic-Version": {"2023-01-01"},
				"Anthropic-Beta": {"tools"}, "Authorization": {"Bearer gitlab-token"}, "Cookie": {"s=1"}, "X-Api-Key": {"mine"},
				"X-Gitlab-Unit-Primitive": {"duo_chat"}, "X-Gitlab-Instance-Id": {"i"}, "X-Forwarded-For": {"1.2.3.4"}, "User-Agent": {"Ruby"},
				"Accept-Encoding": {"gzip"}, "X-Request-Id": {"r"},
			},
			http.Header{"Accept": {"text/event-stream"}, "Content-Type": {"text/plain; charset=utf-8"}, "Anthropic-Version": {"2023-01-01"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t, reply(200, "{}"))
			_, err := l.anthropic().Forward(t.Context(), &proxy.Request{Path: tc.path, Header: tc.header, Body: []byte(odd)})
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range map[string]string{
				"X-Api-Key": "sk-ant-secret", "Accept-Encoding": "identity", "User-Agent": "ai-gateway", "Content-Length": "74",
			} {
				tc.want.Set(name, value)
			}
			if diff := cmp.Diff([]asked{{"POST", "/" + tc.path, odd, tc.want}}, l.calls()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnthropicIsOnlyAskedWhatIsAllowed(t *testing.T) {
	for _, tc := range []struct {
		name, path, query, body string
		want                    proxy.Refusal
	}{
		{"another path", "v1/models", "", claude, proxy.PathNotAllowed},
		{"no path", "", "", claude, proxy.PathNotAllowed},
		{"a trailing slash", "v1/messages/", "", claude, proxy.PathNotAllowed},
		{"a leading slash", "/v1/messages", "", claude, proxy.PathNotAllowed},
		{"more behind it", "v1/messages/batches", "", claude, proxy.PathNotAllowed},
		{"dot segments", "v1/../v1/messages", "", claude, proxy.PathNotAllowed},
		{"letters of another case", "V1/Messages", "", claude, proxy.PathNotAllowed},
		{"the route twice", "anthropic/v1/messages", "", claude, proxy.PathNotAllowed},
		{"another server", "http://127.0.0.1:1/v1/messages", "", claude, proxy.PathNotAllowed},
		{"a path that was encoded twice", "v1%2Fmessages", "", claude, proxy.PathNotAllowed},
		{"a query", "v1/messages", "beta=true", claude, proxy.PathNotAllowed},
		{"the path comes before the body", "v1/models", "", "{", proxy.PathNotAllowed},
		{"no body", "v1/messages", "", "", proxy.NotJSON},
		{"half a body", "v1/messages", "", `{"model":`, proxy.NotJSON},
		{"NaN", "v1/messages", "", `{"model":"claude-2.1","temperature":NaN}`, proxy.NotJSON},
		{"no model", "v1/messages", "", `{"max_tokens":1}`, proxy.NoModel},
		{"a text that is a model", "v1/messages", "", `"claude-2.1"`, proxy.NoModel},
		{"a list", "v1/messages", "", `[{"model":"claude-2.1"}]`, proxy.NoModel},
		{"null", "v1/messages", "", `null`, proxy.NoModel},
		{"a model of another vendor", "v1/messages", "", `{"model":"gpt-4o"}`, proxy.ModelNotAllowed},
		{"a model's beginning", "v1/messages", "", `{"model":"claude-2"}`, proxy.ModelNotAllowed},
		{"a model that is null", "v1/messages", "", `{"model":null}`, proxy.ModelNotAllowed},
		{"a model that is a list", "v1/messages", "", `{"model":["claude-2.1"]}`, proxy.ModelNotAllowed},
		{"a second model that is another", "v1/messages", "", `{"model":"claude-2.1","model":"gpt-4o"}`, proxy.ModelNotAllowed},
		{"a first model that is another", "v1/messages", "", `{"model":"claude-9","model":"claude-2.1"}`, proxy.ModelNotAllowed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t, reply(200, "{}"))
			answer, err := l.anthropic().Forward(t.Context(), &proxy.Request{Path: tc.path, Query: tc.query, Body: []byte(tc.body)})
			if !errors.Is(err, tc.want) || answer != nil {
				t.Errorf("want %v, got %v and %v", tc.want, answer, err)
			}
			if len(l.calls()) > 0 || len(l.ends()) > 0 {
				t.Errorf("the vendor was asked: %v", l.calls())
			}
		})
	}
}

func TestAnthropicNeedsAKey(t *testing.T) {
	l := newLab(t, reply(200, "{}"))
	_, err := proxy.NewAnthropic("", []string{"claude-2.1"}, l.options()).Forward(t.Context(), messages(claude))
	if !errors.Is(err, proxy.NoAPIKey) || len(l.calls()) > 0 {
		t.Errorf("got %v, and %d calls", err, len(l.calls()))
	}
}
