package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

// script is a source of settings that tests change.
type script struct {
	env    atomic.Pointer[[]string]
	stamp  atomic.Int64
	loaded chan struct{}
}

func newScript(env ...string) *script {
	s := &script{loaded: make(chan struct{}, 10)}
	s.change(env...)
	return s
}

func (s *script) change(env ...string) {
	s.env.Store(&env)
	s.stamp.Add(1)
}

func (s *script) Load() (*config.Settings, error) {
	defer func() { s.loaded <- struct{}{} }()
	return config.Load(append(*s.env.Load(), "AIGW_LOGGING__TO_FILE=/dev/null", "AIGW_MOCK_MODEL_RESPONSES=true"), "")
}

func (s *script) Stamp() string { return time.Duration(s.stamp.Load()).String() }

// development is a gateway that reloads when the test says so.
type development struct {
	*live
	source *script
	look   chan time.Time
}

func develop(t *testing.T, env ...string) *development {
	t.Helper()
	d := &development{source: newScript(env...), look: make(chan time.Time)}
	settings, err := d.source.Load()
	if err != nil {
		t.Fatal(err)
	}
	<-d.source.loaded
	first, err := New(settings)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	d.live = newLive(first, func() {})
	ended := make(chan struct{})
	stamp := d.source.Stamp()
	go func() {
		d.watch(ctx, d.source, stamp, d.look)
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		d.end()
		first.closeLog()
	})
	return d
}

// lookNow has the source looked at, and waits until that is over.
func (d *development) lookNow() {
	d.look <- time.Now()
	d.look <- time.Now() // it is taken when the first look has ended
}

func (d *development) get(path string) int {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code
}

func TestChangedSettingsAreApplied(t *testing.T) {
	d := develop(t, "AIGW_AUTH__BYPASS_EXTERNAL=true")
	if got := d.get("/openapi.json"); got != http.StatusNotFound {
		t.Errorf("before: %d", got)
	}
	d.source.change("AIGW_AUTH__BYPASS_EXTERNAL=true", "AIGW_FASTAPI__OPENAPI_URL=/openapi.json")
	d.lookNow()
	if got := d.get("/openapi.json"); got != http.StatusOK {
		t.Errorf("after: %d", got)
	}
}

func TestWhatHasNotChangedIsNotReadAgain(t *testing.T) {
	d := develop(t)
	before := d.current
	d.lookNow()
	if d.current != before || len(d.source.loaded) != 0 {
		t.Error("reloaded without a change")
	}
}

func TestWrongSettingsChangeNothing(t *testing.T) {
	d := develop(t)
	before := d.current
	d.source.change("AIGW_FASTAPI__API_PORT=http")
	d.lookNow()
	if d.current != before || d.get("/monitoring/healthz") != http.StatusOK {
		t.Error("wrong settings took over")
	}
	d.source.change("AIGW_FASTAPI__OPENAPI_URL=/x", "AIGW_FASTAPI__DOCS_URL=/x") // refused by the API
	d.lookNow()
	if d.current != before {
		t.Error("settings of which no gateway can be built took over")
	}
}

// A request that is under way is finished by the gateway that it came to, which is closed afterwards.
func TestARequestUnderWayIsNotDropped(t *testing.T) {
	d := develop(t)
	old := d.current
	body, feed := io.Pipe()
	answered := make(chan int)
	go func() {
		w := httptest.NewRecorder()
		d.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/v2/code/completions", body))
		answered <- w.Code
	}()
	if _, err := io.WriteString(feed, "{"); err != nil { // returns when it is read: the request is under way
		t.Fatal(err)
	}
	d.source.change("AIGW_ENVIRONMENT=other")
	d.lookNow()
	if d.current == old {
		t.Fatal("nothing took over")
	}
	if got := d.get("/monitoring/healthz"); got != http.StatusOK {
		t.Errorf("a new request: %d", got)
	}
	feed.CloseWithError(io.EOF)
	if got := <-answered; got != http.StatusUnauthorized && got != http.StatusUnprocessableEntity {
		t.Errorf("the old request: %d", got)
	}
	d.retired.Wait()
}

func TestTheDrainReachesTheGatewayOfTheDay(t *testing.T) {
	d := develop(t)
	d.source.change("AIGW_ENVIRONMENT=other")
	d.lookNow()
	if got := d.get("/monitoring/ready"); got != http.StatusOK {
		t.Errorf("before: %d", got)
	}
	d.drain()
	if got := d.get("/monitoring/ready"); got != http.StatusServiceUnavailable {
		t.Errorf("after: %d", got)
	}
}

func TestAnErrorOfTheSourceIsNoEnd(t *testing.T) {
	d := develop(t)
	d.reload(t.Context(), broken{})
	if got := d.get("/monitoring/healthz"); got != http.StatusOK {
		t.Errorf("got %d", got)
	}
}

type broken struct{}

func (broken) Load() (*config.Settings, error) { return nil, errors.New("the file cannot be read") }

func (broken) Stamp() string { return "" }

func TestChangedSettingsAreNamedWithoutTheirValues(t *testing.T) {
	load := func(env ...string) *config.Settings {
		s, err := config.Load(env, "")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	names := changed(load("AIGW_ENVIRONMENT=a"), load("AIGW_ENVIRONMENT=b", "ANTHROPIC_API_KEY=k"))
	if got := strings.Join(names, " "); got != "AIGW_ENVIRONMENT ANTHROPIC_API_KEY" {
		t.Errorf("got %s", got)
	}
}
