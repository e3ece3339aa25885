package observe

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLabelsOfClientsAreBounded(t *testing.T) {
	b := newBounded(3)
	long := strings.Repeat("x", longestLabel+1)
	for _, tc := range []struct {
		name string
		give labels
		want labels
		ok   bool
	}{
		{"the first ones pass", labels{"a", "b"}, labels{"a", "b"}, true},
		{"what is no text is made one", labels{"a\xff"}, labels{"a\uFFFD"}, true},
		{"what is too long is not kept", labels{"a", long}, labels{"a", other}, true},
		{"those that look the same are the same", labels{"a", long + "y"}, labels{"a", other}, true},
		{"then there is no room", labels{"new"}, labels{}, false},
		{"except for those that are known", labels{"a", "b"}, labels{"a", "b"}, true},
	} {
		got, ok := b.admit(tc.give)
		if diff := cmp.Diff(tc.want, got); diff != "" || ok != tc.ok {
			t.Errorf("%s: %v %s", tc.name, ok, diff)
		}
	}
	for i := range 10000 {
		b.admit(labels{strconv.Itoa(i)})
	}
	if len(b.known) > 3 {
		t.Errorf("%d are kept", len(b.known))
	}
}

func TestAKnownLabelCostsNoMemory(t *testing.T) {
	b := newBounded(10)
	l := labels{"engine", "model"}
	b.admit(l)
	if n := testing.AllocsPerRun(100, func() { b.admit(l) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
