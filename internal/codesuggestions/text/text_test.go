package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhiteSpaceIsTheWideSet(t *testing.T) {
	var got []rune
	for r := rune(0); r <= 0x10FFFF; r++ {
		if IsSpace(r) {
			got = append(got, r)
		}
	}
	want := []rune{
		0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680,
		0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A,
		0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStripping(t *testing.T) {
	const s = "\u00a0\u001f x\u200b \u2028"
	if got := Strip(s); got != "x\u200b" {
		t.Errorf("Strip = %q", got)
	}
	if got := StripLeft(s); got != "x\u200b \u2028" {
		t.Errorf("StripLeft = %q", got)
	}
	if got := StripRight(s); got != "\u00a0\u001f x\u200b" {
		t.Errorf("StripRight = %q", got)
	}
	if got := CountNonSpace(s); got != 2 {
		t.Errorf("CountNonSpace = %d", got)
	}
}

func TestTheEmptyStringIsNotBlank(t *testing.T) {
	for s, want := range map[string]bool{"": false, " ": true, "\u3000\n": true, " x": false, "\ufeff": false} {
		if got := IsBlank(s); got != want {
			t.Errorf("IsBlank(%q) = %v", s, got)
		}
	}
}

func TestEveryLineBoundarySplits(t *testing.T) {
	for _, boundary := range []string{
		"\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\u0085", "\u2028", "\u2029",
	} {
		if diff := cmp.Diff([]string{"a", "", "b"}, SplitLines("a"+boundary+boundary+"b"+boundary)); diff != "" {
			t.Errorf("%q: %s", boundary, diff)
		}
	}
	for _, s := range []string{"a\x1fb", "a\tb", "aÂb", "a\u2027b", "aâb", "a\xc2", "\xe2\x80"} {
		if diff := cmp.Diff([]string{s}, SplitLines(s)); diff != "" {
			t.Errorf("%q: %s", s, diff)
		}
	}
	if got := SplitLines(""); got != nil {
		t.Errorf("the empty string has lines %q", got)
	}
}

func TestLineFeedBoundary(t *testing.T) {
	for _, tc := range []struct {
		text  string
		start int
		want  int // -1: not found
	}{
		{"ab\ncd", 2, 3},
		{"ab\n  cd", 5, 5},
		{"ab\n  cd", 6, -1},
		{"", 0, -1},
		{"\nab", 0, 1},
		{"ab\r\ncd", 3, 4},
		{"ab\n\u00a0", 5, -1},
	} {
		got, found := LineFeedBoundary(tc.text, tc.start)
		if !found {
			got = -1
		}
		if got != tc.want {
			t.Errorf("LineFeedBoundary(%q, %d) = %d", tc.text, tc.start, got)
		}
	}
}

func TestAttachedLines(t *testing.T) {
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"a", []string{"a"}},
		{"a\n", []string{"a", "\n"}},
		{"a\n\nb", []string{"a", "\n", "\nb"}},
		{"\n", []string{"", "\n"}},
		{"a\r\nb\r\n", []string{"a\r", "\nb\r", "\n"}},
		{"a\rb", []string{"a\r", "\nb"}},
		{"a\u000cb\nc", []string{"a\u000c", "\nb", "\nc"}},
	} {
		if diff := cmp.Diff(tc.want, AttachedLines(tc.text)); diff != "" {
			t.Errorf("AttachedLines(%q): %s", tc.text, diff)
		}
	}
}

func TestDropIncompleteLeadingBlock(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"a line past the first tenth", "ab\ncd" + strings.Repeat("e", 24), "ab\ncd" + strings.Repeat("e", 24)},
		{"a line in the first tenth", "ab\ncd" + strings.Repeat("e", 35), "cd" + strings.Repeat("e", 35)},
		{"an indented line is part of the block", "ab\n  cd\nef" + strings.Repeat("g", 90), "ef" + strings.Repeat("g", 90)},
		{"a hash", "ab\n#x" + strings.Repeat("y", 40), "#x" + strings.Repeat("y", 40)},
		{"one slash opens no comment", "ab\n/x" + strings.Repeat("y", 60), "ab\n/x" + strings.Repeat("y", 60)},
		{"two slashes", "ab\n//x" + strings.Repeat("y", 60), "//x" + strings.Repeat("y", 60)},
		{"a block comment", "ab\n/*x" + strings.Repeat("y", 60), "/*x" + strings.Repeat("y", 60)},
		{"two slashes, the second past the tenth", "ab\n//x" + strings.Repeat("y", 40), "ab\n//x" + strings.Repeat("y", 40)},
		{"an underscore", "ab\n_x" + strings.Repeat("y", 60), "ab\n_x" + strings.Repeat("y", 60)},
		{"a digit", "ab\n1x" + strings.Repeat("y", 60), "ab\n1x" + strings.Repeat("y", 60)},
		{"a letter that isn't ASCII", "ab\nÉx" + strings.Repeat("y", 60), "ab\nÉx" + strings.Repeat("y", 60)},
		{"characters next to letters in ASCII", "ab\n[\n{\n@\n`" + strings.Repeat("y", 90), "ab\n[\n{\n@\n`" + strings.Repeat("y", 90)},
		{"CRLF", "ab\r\ncd" + strings.Repeat("y", 60), "cd" + strings.Repeat("y", 60)},
		{"a line feed at the start", "\nab" + strings.Repeat("y", 30), "ab" + strings.Repeat("y", 30)},
		{"only the first match is used", "a\nb\nc" + strings.Repeat("z", 60), "b\nc" + strings.Repeat("z", 60)},
		{"the tenth counts code points", "éé\ncd" + strings.Repeat("e", 35), "cd" + strings.Repeat("e", 35)},
		{"the empty text", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, DropIncompleteLeadingBlock(tc.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzText holds what is true of any text: attached lines lose nothing, offsets found are offsets of the text.
func FuzzText(f *testing.F) {
	f.Add("a\r\n\u2028 é\f\n\n", 3)
	f.Add("\xc2\xe2\x80\n\xff", 1)
	f.Fuzz(func(t *testing.T, s string, start int) {
		if start < 0 || start > len(s) {
			start = len(s)
		}
		joined := strings.Join(AttachedLines(s), "")
		if inserted := len(joined) - len(s); inserted < 0 || inserted > len(SplitLines(s)) {
			t.Errorf("attached lines of %q join to %q", s, joined)
		}
		if strings.ReplaceAll(joined, "\n", "") != strings.ReplaceAll(s, "\n", "") {
			t.Errorf("attached lines of %q join to %q", s, joined)
		}
		if b, ok := LineFeedBoundary(s, start); ok && (b < start || b > len(s)) {
			t.Errorf("boundary %d after %d in %q", b, start, s)
		}
		if got := DropIncompleteLeadingBlock(s); !strings.HasSuffix(s, got) {
			t.Errorf("%q isn't the end of %q", got, s)
		}
	})
}

func TestWhiteSpaceIsCountedLikeOneCharacterAfterAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		want := 0
		for _, r := range s {
			if !IsSpace(r) {
				want++
			}
		}
		if got := CountNonSpace(s); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	})
	for c := range rune(256) {
		want := 8
		if IsSpace(c) {
			want = 0
		}
		if got := CountNonSpace(strings.Repeat(string(c), 8)); got != want {
			t.Errorf("%q: got %d, want %d", c, got, want)
		}
	}
}
