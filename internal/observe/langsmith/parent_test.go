package langsmith

import (
	"strings"
	"testing"
	"time"
)

const (
	root  = "20240101T000000000001Z11111111-1111-4111-8111-111111111111"
	child = "20240101T000001500000Z22222222-2222-4222-8222-222222222222"
)

func TestTheHeaderNamesTheTraceAndTheParent(t *testing.T) {
	for header, want := range map[string]struct{ trace, run string }{
		root:               {"11111111-1111-4111-8111-111111111111", "11111111-1111-4111-8111-111111111111"},
		root + "." + child: {"11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"},
	} {
		p, ok := ParseParent(header)
		if !ok || p.trace.String() != want.trace || p.run.String() != want.run || p.order != header {
			t.Errorf("%s: %v, %+v", header, ok, p)
		}
	}
	p, _ := ParseParent(root + "." + child)
	if want := time.Date(2024, 1, 1, 0, 0, 1, 500_000_000, time.UTC); !p.start.Equal(want) {
		t.Errorf("the parent began at %s", p.start)
	}
}

func TestOtherTextsAreNoParent(t *testing.T) {
	for _, header := range []string{
		"", ".", root + ".", "." + root, root + ".." + child, "x", root + ", " + child, " " + root,
		"20240101T000000Z11111111-1111-4111-8111-111111111111",
		"20241301T000000000001Z11111111-1111-4111-8111-111111111111",
		"20240101T000000000001Z11111111-1111-4111-8111-11111111111",
		"20240101T000000000001Z{11111111-1111-4111-8111-111111111111}",
		"20240101T000000.000001Z11111111-1111-4111-8111-111111111111",
		strings.Repeat(root+".", 60) + root,
	} {
		if _, ok := ParseParent(header); ok {
			t.Errorf("%q is taken", header)
		}
	}
}

func FuzzParseParent(f *testing.F) {
	f.Add(root)
	f.Add(root + "." + child)
	f.Add("20240230T000000000001Z11111111-1111-4111-8111-111111111111")
	f.Fuzz(func(t *testing.T, header string) {
		p, ok := ParseParent(header)
		if !ok {
			return
		}
		segments := strings.Split(header, ".")
		last := segments[len(segments)-1]
		if got := segmentOf(p.start, p.run); !strings.EqualFold(got, last) {
			t.Errorf("the parent is %s, not %s", got, last)
		}
		if !strings.HasSuffix(strings.ToLower(segments[0]), p.trace.String()) {
			t.Errorf("the trace is %s", p.trace)
		}
	})
}
