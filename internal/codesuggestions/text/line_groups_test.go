package text

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCommonLineGroups(t *testing.T) {
	for _, tc := range []struct {
		source, target string // one letter a line, "-" for an empty line
		want           [][]int
	}{
		{"abc", "bca", [][]int{{0, 1}, {2}}},
		{"ab", "axb", [][]int{{0, 2}}},
		{"aaa", "aa", [][]int{{0, 1}}},
		{"pqrs", "spq", [][]int{{0}, {1, 2}}},
		{"abac", "ac", [][]int{{0, 1}}},
		{"abc", "ac", [][]int{{0}, {1}}},
		{"abcdb", "b", [][]int{{0}}},
		{"kmkmn", "kmnk", [][]int{{0, 1}, {2}, {3}}},
		{"x-y", "-z-", [][]int{{0}, {2}}},
		{"bbababb", "abbabab", [][]int{{0, 1}, {2}, {3, 4, 5, 6}}},
		{"abc", "", nil},
		{"", "abc", nil},
		{"abc", "xyz", nil},
	} {
		t.Run(tc.source+" in "+tc.target, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, CommonLineGroups(lettersAsLines(tc.source), lettersAsLines(tc.target))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCommonLineGroupsMatchTheMatrix compares with the algorithm as it is written down, on all short texts of two different lines
// and on longer ones that repeat themselves a lot.
func TestCommonLineGroupsMatchTheMatrix(t *testing.T) {
	for source := range texts(7) {
		for target := range texts(4) {
			if diff := cmp.Diff(groupsByMatrix(source, target), CommonLineGroups(source, target)); diff != "" {
				t.Fatalf("%q in %q: %s", target, source, diff)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e", "f", "g"}[:rapid.IntRange(1, 8).Draw(t, "alphabet")])
		source := rapid.SliceOfN(rapid.OneOf(line, rapid.Just("only there")), 0, 60).Draw(t, "source")
		target := rapid.SliceOfN(rapid.OneOf(line, rapid.Just("only here")), 0, 20).Draw(t, "target")
		if diff := cmp.Diff(groupsByMatrix(source, target), CommonLineGroups(source, target)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// texts are all texts of up to longest lines, each of them "a" or "b".
func texts(longest int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for bits := 1; bits < 1<<(longest+1); bits++ { // the highest bit marks the length
			var lines []string
			for rest := bits; rest > 1; rest >>= 1 {
				lines = append(lines, string(rune('a'+rest&1)))
			}
			if !yield(lines) {
				return
			}
		}
	}
}

// TestHostileTextsTakeLinearTime would run into the test's time limit if lines were compared pair by pair.
func TestHostileTextsTakeLinearTime(t *testing.T) {
	const size = 100_000
	for name, text := range map[string]string{
		"line feeds only":        strings.Repeat("\n", size),
		"two lines, alternating": strings.Repeat("a\nb\n", size/4),
		"distinct lines":         numbered(size / 6),
		"one long line":          strings.Repeat("a", size),
		"a Fibonacci word":       fibonacci(size / 2),
	} {
		t.Run(name, func(t *testing.T) {
			lines := AttachedLines(text)
			groups := CommonLineGroups(lines, lines)
			matched := 0
			for _, group := range groups {
				matched += len(group)
			}
			if matched != len(lines) {
				t.Errorf("%d of %d lines matched", matched, len(lines))
			}
		})
	}
}

func BenchmarkCommonLineGroups(b *testing.B) {
	source := AttachedLines(numbered(100) + "    return x\n}\n\n" + numbered(20))
	target := AttachedLines("    y = 2\n    return x\n}\n\nline 7\nline 8\n")
	b.ReportAllocs()
	for b.Loop() {
		CommonLineGroups(source, target)
	}
}

// groupsByMatrix is spec/code-suggestions.md 7.5 word for word.
func groupsByMatrix(source, target []string) [][]int {
	l := make([][]int, len(source)+1)
	for i := range l {
		l[i] = make([]int, len(target)+1)
	}
	for i := 1; i <= len(source); i++ {
		for j := 1; j <= len(target); j++ {
			if source[i-1] != target[j-1] {
				continue
			}
			if l[i-1][j-1] == 1 {
				l[i-1][j-1] = 2
			}
			l[i][j] = l[i-1][j-1] + 1
		}
	}
	var groups [][]int
	previous := 0
	for j := 1; j <= len(target); j++ {
		row := 0
		for i := range l {
			if l[i][j] > l[row][j] {
				row = i
			}
		}
		if row == 0 {
			continue
		}
		if len(groups) == 0 || row != previous+1 {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], j-1)
		previous = row
	}
	return groups
}

func lettersAsLines(letters string) []string {
	var lines []string
	for _, letter := range letters {
		lines = append(lines, strings.TrimPrefix(string(letter), "-"))
	}
	return lines
}

func numbered(lines int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, "line %d\n", i)
	}
	return b.String()
}

func fibonacci(lines int) string {
	a, b := "a\n", "a\nb\n"
	for len(b) < 2*lines {
		a, b = b, b+a
	}
	return b
}
