package app

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serveSlowly starts a server with a short patience for heads.
func serveSlowly(t *testing.T, handler http.HandlerFunc) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const wait = 50 * time.Millisecond
	server := &http.Server{
		Handler: headComplete(handler), ReadHeaderTimeout: wait, IdleTimeout: wait, ConnContext: connContext, ConnState: connState,
	}
	go server.Serve(patientListener{listener, wait}) //nolint:errcheck // ends with the test
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// talk sends raw bytes and reads until the server hangs up.
func talk(t *testing.T, address, raw string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestAHeadThatNeverEndsIsA408(t *testing.T) {
	address := serveSlowly(t, func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") })
	answer := talk(t, address, "POST / HTTP/1.1\r\nHost: x\r\n")
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
	if err != nil {
		t.Fatalf("want a response, got %q: %v", answer, err)
	}
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusRequestTimeout || string(body) != `{"detail":"The head of the request did not arrive within 50ms"}` {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
}

func TestAnIdleConnectionIsClosedWithoutAWord(t *testing.T) {
	address := serveSlowly(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	if answer := talk(t, address, ""); answer != "" {
		t.Errorf("before any request: %q", answer)
	}
	answer := talk(t, address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if strings.Count(answer, "HTTP/1.1") != 1 || !strings.HasPrefix(answer, "HTTP/1.1 204") {
		t.Errorf("after a request: want its answer only, got %q", answer)
	}
}

func TestABodyThatNeverEndsIsTheHandlersBusiness(t *testing.T) {
	address := serveSlowly(t, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if _, err := io.ReadAll(r.Body); err == nil {
			t.Error("the body ended")
		}
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusTeapot)
	})
	answer := talk(t, address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
	if strings.Count(answer, "HTTP/1.1") != 1 || !strings.HasPrefix(answer, "HTTP/1.1 418") {
		t.Errorf("want the handler's answer only, got %q", answer)
	}
}
