package prompting

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// Where prompts are cut in text that isn't plain ASCII with line feeds. Lengths are in characters, cuts are between tokens: a character that
// consists of several leaves a replacement character where it is cut (spec/code-suggestions.md 5.2).
func TestPromptsAreCutBetweenTokens(t *testing.T) {
	for _, tc := range []struct {
		name           string
		total          int
		prefix, suffix string
		want           []string // what is left of them
		lengths        []int
	}{
		{"CRLF is kept, each end of a line two tokens", 4, "a\r\nb\r\nc", "", []string{"b\r\nc"}, []int{4}},
		{"CRLF can be cut in the middle", 5, "a\r\nb\r\nc", "", []string{"\nb\r\nc"}, []int{5}},
		{"Japanese, two tokens a character", 4, "日本語", "", []string{"本語"}, []int{2}},
		{"Japanese, cut in a character", 5, "日本語", "", []string{"\ufffd本語"}, []int{3}},
		{"Latin letters, a token each", 2, "äöü", "", []string{"öü"}, []int{2}},
		{"a combining character is one of its own, of two tokens", 2, "e\u0301", "", []string{"\u0301"}, []int{1}},
		{"the suffix is cut at its end", 100, "x", strings.Repeat(" é", 20), []string{"x", " é é é é é é é"}, []int{1, 14}},
		{"a suffix without room is there, and empty", 10, "x", "é", []string{"x", ""}, []int{1, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := Build(tokens, Input{Total: tc.total, Prefix: tc.prefix, Suffix: tc.suffix, SuffixReserve: 0.07})
			if err != nil {
				t.Fatal(err)
			}
			left, lengths := []string{p.Prefix}, []int{p.Components[0].Length}
			if p.Suffix != nil {
				left, lengths = append(left, *p.Suffix), append(lengths, p.Components[1].Length)
			}
			if diff := cmp.Diff(tc.want, left); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.lengths, lengths); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The leftover of a block at the start is dropped up to a line feed within the first tenth of the characters (7.6).
func TestLegacyDropsALeftoverInEveryScript(t *testing.T) {
	header, _, _ := strings.Cut(Legacy(tokens, "a.py", lang.Python, "", "", nil).Prefix, "\n")
	for _, tc := range []struct{ name, prefix, want string }{
		{"CRLF", "ab\r\ncd" + strings.Repeat("y", 60), "cd" + strings.Repeat("y", 60)},
		{"characters count, not bytes", "éé\ncd" + strings.Repeat("é", 35), "cd" + strings.Repeat("é", 35)},
		{"not in the first tenth, although of the bytes", strings.Repeat("é", 5) + "\ncd" + strings.Repeat("y", 42), ""},
		{"a letter of another script begins no block", "ab\nÉx" + strings.Repeat("y", 60), ""},
		{"neither does an emoji", "ab\n🎉" + strings.Repeat("y", 60), ""},
		{"a line separator ends no line", "ab\u2028cd" + strings.Repeat("y", 60), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := tc.want
			if want == "" {
				want = tc.prefix
			}
			if got := Legacy(tokens, "a.py", lang.Python, tc.prefix, "", nil).Prefix; got != header+"\n"+want {
				t.Errorf("want %q, got %q", want, got)
			}
		})
	}
}
