package middleware

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// ask sends one request through layers to a handler.
func ask(t *testing.T, r *http.Request, handler http.HandlerFunc, layers ...Middleware) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	Chain(handler, layers...).ServeHTTP(w, r)
	return w.Result()
}

func request(t *testing.T, method, target string, headers ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "fine") }

func TestCORS(t *testing.T) {
	const origin = "https://ide.example"
	for _, tc := range []struct {
		name, method string
		headers      []string
		status       int
		body, allow  string
		vary         string
	}{
		{"a request without origin is left alone", "POST", nil, 200, "fine", "", ""},
		{"a request of any origin is allowed", "POST", []string{"Origin", origin}, 200, "fine", "*", ""},
		{"with a cookie the origin is named", "POST", []string{"Origin", origin, "Cookie", "a=b"}, 200, "fine", origin, "Origin"},
		{"a preflight is answered here", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "POST"}, 200, "OK", "*", ""},
		{"a preflight for another method is refused", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "post"}, 400, "Disallowed CORS method", "*", ""},
		{"OPTIONS without a method is no preflight", "OPTIONS", []string{"Origin", origin}, 200, "fine", "*", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := ask(t, request(t, tc.method, "/", tc.headers...), ok, CORS)
			body := text(t, res)
			if res.StatusCode != tc.status || body != tc.body || res.Header.Get("Access-Control-Allow-Origin") != tc.allow || res.Header.Get("Vary") != tc.vary {
				t.Errorf("got %d %q %v", res.StatusCode, body, res.Header)
			}
		})
	}
	res := ask(t, request(t, "OPTIONS", "/", "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization"), ok, CORS)
	if res.Header.Get("Access-Control-Allow-Headers") != "authorization" || res.Header.Get("Access-Control-Max-Age") != "600" {
		t.Errorf("preflight: got %v", res.Header)
	}
}

func TestEveryRequestHasACorrelationID(t *testing.T) {
	var seen string
	handler := func(_ http.ResponseWriter, r *http.Request) { seen = observe.RecordFrom(r.Context()).CorrelationID }
	res := ask(t, request(t, "GET", "/", "X-Request-ID", "any text"), handler, CorrelationID)
	if got := res.Header.Get("X-Request-ID"); got != "any text" || seen != got {
		t.Errorf("a given id: got %q, seen %q", got, seen)
	}
	res = ask(t, request(t, "GET", "/"), handler, CorrelationID)
	if got := res.Header.Get("X-Request-ID"); !regexp.MustCompile(`^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$`).MatchString(got) || seen != got {
		t.Errorf("an id of our own: got %q, seen %q", got, seen)
	}
}

func TestAWebSocketIsRefused(t *testing.T) {
	res := ask(t, request(t, "GET", "/", "Upgrade", "WebSocket", "Connection", "Upgrade"), ok, RefuseWebSocket)
	if body := text(t, res); res.StatusCode != 403 || body != "" {
		t.Errorf("got %d %q", res.StatusCode, body)
	}
}

func TestAPanicIsAPlain500AndIsLogged(t *testing.T) {
	var out bytes.Buffer
	log := observe.NewLogger(&out, observe.LogOptions{JSON: true})
	broken := func(http.ResponseWriter, *http.Request) { panic(errors.New("boom")) }
	res := ask(t, request(t, "GET", "/", "X-Request-ID", "id"), broken, CorrelationID, LastResort(log), AccessLog(log))
	if body := text(t, res); res.StatusCode != 500 || body != "Internal Server Error" || res.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("got %d %q %v", res.StatusCode, body, res.Header)
	}
	var got []string
	for line := range bytes.Lines(out.Bytes()) {
		var entry map[string]any
		if err := json.Unmarshal(line, &entry); err != nil {
			t.Fatal(err)
		}
		stack := fmt.Sprint(entry["backtrace"], entry["exception_backtrace"], entry["exception"])
		if !strings.Contains(stack, "TestAPanicIsAPlain500AndIsLogged") || entry["correlation_id"] != "id" {
			t.Errorf("want the place of the failure and the correlation id, got %v", entry)
		}
		got = append(got, fmt.Sprint(entry["logger"], " ", entry["message"], " ", entry["exception_class"], " ", entry["status_code"], " ", entry["exception_message"]))
	}
	want := []string{
		"exceptions boom *errors.errorString <nil> <nil>",
		`api.access 192.0.2.1:1234 - "GET / HTTP/1.1" 500 *errors.errorString 500 boom`,
		"uvicorn.error Exception in ASGI application\n <nil> <nil> <nil>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAResponseThatHasBegunIsCut(t *testing.T) {
	defer func() {
		if failure := recover(); failure != http.ErrAbortHandler {
			t.Errorf("want the connection to be aborted, got %v", failure)
		}
	}()
	discard := slog.New(slog.DiscardHandler)
	ask(t, request(t, "GET", "/"), func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("boom")
	}, LastResort(discard))
}

func TestTheAccessLogKnowsTheRequest(t *testing.T) {
	var out bytes.Buffer
	log := observe.NewLogger(&out, observe.LogOptions{JSON: true})
	r := request(t, "POST", "/a%20b?c=1", "X-Request-ID", "id", "X-Forwarded-For", " 203.0.113.7 , 10.0.0.1", "X-Forwarded-Proto", "https",
		"X-Gitlab-Realm", "saas", "User-Agent", "test", "X-Gitlab-Rails-Send-Start", "now")
	res := ask(t, r, func(w http.ResponseWriter, r *http.Request) {
		observe.RecordFrom(r.Context()).Set("gitlab_realm", "self-managed")
		observe.RecordFrom(r.Context()).Set("lang", "go")
		w.WriteHeader(http.StatusTeapot)
	}, CorrelationID, AccessLog(log))
	if !regexp.MustCompile(`^\d+(\.\d+)?(e-\d+)?$`).MatchString(res.Header.Get("X-Process-Time")) {
		t.Errorf("X-Process-Time: %q", res.Header.Get("X-Process-Time"))
	}
	var entry map[string]any
	if err := json.Unmarshal(out.Bytes(), &entry); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]any{
		"message": `203.0.113.7:0 - "POST /a%20b?c=1 HTTP/1.1" 418`, "url": "https://example.com/a b?c=1", "path": "/a%20b?c=1",
		"status_code": 418.0, "client_ip": "203.0.113.7", "client_port": 0.0, "duration_request": -1.0, "gitlab_realm": "self-managed",
		"lang": "go", "user_agent": "test", "gitlab_version": nil, "correlation_id": "id", "content_type": "unknown", "first_chunk_duration_s": 0.0,
	} {
		if got, present := entry[field]; got != want || !present {
			t.Errorf("%s: want %v, got %v", field, want, got)
		}
	}
}

func TestRequestsCountUnderTheirRoute(t *testing.T) {
	metrics := observe.NewMetrics()
	route := func(r *http.Request) string { return map[string]string{"/a": "/{x}"}[r.URL.Path] }
	for _, path := range []string{"/a", "/a", "/b"} {
		ask(t, request(t, "GET", path), ok, Metrics(metrics, route))
	}
	page := httptest.NewServer(metrics.Page())
	defer page.Close()
	res, err := page.Client().Get(page.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	want := `http_request_duration_seconds_count{handler="/{x}",method="GET",status="2xx"} 2`
	if body := text(t, res); !bytes.Contains([]byte(body), []byte(want)) || bytes.Contains([]byte(body), []byte(`handler="/b"`)) {
		t.Errorf("want %s in\n%s", want, body)
	}
}

func TestFlagsOfTheRequest(t *testing.T) {
	var flags auth.Flags
	handler := func(_ http.ResponseWriter, r *http.Request) { flags = auth.FlagsFrom(r.Context()) }
	layer := FeatureFlags(map[string][]string{"self-managed": {"expanded_ai_logging"}})
	ask(t, request(t, "GET", "/", "X-Gitlab-Enabled-Feature-Flags", "expanded_ai_logging,x", "X-Gitlab-Realm", "self-managed"), handler, layer)
	if flags.Enabled("expanded_ai_logging") || !flags.Enabled("x") {
		t.Errorf("got %v", flags)
	}
}
