package wire_test

import (
	"io"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// pooled is a client on a pool whose connections end with the test.
func pooled(t *testing.T, o wire.PoolOptions) *wire.Client {
	t.Helper()
	pool := wire.NewPool(o)
	t.Cleanup(pool.CloseIdleConnections)
	return wire.NewClient(wire.Options{Transport: pool})
}

// originOf is the origin of a fake.
func originOf(t *testing.T, raw string) wire.Origin {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return wire.Origin{Scheme: u.Scheme, Host: u.Hostname(), Port: u.Port()}
}

// seen is a handler that notes the head of what it is asked.
func seen(head *http.Header) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*head = r.Header
		io.WriteString(w, "{}")
	}
}

func TestHeadersGoToTheirHostAndNoFurther(t *testing.T) {
	var home, away http.Header
	other, _ := serve(t, seen(&away))
	server, _ := serve(t, seen(&home), func(w http.ResponseWriter, r *http.Request) {
		home = r.Header
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	c := pooled(t, wire.PoolOptions{Headers: []wire.ForHost[http.Header]{{
		Origin: originOf(t, server.URL), Gets: http.Header{"X-Gateway-Key": {"secret"}, "X-Tenant": {"a"}, "User-Agent": {"other"}},
	}}})
	want := map[string]string{"X-Gateway-Key": "secret", "X-Tenant": "a", "User-Agent": "ai-gateway"}
	for _, name := range []string{"the host itself", "and when it leads elsewhere"} {
		call := call(server.URL)
		if _, err := c.Post(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, picked(home)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if _, changed := call.Header["X-Gateway-Key"]; changed {
			t.Error("the header stands in the call, where it can be logged")
		}
	}
	if diff := cmp.Diff(map[string]string{"User-Agent": "ai-gateway"}, picked(away)); diff != "" {
		t.Errorf("another host: %s", diff)
	}
}

func picked(head http.Header) map[string]string {
	picked := map[string]string{}
	for _, name := range []string{"X-Gateway-Key", "X-Tenant", "User-Agent"} {
		if value := head.Get(name); value != "" {
			picked[name] = value
		}
	}
	return picked
}

func TestConnectionsAreCounted(t *testing.T) {
	var mu sync.Mutex
	events := []string{}
	note := func(event string) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, event)
	}
	server, _ := serve(t, answer(200, "{}"))
	pool := wire.NewPool(wire.PoolOptions{OnOpen: func(vendor string) func() {
		note("open " + vendor)
		return func() { note("closed " + vendor) }
	}})
	c := wire.NewClient(wire.Options{Transport: pool, OnConn: func(vendor string, reused bool) {
		note(map[bool]string{true: "again ", false: "first "}[reused] + vendor)
	}})
	for range 3 {
		if _, err := c.Post(t.Context(), call(server.URL)); err != nil {
			t.Fatal(err)
		}
	}
	pool.CloseIdleConnections()
	server.Close() // waits for the connection
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff([]string{"open v", "first v", "again v", "again v", "closed v"}, events); diff != "" {
		t.Error(diff)
	}
}

func TestAPoolKeepsNoIdleConnectionsIfItMayNot(t *testing.T) {
	server, _ := serve(t, answer(200, "{}"))
	reused := false
	pool := wire.NewPool(wire.PoolOptions{MaxConns: 1, MaxIdle: -1, IdleTimeout: time.Minute})
	c := wire.NewClient(wire.Options{Transport: pool, OnConn: func(_ string, again bool) { reused = reused || again }})
	for range 3 {
		if _, err := c.Post(t.Context(), call(server.URL)); err != nil {
			t.Fatal(err)
		}
	}
	if reused {
		t.Error("a connection was kept")
	}
}
