package postprocess

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

func TestCleanModelReflection(t *testing.T) {
	add := func(name string) string { return "    " + name + " = " + name + " + amount\n" }
	four := add("total") + add("counter") + add("balance") + add("account")
	block := four + add("summary")
	mixed := strings.Replace(four, "    balance", "    x = 0\n    balance", 1)
	context := "def f(total, amount):\n" + block + "\ndef g(total, amount):\n"

	for _, tc := range []struct{ name, context, completion, want string }{
		{"a repeated code line stays", "x = 1\n", "y = 2\nx = 1\n", "y = 2\nx = 1\n"},
		{"the cursor's line stays", "foo(", "bar)", "bar)"},
		{"a repeated comment goes", "# t\n", "# t", ""},
		{"the line behind it keeps its line feed", "// note\n  ", "// note\nrun();", "\nrun();"},
		{"two comments are one group and stay", "# a\n# b\nv = ", "1\n# a\n# b\n", "1\n# a\n# b\n"},
		{"comments at the end of a line stay", "// one\nlet a = 1;\n", "let b = 2; // one\n// one", "let b = 2; // one"},
		{"what starts like a comment is one", "#include <a.h>\nint x;", "\n#include <a.h>\nint y;", "\n\nint y;"},
		{"a block comment goes", "/* a */\n", "/* a */\nx", "\nx"},
		{"the rest of the cursor's line stays", "# t\nfoo", "  # t\n# t\nz", "  # t\n\nz"},
		{"CRLF", "a\n# c\n", "# c\r\nb", "\nb"},
		{"CRLF on both sides", "# é\r\nx", "y\r\n# é\r\nz", "y\r\n\nz"},
		{"a line feed is inserted behind other boundaries", "a\n", "b\u000cc\n", "b\u000c\nc\n"},
		{"an empty context repeats nothing", "", "x\nx\n", "x\nx\n"},
		{"a large block goes", context, block, ""},
		{"and takes unmatched lines in it along", context, "    pass\n" + block + "    return 0\n", "    pass"},
		{"four lines aren't large", context, four + "x", four + "x"},
		{"nor with an unmatched one in between", context, mixed, mixed},
		{
			"special characters make a block code",
			strings.Repeat("f(a);\n", 6), strings.Repeat("f(a);\n", 5) + "x", strings.Repeat("f(a);\n", 5) + "x",
		},
		{"a block that is little but varied stays", "a\nb\nc\nd\ne\nx\n", "a\nb\nc\nd\ne\n", "a\nb\nc\nd\ne\n"},
		{"empty lines aren't large", strings.Repeat("\n", 9), strings.Repeat("\n", 8), strings.Repeat("\n", 8)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, CleanModelReflection(tc.completion, tc.context)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestHostileCompletionsTakeLinearTime would run into the test's time limit if lines were compared pair by pair.
func TestHostileCompletionsTakeLinearTime(t *testing.T) {
	for name, line := range map[string]string{"line feeds": "\n", "comments": "#\n", "backticks": "```\n", "separators": "\u2028"} {
		t.Run(name, func(t *testing.T) {
			flood := strings.Repeat(line, 100_000/len(line))
			if got := Generation(flood, flood, ""); len(got) > 2*len(flood) {
				t.Errorf("%d bytes grow to %d", len(flood), len(got))
			}
		})
	}
}

func FuzzCleanModelReflection(f *testing.F) {
	f.Add("# t\nfoo", "  # t\n# t\nz\u2028\r\n")
	f.Add("a\nb\na\nb\nc\nd", "\na\nb\nc\nd\ne")
	f.Fuzz(func(t *testing.T, context, completion string) {
		got := CleanModelReflection(completion, context)
		if len(got) > len(completion)+unusualBoundaries(completion) {
			t.Errorf("%q grows to %q", completion, got)
		}
		line, _, found := strings.Cut(completion, "\n")
		if startsLine := strings.HasSuffix(strings.TrimRight(context, " \t"), "\n"); !startsLine && !strings.HasPrefix(got, line) {
			t.Errorf("the cursor's line %q is changed to %q", line, got)
		}
		if !found && context == "" && got != completion {
			t.Errorf("without line feeds, %q is changed to %q", completion, got)
		}
	})
}

func BenchmarkCleanModelReflection(b *testing.B) {
	var above strings.Builder
	for i := range 40 {
		fmt.Fprintf(&above, "def f%d(total, amount):\n    # add\n    total = total + amount * %d\n    return total\n\n", i, i)
	}
	context := above.String()
	const completion = "    # add\n    counter = counter + amount\n    return total\n\n\n"
	b.ReportAllocs()
	for b.Loop() {
		CleanModelReflection(completion, context)
	}
}

// unusualBoundaries is the number of line boundaries in s that gain a line feed, or one more than that.
func unusualBoundaries(s string) int {
	return len(text.SplitLines(s)) - strings.Count(s, "\n")
}
