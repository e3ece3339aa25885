package conformance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpectedFailuresAreSortedAndGrouped(t *testing.T) {
	e, err := ReadExpected(strings.NewReader("# x\n\n  b/2 \nb-c/1\nb/1 # with a mark\na/1\n"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if _, err := e.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(b.String(), "\n\n")
	want := "# a\na/1\n\n# b\nb/1 # with a mark\nb/2\n\n# b-c\nb-c/1\n"
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	again, err := ReadExpected(strings.NewReader(b.String()))
	if diff := cmp.Diff(e, again); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestExpectedFailureThatIsThereTwiceIsRefused(t *testing.T) {
	if _, err := ReadExpected(strings.NewReader("a/1\na/1\n")); err == nil {
		t.Error("no error")
	}
}

func TestExpectedFailuresOfNoCaseAreFound(t *testing.T) {
	got := Expected{"a/1": true, "a/2": true}.Unknown([]*Case{{ID: "a/2"}, {ID: "a/3"}})
	if diff := cmp.Diff([]string{"a/1"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestListDecidesWhatAResultMeans(t *testing.T) {
	e := Expected{"a/listed": true}
	for _, tc := range []struct {
		id   string
		d    Differences
		want Verdict
	}{
		{"a/listed", nil, PassedListed},
		{"a/listed", Differences{"x"}, FailedListed},
		{"a/other", nil, Passed},
		{"a/other", Differences{"x"}, Failed},
	} {
		if got := e.Judge(&Case{ID: tc.id}, tc.d); got != tc.want {
			t.Errorf("%s with %v: verdict %v, want %v", tc.id, tc.d, got, tc.want)
		}
	}
}
