package testkit

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMain lets the test binary stand in for the gateway when it is started by [Launch].
func TestMain(m *testing.M) {
	switch os.Getenv("STAND_IN") {
	case "":
		os.Setenv("AIGW_TEST_BINARY", os.Args[0]) //nolint:errcheck // tests below would tell
		os.Exit(m.Run())
	case "fails":
		fmt.Print("AIGW_X: no number")
		os.Exit(3)
	case "ends":
		os.Exit(0)
	default:
		standIn()
	}
}

// standIn is just enough of a gateway.
func standIn() {
	api := http.NewServeMux()
	api.HandleFunc("/monitoring/healthz", func(http.ResponseWriter, *http.Request) {})
	api.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		fmt.Printf(`{"logger":"api.access","method":%q,"status_code":201}`+"\n", r.Method)
		w.Header().Set("X-Kind", r.Header.Get("Content-Type"))
		w.WriteHeader(http.StatusCreated)
		io.Copy(w, r.Body) //nolint:errcheck // the test would tell
	})
	api.HandleFunc("/stream", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "one two ") //nolint:errcheck // the test would tell
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	api.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		b, _ := os.ReadFile("sub/.env")
		fmt.Fprintf(w, "%s %q", b, os.Getenv("AIGW_INHERITED"))
	})
	metrics := http.NewServeMux()
	metrics.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "# HELP x\n", `hits_total{a="1",b="x"} 2`+"\n", `hits_total{a="1",b="y"} 3`+"\n", `hits_total{a="2"} 9`+"\n")
	})
	go http.ListenAndServe("127.0.0.1:"+os.Getenv("AIGW_FASTAPI__METRICS_PORT"), metrics) //nolint:errcheck // the test would tell
	go http.ListenAndServe("127.0.0.1:"+os.Getenv("AIGW_FASTAPI__API_PORT"), api)         //nolint:errcheck // the test would tell
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	<-end
	if os.Getenv("STAND_IN") == "ends badly" {
		os.Exit(66)
	}
	os.Exit(0)
}

func TestGatewayIsAskedLikeByAClient(t *testing.T) {
	g := Gateway(t, map[string]string{"STAND_IN": "serves"})
	got := g.Do(t, Request{Path: "/echo", JSON: map[string]int{"a": 1}})
	if got.Status != 201 || string(got.Body) != `{"a":1}` || got.Header.Get("X-Kind") != "application/json" || got.Cut {
		t.Errorf("got %+v", got)
	}
	got = g.Do(t, Request{Method: "PUT", Path: "/echo", Body: "raw", Header: map[string]string{"Content-Type": "text/x"}})
	if string(got.Body) != "raw" || got.Header.Get("X-Kind") != "text/x" {
		t.Errorf("got %+v", got)
	}
	entries := g.WaitLogs(t, map[string]any{"method": "PUT", "status_code": 201})
	if len(entries) != 1 || len(g.Logs(map[string]any{"method": "GET"})) != 0 {
		t.Errorf("log entries %v", entries)
	}
	if n := g.Metric(t, "hits_total", map[string]string{"a": "1"}); n != 5 {
		t.Errorf("metric is %v", n)
	}
}

func TestCutAnswersAreSeen(t *testing.T) {
	g := Gateway(t, map[string]string{"STAND_IN": "serves"})
	if got := g.Do(t, Request{Path: "/stream"}); !got.Cut || string(got.Body) != "one two " {
		t.Errorf("got %+v", got)
	}
	s := g.Open(t, Request{Path: "/stream"})
	if got := s.Until("two "); got != "one two " {
		t.Errorf("stream %q", got)
	}
	if text, cut := s.Rest(); text != "" || !cut {
		t.Errorf("rest %q, cut %v", text, cut)
	}
}

func TestGatewayHasFilesAndNoForeignSettings(t *testing.T) {
	t.Setenv("AIGW_INHERITED", "1")
	g := GatewayWith(t, Settings{Env: map[string]string{"STAND_IN": "serves"}, Files: map[string][]byte{"sub/.env": []byte("A=1")}})
	if got := string(g.Do(t, Request{Path: "/file"}).Body); got != `A=1 ""` {
		t.Errorf("got %s", got)
	}
}

func TestFailedStartTellsWhy(t *testing.T) {
	_, err := Launch(Binary(t), Settings{Env: map[string]string{"STAND_IN": "fails"}})
	var ended *EndedError
	var exit *exec.ExitError
	if !errors.As(err, &ended) || !errors.As(err, &exit) || exit.ExitCode() != 3 || ended.Output != "AIGW_X: no number\n" {
		t.Errorf("error %v", err)
	}
	_, err = Launch(Binary(t), Settings{Env: map[string]string{"STAND_IN": "ends"}})
	if !errors.As(err, &ended) || ended.Err != nil || !strings.Contains(err.Error(), "exit status 0") {
		t.Errorf("error %v", err)
	}
}

func TestStopFailsWhenTheGatewayEndsBadly(t *testing.T) {
	p, err := Launch(Binary(t), Settings{Env: map[string]string{"STAND_IN": "ends badly"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err == nil || !strings.Contains(err.Error(), "exit status 66") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(p.Dir); !os.IsNotExist(err) {
		t.Errorf("working directory: %v", err)
	}
}

func TestLogLinesMayArriveInParts(t *testing.T) {
	var l Log
	for _, part := range []string{"pla", "in\n{\"a\":", "1}\n\n[1]\nlast"} {
		l.Write([]byte(part)) //nolint:errcheck // never fails
	}
	l.end()
	want := []LogLine{{"plain", nil}, {`{"a":1}`, map[string]any{"a": 1.0}}, {"", nil}, {"[1]", nil}, {"last", nil}}
	if diff := cmp.Diff(want, l.Since(0)); diff != "" {
		t.Error(diff)
	}
	if got := l.Tail(2); got != "[1]\nlast\n" {
		t.Errorf("tail %q", got)
	}
}

func TestMetricsAreParsed(t *testing.T) {
	got, err := parseMetrics(`# TYPE a counter` + "\n" + `a 1` + "\n" + `b{x="a,\"}\\",le="+Inf",} +Inf 17` + "\n")
	want := Metrics{{"a", map[string]string{}, 1}, {"b", map[string]string{"x": `a,"}\`, "le": "+Inf"}, math.Inf(1)}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, broken := range []string{"a", "a{x=1} 2", `a{x="1" 2`, "a b", `a{x="1"}`} {
		if got, err := parseMetrics(broken); err == nil {
			t.Errorf("%q is read as %v", broken, got)
		}
	}
}

func TestFreePortsDiffer(t *testing.T) {
	seen := map[int]bool{}
	for range 50 {
		port, err := freePort()
		if err != nil || seen[port] || port < firstPort || port > lastPort {
			t.Fatalf("port %d again %v, error %v", port, seen[port], err)
		}
		seen[port] = true
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			defer listener.Close()
		}
	}
}
