package tokenizer

import (
	"hash/maphash"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestALineHasAsManyTokensWhenItIsSeenAgain(t *testing.T) {
	tokenizer := New()
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		want := len(tokenizer.Encode(text))
		for range 2 {
			if got := tokenizer.Count(text); got != want {
				t.Fatalf("%q: %d tokens, want %d", text, got, want)
			}
		}
	})
}

func TestLines(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"a line ends before its line feed", "a\nb\n", []string{"a", "\nb", "\n"}},
		{"an empty line belongs to its neighbour", "a\n\n  b", []string{"a", "\n\n  b"}},
		{"white space at the end keeps lines together", "a \n\tb", []string{"a \n\tb"}},
		{"so does what is not ASCII", "日\nb\nc", []string{"日\nb", "\nc"}},
		{"a text may begin with a line feed", "\na\nb", []string{"\na", "\nb"}},
		{"nothing has no lines", "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := slices.Collect(lines(tc.text)); !slices.Equal(got, tc.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestLongLinesAreCountedEachTime(t *testing.T) {
	counts := lineCounts{seed: maphash.MakeSeed()}
	measured := 0
	for range 2 {
		counts.count(strings.Repeat("a", countedLine+1), func(string) int { measured++; return 1 })
	}
	if measured != 2 {
		t.Errorf("measured %d times", measured)
	}
}
