package conformance

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMain lets the test binary stand in for a gateway, to test the way a case takes.
func TestMain(m *testing.M) {
	switch os.Getenv("STAND_IN") {
	case "":
		os.Exit(m.Run())
	case "fails":
		fmt.Println("AIGW_X is no number")
		os.Exit(1)
	default:
		standIn()
	}
}

// standIn is a gateway that passes a body on, counts and logs. It keeps to what the cases below expect.
func standIn() {
	hits := 0
	api := http.NewServeMux()
	api.HandleFunc("/monitoring/healthz", func(http.ResponseWriter, *http.Request) {})
	api.HandleFunc("/ask", func(w http.ResponseWriter, r *http.Request) {
		defer fmt.Println(`{"logger":"api.access","status_code":200}`)
		hits++
		req, _ := http.NewRequestWithContext(r.Context(), http.MethodPost, os.Getenv("MODEL")+"/v1/completions", r.Body)
		req.Header.Set("Authorization", r.Header.Get("Authorization"))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer res.Body.Close()
		w.WriteHeader(res.StatusCode)
		io.Copy(w, res.Body) //nolint:errcheck // the case would tell
	})
	metrics := http.NewServeMux()
	metrics.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "hits %d\n", hits) })
	go http.ListenAndServe("127.0.0.1:"+os.Getenv("AIGW_FASTAPI__METRICS_PORT"), metrics) //nolint:errcheck // the case would tell
	go http.ListenAndServe("127.0.0.1:"+os.Getenv("AIGW_FASTAPI__API_PORT"), api)         //nolint:errcheck // the case would tell
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	<-end
	os.Exit(0)
}

// wayCases are right and wrong about the same gateway: a name says which, and "wrong" comes with what must be found.
const wayCases = `[
 {"name": "right", "profile": "p", "scripts": [{"status": 418, "body": "{\"from\": \"it\"}"}],
  "token": {"issuer": "gitlab", "claims": {"exp": "${NOW+60}"}},
  "request": {"path": "/ask", "json": {"a": "${REPEAT 3 xy}"}},
  "expect": {"status": 418, "json": {"from": "it"}},
  "calls": [{"path": "/v1/completions", "json": {"a": "xyxyxy"}, "jwt": {"at": "Authorization", "claims": {"exp": "${NOW+60}"}}}],
  "logs": [{"match": {"logger": "api.access"}}, {"match": {"logger": "other"}, "absent": true}], "metrics": [{"name": "hits", "delta": 1}]},
 {"name": "right, left alone", "profile": "p", "scripts": [{"delay_ms": 60000}], "request": {"path": "/ask", "abort_after_ms": 200},
  "expect": {"aborted": true}, "calls": [{"aborted": true}]},
 {"name": "right, on the metrics listener", "profile": "p", "request": {"method": "GET", "path": "/metrics", "port": "metrics"},
  "expect": {"status": 200, "text": "hits 2\n"}, "calls": []},
 {"name": "wrong: body: want", "profile": "p", "request": {"path": "/ask"}, "expect": {"text": "other"}},
 {"name": "wrong: model calls: want 2, got 1", "profile": "p", "request": {"path": "/ask"}, "expect": {}, "calls": [{}, {}]},
 {"name": "wrong: call 1 aborted", "profile": "p", "request": {"path": "/ask"}, "expect": {}, "calls": [{"aborted": true}]},
 {"name": "wrong: log: no entry", "profile": "p", "request": {"path": "/ask"}, "expect": {}, "logs": [{"match": {"logger": "x"}}]},
 {"name": "wrong: log: an entry that must not be there", "profile": "p", "request": {"path": "/ask"}, "expect": {},
  "logs": [{"match": {"logger": "api.access"}, "absent": true}]},
 {"name": "wrong: metric hits", "profile": "p", "request": {"path": "/ask"}, "expect": {}, "metrics": [{"name": "hits", "delta": 2}]},
 {"name": "wrong: nothing expected", "profile": "p", "request": {"path": "/ask"}},
 {"name": "wrong: request: sign a token", "profile": "p", "token": {"issuer": "nobody", "claims": {}}, "request": {"path": "/ask"}, "expect": {}},
 {"name": "wrong: request: no token issued", "profile": "p", "token": {"issuer": "gitlab", "claims": {}, "from_issue": true},
  "request": {"path": "/ask"}, "expect": {}},
 {"name": "right, alone", "profile": "p", "start": {"says": ["api\\.access"]}, "request": {"path": "/ask"}, "expect": {"status": 200}},
 {"name": "right, fails", "profile": "p", "start": {"env": {"STAND_IN": "fails"}, "fails": true, "says": ["AIGW_X"]}, "request": {"path": ""}},
 {"name": "wrong: start: want output that matches \"AIGW_Y\"", "profile": "p",
  "start": {"env": {"STAND_IN": "fails"}, "fails": true, "says": ["AIGW_Y"]}, "request": {"path": ""}},
 {"name": "wrong: start: want output that matches \"never\"", "profile": "p", "start": {"says": ["never"]}, "request": {"path": ""}},
 {"name": "wrong: start: it serves", "profile": "p", "start": {"fails": true}, "request": {"path": ""}},
 {"name": "wrong: start: the gateway ended", "profile": "p", "start": {"env": {"STAND_IN": "fails"}}, "request": {"path": ""}}
]`

func TestRightCasesPassAndWrongOnesFail(t *testing.T) {
	suite, err := Load(folder(t, map[string]string{
		"profiles/p.json": `{"p": {"STAND_IN": "serves", "MODEL": "${FAKES}"}}`, "cases/way.json": wayCases,
	}))
	if err != nil {
		t.Fatal(err)
	}
	shared, alone := suite.Profiles()
	session, err := suite.Open(os.Args[0], "p")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range shared[0] {
		judge(t, c, session.Run(c, patienceWith(c)))
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	for _, c := range alone {
		judge(t, c, suite.RunAlone(os.Args[0], c, patienceWith(c)))
	}
}

func patienceWith(c *Case) Patience {
	if strings.HasPrefix(c.Name, "wrong") {
		return Impatient
	}
	return Patient
}

// judge wants no differences of a right case, and of a wrong one the one that its name tells.
func judge(t *testing.T, c *Case, d Differences) {
	t.Helper()
	want, wrong := strings.CutPrefix(c.Name, "wrong: ")
	switch {
	case !wrong && len(d) > 0:
		t.Errorf("%s: %v", c.Name, d)
	case wrong && len(d) != 1:
		t.Errorf("%s: %d differences: %v", c.Name, len(d), d)
	case wrong && !strings.HasPrefix(d[0], want):
		t.Errorf("%s: %s", c.Name, d)
	}
}

func TestProfileMayBringFiles(t *testing.T) {
	suite, err := Load(folder(t, map[string]string{
		"profiles/p.json": `{"p": {"STAND_IN": "serves", "file:sub/a.txt": "${FAKES}", "file:b.db": "@b.bin"}}`,
		"cases/a.json":    `[{"name": "1", "profile": "p", "request": {"path": "/"}}]`, "data/b.bin": "\x00\xff",
	}))
	if err != nil {
		t.Fatal(err)
	}
	session, err := suite.Open(os.Args[0], "p")
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close() //nolint:errcheck // tested above
	got := map[string]string{}
	for _, name := range []string{"sub/a.txt", "b.db"} {
		b, err := os.ReadFile(session.gateway.Dir + "/" + name)
		if err != nil {
			t.Error(err)
		}
		got[name] = string(b)
	}
	if diff := cmp.Diff(map[string]string{"sub/a.txt": session.fakes.URL, "b.db": "\x00\xff"}, got); diff != "" {
		t.Error(diff)
	}
}
