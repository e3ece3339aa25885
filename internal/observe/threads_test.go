package observe

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestStacksAreReadFromTheOutsideIn(t *testing.T) {
	dump := `goroutine 1 [running]:
main.inner(0x1, {0x2, 0x3})
	/src/a b.go:12 +0x1d
net/http.(*Server).Serve(0xc0, {0x7f, ...})
	/usr/local/go/src/net/http/server.go:3330 +0x30c

goroutine 22 [select, 2 minutes]:
main.main.func1()
	/src/main.go:7
created by main.main in goroutine 1
	/src/main.go:5 +0x25
`
	want := []thread{
		{1, []frame{{"/usr/local/go/src/net/http/server.go", 3330, "net/http.(*Server).Serve"}, {"/src/a b.go", 12, "main.inner"}}},
		{22, []frame{{"/src/main.go", 5, "main.main"}, {"/src/main.go", 7, "main.main.func1"}}},
	}
	if diff := cmp.Diff(want, parseStacks([]byte(dump))); diff != "" {
		t.Error(diff)
	}
}

func TestAScanCountsAndLogs(t *testing.T) {
	m := NewMetrics()
	var out bytes.Buffer
	m.scanThreads(t.Context(), NewLogger(&out, LogOptions{JSON: true}))
	pid := os.Getpid()
	if n := testutil.ToFloat64(m.threads.WithLabelValues(strconv.Itoa(pid))); n < 2 {
		t.Errorf("%v threads", n)
	}
	entry := decode(t, out.String())
	if entry["message"] != "Thread activities" || entry["logger"] != "threads" || entry["pid"] != float64(pid) || entry["threads_count"] == nil {
		t.Errorf("got %v", entry)
	}
	for _, part := range []string{`"name":"testing.tRunner"`, `"thread_id":`, `threads_test.go","lineno":`} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %s in %.500s", part, out.String())
		}
	}
}
