package wire_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server that answers call after call with the given handlers, the last one repeating. calls counts them.
func serve(t *testing.T, handlers ...http.HandlerFunc) (server *httptest.Server, calls *atomic.Int32) {
	t.Helper()
	calls = new(atomic.Int32)
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(calls.Add(1))
		handlers[min(n, len(handlers))-1](w, r)
	}))
	t.Cleanup(server.Close)
	return server, calls
}

// client returns a client that notes how long it would wait between attempts, in the slice that waits points to.
func client(t *testing.T, waits *[]time.Duration) *wire.Client {
	t.Helper()
	transport := wire.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	return wire.NewClient(wire.Options{
		Transport: transport,
		Sleep: func(_ context.Context, d time.Duration) error {
			if waits != nil {
				*waits = append(*waits, d)
			}
			return nil
		},
		Random: func() float64 { return 0 },
	})
}

func call(url string) *wire.Call {
	return &wire.Call{
		Vendor: "v", URL: url, Header: wire.Header(), Body: []byte(`{"a":1}`), Connect: 5 * time.Second, Read: 5 * time.Second, Retries: 2,
	}
}

func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// reset breaks the connection, after the given part of a response.
func reset(part string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		buf.WriteString(part)
		buf.Flush()
		conn.(*net.TCPConn).SetLinger(0)
		conn.Close()
	}
}

func TestPostSendsADocumentAndReturnsTheAnswer(t *testing.T) {
	var got struct {
		Method, Path, Body string
		Header             http.Header
	}
	server, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got.Method, got.Path, got.Body, got.Header = r.Method, r.URL.Path, string(body), r.Header
		io.WriteString(w, "whole answer")
	})
	c := call(server.URL + "/v1/x")
	c.RetryHeader = "X-Attempt"
	data, err := client(t, nil).Post(t.Context(), c)
	if err != nil || string(data) != "whole answer" {
		t.Fatalf("got %q, %v", data, err)
	}
	want := http.Header{
		"Accept": {"application/json"}, "Content-Type": {"application/json"}, "User-Agent": {"ai-gateway"},
		"Content-Length": {"7"}, "X-Attempt": {"0"},
	}
	if diff := cmp.Diff(want, got.Header); diff != "" || got.Method != "POST" || got.Path != "/v1/x" || got.Body != `{"a":1}` {
		t.Errorf("got %s %s %s\n%s", got.Method, got.Path, got.Body, diff)
	}
}

func TestFailuresAreRepeatedAndNamed(t *testing.T) {
	const s = time.Second
	backoff := []time.Duration{s / 2, s}
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		waits  []time.Duration // before each repetition
		want   llm.Error
	}{
		{"400 is refused", answer(400, "no"), nil, llm.Error{Kind: llm.Refused, Status: 400}},
		{"401 is about the key", answer(401, "no"), nil, llm.Error{Kind: llm.Unauthorized, Status: 401}},
		{"403 is about the key", answer(403, "no"), nil, llm.Error{Kind: llm.Unauthorized, Status: 403}},
		{"404 is refused", answer(404, "no"), nil, llm.Error{Kind: llm.Refused, Status: 404}},
		{"408 is a time-out, and passing", answer(408, "no"), backoff, llm.Error{Kind: llm.TimedOut, Status: 408}},
		{"409 is passing", answer(409, "no"), backoff, llm.Error{Kind: llm.Refused, Status: 409}},
		{"422 is refused", answer(422, "no"), nil, llm.Error{Kind: llm.Refused, Status: 422}},
		{"429 is an overload, and passing", answer(429, "no"), backoff, llm.Error{Kind: llm.Overloaded, Status: 429}},
		{"500 is passing", answer(500, "no"), backoff, llm.Error{Kind: llm.Unavailable, Status: 500}},
		{"503 is passing", answer(503, "no"), backoff, llm.Error{Kind: llm.Unavailable, Status: 503}},
		{"504 is a time-out, and passing", answer(504, "no"), backoff, llm.Error{Kind: llm.TimedOut, Status: 504}},
		{"529 is an overload, and passing", answer(529, "no"), backoff, llm.Error{Kind: llm.Overloaded, Status: 529}},
		{"300 is no success", answer(300, "no"), nil, llm.Error{Kind: llm.Refused, Status: 300}},
		{
			"retry-after in seconds is obeyed", answer(429, "no", "Retry-After", "2"),
			[]time.Duration{2 * s, 2 * s},
			llm.Error{Kind: llm.Overloaded, Status: 429, RetryAfter: 2 * s},
		},
		{
			"retry-after-ms goes before it", answer(503, "no", "Retry-After", "2", "Retry-After-Ms", "1500"),
			[]time.Duration{1500 * time.Millisecond, 1500 * time.Millisecond},
			llm.Error{Kind: llm.Unavailable, Status: 503, RetryAfter: 1500 * time.Millisecond},
		},
		{
			"more than a minute is not waited, but passed on", answer(429, "no", "Retry-After", "61"), backoff,
			llm.Error{Kind: llm.Overloaded, Status: 429, RetryAfter: 61 * s},
		},
		{"no time is none", answer(429, "no", "Retry-After", "0"), backoff, llm.Error{Kind: llm.Overloaded, Status: 429}},
		{"a time in the past is none", answer(429, "no", "Retry-After", "-5"), backoff, llm.Error{Kind: llm.Overloaded, Status: 429}},
		{
			"a date in the past is none", answer(429, "no", "Retry-After", "Mon, 02 Jan 2006 15:04:05 GMT"), backoff,
			llm.Error{Kind: llm.Overloaded, Status: 429},
		},
		{"a time that is no number is none", answer(429, "no", "Retry-After", "NaN"), backoff, llm.Error{Kind: llm.Overloaded, Status: 429}},
		{"a time beyond all bounds is none", answer(429, "no", "Retry-After", "1e300"), backoff, llm.Error{Kind: llm.Overloaded, Status: 429}},
		{"the vendor may forbid a repetition", answer(500, "no", "X-Should-Retry", "false"), nil, llm.Error{Kind: llm.Unavailable, Status: 500}},
		{"the vendor may ask for a repetition", answer(400, "no", "X-Should-Retry", "true"), backoff, llm.Error{Kind: llm.Refused, Status: 400}},
		{"a connection that breaks before the head", reset(""), backoff, llm.Error{Kind: llm.Unavailable}},
		{"a connection that breaks in the head", reset("HTTP/1.1 200 O"), backoff, llm.Error{Kind: llm.Unavailable}},
		{
			"an answer that breaks off", reset("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), backoff,
			llm.Error{Kind: llm.Unavailable},
		},
		{"what is not HTTP", reset("SSH-2.0-OpenSSH_9.6\r\n"), backoff, llm.Error{Kind: llm.Unavailable}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server, calls := serve(t, tc.answer)
			var waits []time.Duration
			_, err := client(t, &waits).Post(t.Context(), call(server.URL))
			got := llm.ErrorOf(err)
			if got == nil {
				t.Fatalf("got %v", err)
			}
			got.Err, tc.want.Vendor = nil, "v"
			if diff := cmp.Diff(tc.want, *got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.waits, waits); diff != "" || int(calls.Load()) != len(tc.waits)+1 {
				t.Errorf("%d calls\n%s", calls.Load(), diff)
			}
		})
	}
}

func TestARepetitionMayGoBetter(t *testing.T) {
	for _, first := range []http.HandlerFunc{
		answer(503, "no"),
		reset(""),
		reset("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"),
	} {
		var attempts []string
		server, _ := serve(t, first, func(w http.ResponseWriter, r *http.Request) {
			attempts = append(attempts, r.Header.Get("X-Attempt"))
			io.WriteString(w, "hello")
		})
		c := call(server.URL)
		c.RetryHeader = "X-Attempt"
		if data, err := client(t, nil).Post(t.Context(), c); err != nil || string(data) != "hello" {
			t.Errorf("got %q, %v", data, err)
		}
		if diff := cmp.Diff([]string{"1"}, attempts); diff != "" {
			t.Error(diff)
		}
	}
}

func TestWaitsDoubleUpToEightSecondsLessAQuarter(t *testing.T) {
	server, _ := serve(t, answer(500, ""))
	var waits []time.Duration
	transport := wire.NewTransport()
	defer transport.CloseIdleConnections()
	c := wire.NewClient(wire.Options{
		Transport: transport,
		Sleep:     func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil },
		Random:    func() float64 { return 0.5 },
	})
	request := call(server.URL)
	request.Retries = 7
	c.Post(t.Context(), request)
	const ms = time.Millisecond
	want := []time.Duration{437500 * time.Microsecond, 875 * ms, 1750 * ms, 3500 * ms, 7000 * ms, 7000 * ms, 7000 * ms}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Error(diff)
	}
}

func TestABrokenConnectionIsTriedOnceMoreWithoutRetries(t *testing.T) {
	for _, tc := range []struct {
		name  string
		first http.HandlerFunc
		calls int
	}{
		{"a broken connection", reset(""), 2},
		{"but no status", answer(503, ""), 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server, calls := serve(t, tc.first)
			c := call(server.URL)
			c.Retries, c.Reconnect = 0, true
			var waits []time.Duration
			if _, err := client(t, &waits).Post(t.Context(), c); err == nil || len(waits) > 0 || int(calls.Load()) != tc.calls {
				t.Errorf("%d calls, waits %v, error %v", calls.Load(), waits, err)
			}
		})
	}
}

func TestARefusedConnectionIsUnavailable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	var waits []time.Duration
	_, err = client(t, &waits).Post(t.Context(), call("http://"+l.Addr().String()))
	if e := llm.ErrorOf(err); e == nil || e.Kind != llm.Unavailable || e.Status != 0 || len(waits) != 2 {
		t.Errorf("got %v after waits %v", err, waits)
	}
}

func TestURLsThatCannotBeCalledAreRefused(t *testing.T) {
	for _, url := range []string{"", "localhost:8000", "ftp://h/", "http://", "http:///v1", "http://h:x/", "http://user:sk-password@h:x/", "None"} {
		_, err := client(t, nil).Post(t.Context(), call(url))
		e := llm.ErrorOf(err)
		if e == nil || e.Kind != llm.Refused || e.Status != 0 {
			t.Errorf("%q: got %v", url, err)
		}
		if strings.Contains(fmt.Sprint(err), "sk-password") {
			t.Errorf("%q: the error tells the password: %v", url, err)
		}
	}
}

func TestKeysThatCannotBeSentAreRefused(t *testing.T) {
	for _, key := range []string{"sk-1\n", "sk\r\nX-Evil: 1", "sk\x00", "sk\x7f"} {
		c := call("http://127.0.0.1:1")
		c.Secret, c.Header["X-Api-Key"] = key, []string{key}
		_, err := client(t, nil).Post(t.Context(), c)
		if e := llm.ErrorOf(err); e == nil || e.Kind != llm.Refused || strings.Contains(fmt.Sprint(err), "sk") {
			t.Errorf("%q: got %v", key, err)
		}
	}
}

func TestErrorsQuoteTheVendorButNotTheKey(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"a document", ` {"error": "bad"} `, `v: refused (status 400): Error code: 400 - {"error": "bad"}`},
		{"no body", "", `v: refused (status 400): Error code: 400`},
		{"the key", "Incorrect key sk-secret-1, sk-secret-1", `v: refused (status 400): Error code: 400 - Incorrect key [key], [key]`},
		{"bytes that are no text", "\xff", "v: refused (status 400): Error code: 400 - \uFFFD"},
		{
			"the beginning of a long text", strings.Repeat("é", 5000),
			"v: refused (status 400): Error code: 400 - " + strings.Repeat("é", 1024) + "…",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server, _ := serve(t, answer(400, tc.body))
			c := call(server.URL)
			c.Secret = "sk-secret-1"
			_, err := client(t, nil).Post(t.Context(), c)
			if diff := cmp.Diff(tc.want, fmt.Sprint(err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnEndlessErrorIsNotReadToItsEnd(t *testing.T) {
	left := make(chan struct{})
	server, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(left)
		w.WriteHeader(400)
		for {
			if _, err := w.Write(bytes.Repeat([]byte("x"), 4096)); err != nil {
				return
			}
		}
	})
	_, err := client(t, nil).Post(t.Context(), call(server.URL))
	if e := llm.ErrorOf(err); e == nil || e.Status != 400 {
		t.Errorf("got %v", err)
	}
	var r *wire.Refusal
	if !errors.As(err, &r) || len(r.Body) != 64<<10 {
		t.Errorf("kept %d bytes", len(r.Body))
	}
	<-left
}

func TestAnEndlessAnswerIsCutOff(t *testing.T) {
	server, calls := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<20)); err != nil {
				return
			}
		}
	})
	_, err := client(t, nil).Post(t.Context(), call(server.URL))
	if e := llm.ErrorOf(err); e == nil || e.Kind != llm.Unavailable || calls.Load() != 1 {
		t.Errorf("got %v after %d calls", err, calls.Load())
	}
}

func TestRedirectsAreFollowedWithoutTheKey(t *testing.T) {
	var away, home http.Header
	other, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { away = r.Header; io.WriteString(w, "ok") })
	server, _ := serve(t,
		func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
		},
		func(w http.ResponseWriter, r *http.Request) {
			home = r.Header
			http.Redirect(w, r, other.URL, http.StatusPermanentRedirect)
		})
	c := call(server.URL)
	c.Header["X-Api-Key"], c.Header["Api-Key"], c.Header["Authorization"] = []string{"k1"}, []string{"k2"}, []string{"k3"}
	if data, err := client(t, nil).Post(t.Context(), c); err != nil || string(data) != "ok" {
		t.Fatalf("got %q, %v", data, err)
	}
	if home.Get("X-Api-Key") != "k1" || home.Get("Api-Key") != "k2" || home.Get("Authorization") != "k3" {
		t.Errorf("the same server got %v", home)
	}
	if away.Get("X-Api-Key") != "" || away.Get("Api-Key") != "" || away.Get("Authorization") != "" {
		t.Errorf("another server got %v", away)
	}

	circle, calls := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusTemporaryRedirect) })
	if _, err := client(t, nil).Post(t.Context(), call(circle.URL)); llm.ErrorOf(err) == nil || calls.Load() != 10 {
		t.Errorf("in a circle: %d calls, error %v", calls.Load(), err)
	}
}

func TestEveryAttemptIsSeen(t *testing.T) {
	server, _ := serve(t, answer(500, ""), answer(200, "ok"))
	transport := wire.NewTransport()
	defer transport.CloseIdleConnections()
	var seen []string
	c := wire.NewClient(wire.Options{
		Transport: transport,
		Sleep:     func(context.Context, time.Duration) error { return nil },
		OnSend: func(_ context.Context, r *http.Request, body []byte) {
			seen = append(seen, r.Method+" "+r.URL.Path+" "+string(body))
		},
	})
	if _, err := c.Post(t.Context(), call(server.URL+"/v1")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`POST /v1 {"a":1}`, `POST /v1 {"a":1}`}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestProxiesOfTheEnvironmentAreUsed(t *testing.T) {
	if wire.NewTransport().Proxy == nil {
		t.Error("no proxy is asked for")
	}
}
