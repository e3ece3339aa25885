package proxy_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/proxy"
)

const ownModels = "/v1/projects/my-project/locations/europe-west2/publishers/google/models/"

func TestVertexAIIsAskedAtTheGatewaysOwnPlace(t *testing.T) {
	for _, tc := range []struct {
		name, path, query, want string
		streaming               bool
	}{
		{"a prediction", "v1/projects/X/locations/Y/publishers/google/models/code-gecko:predict", "", "code-gecko:predict", false},
		{"as events", "v1/projects/X/locations/Y/publishers/google/models/code-gecko:predict", "alt=sse", "code-gecko:predict?alt=sse", false},
		{"another query is dropped", "v1/projects/X/locations/Y/publishers/google/models/code-gecko:predict", "alt=other", "code-gecko:predict", false},
		{"what follows the query is dropped", "v1/projects/X/locations/Y/publishers/google/models/code-gecko:predict", "alt=sse&x=1", "code-gecko:predict?alt=sse", false},
		{"what follows the action is dropped", "v1/projects/X/locations/Y/publishers/google/models/code-gecko:predict/more", "alt=sse", "code-gecko:predict", false},
		{"a stream", "v1/projects/X/locations/Y/publishers/google/models/code-bison@002:serverStreamingPredict", "alt=sse", "code-bison@002:serverStreamingPredict?alt=sse", true},
		{"a project with slashes", "v1/projects/a/b/locations/c/d/publishers/google/models/code-gecko:predict", "", "code-gecko:predict", false},
		{"something before it", "x/v1/projects/a/locations/b/publishers/google/models/text-bison:predict", "", "text-bison:predict", false},
		{"the query names it", "", "/v1/projects/a/locations/b/publishers/google/models/text-bison:predict", "text-bison:predict", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t, reply(403, `{"error":{}}`, "Content-Type", "application/json"))
			req := &proxy.Request{
				Path: tc.path, Query: tc.query, Body: []byte(`[1, "any JSON"]`), Header: http.Header{
					"Accept": {"text/plain"}, "Anthropic-Version": {"1"}, "Authorization": {"Bearer gitlab-token"}, "Content-Type": {"application/json; x=y"},
				},
			}
			answer, err := l.vertexAI(tokens{token: "ya29.token"}).Forward(t.Context(), req)
			if err != nil || answer.Status != 403 {
				t.Fatalf("got %v, %v", answer, err)
			}
			if tc.streaming {
				for piece, err := range answer.Pieces {
					if err != nil {
						t.Fatal(err)
					}
					answer.Body = append(answer.Body, piece...)
				}
			}
			if string(answer.Body) != `{"error":{}}` {
				t.Errorf("got %s", answer.Body)
			}
			header := http.Header{
				"Accept": {"*/*"}, "Accept-Encoding": {"identity"}, "Authorization": {"Bearer ya29.token"}, "Content-Length": {"15"},
				"Content-Type": {"application/json; x=y"}, "User-Agent": {"ai-gateway"},
			}
			if diff := cmp.Diff([]asked{{"POST", ownModels + tc.want, `[1, "any JSON"]`, header}}, l.calls()); diff != "" {
				t.Error(diff)
			}
			model, _, _ := strings.Cut(tc.want, ":")
			if diff := cmp.Diff([]counted{{llm.ID{Engine: "vertex-ai", Name: model}, tc.streaming, false}}, l.ends()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestVertexAIIsOnlyAskedWhatIsAllowed(t *testing.T) {
	const place = "v1/projects/X/locations/Y/publishers/google/models/"
	for _, tc := range []struct {
		name, path, query, body string
		want                    proxy.Refusal
	}{
		{"no model", "v1/projects", "", "{}", proxy.PathNotAllowed},
		{"another action", place + "code-gecko:rawPredict", "", "{}", proxy.PathNotAllowed},
		{"another vendor", "v1/projects/X/locations/Y/publishers/anthropic/models/code-gecko:predict", "", "{}", proxy.PathNotAllowed},
		{"another version", "v1beta1/projects/X/locations/Y/publishers/google/models/code-gecko:predict", "", "{}", proxy.PathNotAllowed},
		{"something else", "corrupted/code-gecko:predict", "", "{}", proxy.PathNotAllowed},
		{"the path comes before the body", place + "unknown:unknown", "", "{", proxy.PathNotAllowed},
		{"an unknown model", place + "gemini-pro:predict", "", "{}", proxy.ModelNotAllowed},
		{"a way to another path", place + "../../../x/code-gecko:predict", "", "{}", proxy.ModelNotAllowed},
		{"a second action", place + "code-gecko:predict", "x=:predict", "{}", proxy.ModelNotAllowed},
		{"the body comes before the model", place + "gemini-pro:predict", "", "prefix", proxy.NotJSON},
		{"no body", place + "code-gecko:predict", "", "", proxy.NotJSON},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t, reply(200, "{}"))
			req := &proxy.Request{Path: tc.path, Query: tc.query, Body: []byte(tc.body)}
			if _, err := l.vertexAI(tokens{token: "t"}).Forward(t.Context(), req); !errors.Is(err, tc.want) || len(l.calls()) > 0 {
				t.Errorf("want %v, got %v, and %d calls", tc.want, err, len(l.calls()))
			}
		})
	}
}

func TestVertexAINeedsAProjectAndAToken(t *testing.T) {
	req := &proxy.Request{Path: "v1/projects/X/locations/Y/publishers/google/models/code-gecko:predict", Body: []byte("{}")}
	l := newLab(t, reply(200, "{}"))
	for name, vertex := range map[string]*proxy.VertexAI{
		"no token":   l.vertexAI(tokens{err: errors.New("no credentials")}),
		"no project": proxy.NewVertexAI(tokens{token: "t"}, "", "europe-west2", l.options()),
	} {
		var missing *proxy.NotReadyError
		_, err := vertex.Forward(t.Context(), req)
		if !errors.As(err, &missing) || strings.Contains(missing.Detail, "no credentials") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := l.vertexAI(tokens{err: gone.Err()}).Forward(gone, req); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that leaves: got %v", err)
	}
	if len(l.calls()) > 0 || len(l.ends()) > 0 {
		t.Errorf("Vertex AI was asked: %v", l.calls())
	}
}
