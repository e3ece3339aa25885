package proxy_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/proxy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// asked is a request that the vendor received.
type asked struct {
	Method, URI, Body string
	Header            http.Header
}

// counted is a call that was accounted for.
type counted struct {
	Model     llm.ID
	Streaming bool
	Failed    bool
}

// lab is a scripted vendor, and what it was asked. It counts calls, too.
type lab struct {
	url    string
	client *wire.Client
	left   chan struct{} // closed when the vendor noticed that the caller had left

	mu      sync.Mutex
	asked   []asked
	flying  int
	counted []counted
	full    error // what Begin answers, when it is not nil
}

// newLab starts a vendor that answers with the given handler, once it has read the body.
func newLab(t *testing.T, answer http.HandlerFunc) *lab {
	t.Helper()
	l := &lab{left: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		l.mu.Lock()
		l.asked = append(l.asked, asked{r.Method, r.RequestURI, string(body), r.Header})
		l.mu.Unlock()
		answer(w, r)
	}))
	transport := wire.NewTransport()
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	l.url, l.client = server.URL, wire.NewClient(wire.Options{Transport: transport})
	return l
}

func (l *lab) options() proxy.Options {
	return proxy.Options{HTTP: l.client, Calls: l, BaseURL: l.url + "/"}
}

func (l *lab) anthropic() *proxy.Anthropic {
	return proxy.NewAnthropic("sk-ant-secret", []string{"claude-2.1", "claude-3-haiku-20240307"}, l.options())
}

func (l *lab) vertexAI(tokens proxy.Tokens) *proxy.VertexAI {
	return proxy.NewVertexAI(tokens, "my-project", "europe-west2", l.options())
}

// Begin implements proxy.Calls.
func (l *lab) Begin(ctx context.Context, model llm.ID, streaming bool) (context.Context, func(context.Context, error), error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full != nil {
		return ctx, nil, l.full
	}
	l.flying++
	return ctx, func(_ context.Context, err error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.flying--
		l.counted = append(l.counted, counted{model, streaming, err != nil && llm.ErrorOf(err) != nil})
	}, nil
}

// calls are the requests that the vendor has received.
func (l *lab) calls() []asked {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.asked)
}

// ends are the calls that were accounted for.
func (l *lab) ends() []counted {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.counted)
}

func (l *lab) inFlight() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flying
}

// holdUntilLeft is a vendor that never goes on.
func (l *lab) holdUntilLeft(r *http.Request) {
	<-r.Context().Done()
	close(l.left)
}

func reply(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header()[header[i]] = []string{header[i+1]}
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// breakOff ends the connection without a proper end.
func breakOff(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// messages is a request for Anthropic's Messages interface.
func messages(body string) *proxy.Request {
	return &proxy.Request{Path: "v1/messages", Header: http.Header{}, Body: []byte(body)}
}

// tokens are Google's access tokens.
type tokens struct {
	token string
	err   error
}

func (s tokens) Token(context.Context) (string, error) { return s.token, s.err }
