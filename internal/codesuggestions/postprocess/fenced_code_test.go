package postprocess_test

import (
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/postprocess"
)

// filter is what takes an answer in pieces.
type filter interface {
	Add(piece string) string
	End() string
	Ended() bool
}

func filtered(f filter, answer string, size int) string {
	var kept strings.Builder
	for len(answer) > size {
		kept.WriteString(f.Add(answer[:size]))
		answer = answer[size:]
	}
	kept.WriteString(f.Add(answer))
	kept.WriteString(f.End())
	return kept.String()
}

func TestFencedCode(t *testing.T) {
	for _, tc := range []struct{ name, answer, streamed, whole string }{
		{"no fence", "return 1\n", "return 1\n", "return 1\n"},
		{"a block", "```go\nx()\n```\n", "x()\n", "x()"},
		{"a block without a last line feed", "```go\nx()\n```", "x()\n", "x()"},
		{"a block that isn't closed", "```go\nx()\ny()", "x()\ny()", "x()\ny()"},
		{"nothing but a fence", "```", "", ""},
		{"an empty block", "```\n```\n", "", ""},
		{"a title in the fence", "```js title=\"a b\"\nx\n```\n", "x\n", "x"},
		{"more backticks", "````\nx\n````\n", "x\n", "x"},
		{"prose behind", "```py\nx\n```\n\nThis sets `x`.\n", "x\n", "x"},
		{"prose before", "Here you are:\n\n```py\nx\n```\n", "Here you are:\n\nx\n", "x"},
		{"prose around", "Here:\n```js\nrun();\n```\nDone `x`", "Here:\nrun();\n", "run();"},
		{"prose before a fence without a language", "Here:\n```\nx\n```\n", "Here:\nx\n", "x"},
		{"two blocks", "```py\nx\n```\nand\n```py\ny\n```\n", "x\ny\n", "x\ny"},
		{"a blank before the first fence", " ```go\nx()\n```\n", "x()\n", "x()"},
		{"indented code in backticks", "  ```x```", "x", "  ```x```"},
		{"an indented answer", "  x\n    y", "  x\n    y", "  x\n    y"},
		{"empty lines before", "\n\n```py\nx\n```", "\n\nx\n", "x"},
		{"a prompt that had begun the block", "x\ny\n```\nThis is it.", "x\ny\nThis is it.", "x\ny"},
		{"a language within a block", "```\nx\n```py\ny\n```", "x\ny\n", "x\ny"},
		{"code in backticks", "```x = 1```", "x = 1", "```x = 1```"},
		{"indented backticks are code", "def f():\n    \"\"\"\n    ```\n", "def f():\n    \"\"\"\n    ```\n", "def f():\n    \"\"\"\n    ```\n"},
		{"backticks of code", "let s = `a`", "let s = `a`", "let s = `a`"},
		{"a line of two", "``\nx", "``\nx", "``\nx"},
		{"CRLF", "```go\r\nx()\r\n```\r\n", "x()\r\n", "x()\r"},
		{"nothing", "", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for size := 1; size <= len(tc.answer)+1; size++ {
				if got := filtered(new(postprocess.FencedCode), tc.answer, size); got != tc.streamed {
					t.Errorf("in pieces of %d bytes: got %q, want %q", size, got, tc.streamed)
				}
			}
			if got := postprocess.KeepFencedCode(tc.answer); got != tc.whole {
				t.Errorf("whole: got %q, want %q", got, tc.whole)
			}
		})
	}
}

func TestAnEndlessLineIsNoFence(t *testing.T) {
	line := "```" + strings.Repeat("x", 1000)
	for _, size := range []int{1, 700, 5000} {
		for _, answer := range []string{line, line + "\ny"} {
			if got := filtered(new(postprocess.FencedCode), answer, size); got != answer {
				t.Errorf("in pieces of %d bytes: got %d bytes", size, len(got))
			}
		}
	}
}

func TestALineIsHeldBackOnlyWhileItMayBeAFence(t *testing.T) {
	var f postprocess.FencedCode
	for _, step := range []struct{ piece, want string }{
		{" ", ""}, {"`", ""}, {"``", ""}, {"py", ""}, {"\n", ""}, {"x", "x"}, {" = `", " = `"}, {"\n`", "\n"}, {"a`", "`a`"}, {"\n```", "\n"}, {"\nprose", ""},
	} {
		if got := f.Add(step.piece); got != step.want {
			t.Errorf("after %q: got %q, want %q", step.piece, got, step.want)
		}
	}
	if got := f.End(); got != "" || f.Ended() {
		t.Errorf("at the end: got %q", got)
	}
}

func TestGeneratedCodeBeginsOnALineOfItsOwn(t *testing.T) {
	for _, tc := range []struct{ prefix, answer, want string }{
		{"# make f", "def f(): pass", "\ndef f(): pass"},
		{"# make f\n", "def f(): pass", "def f(): pass"},
		{"# make f", "\ndef f(): pass", "\ndef f(): pass"},
		{"# make f\n", " \n  x ", " \n  x "},
		{"# make f", " \n\t", ""},
		{"", "", ""},
	} {
		for size := 1; size <= len(tc.answer)+1; size++ {
			if got := filtered(&postprocess.Beginning{Prefix: tc.prefix}, tc.answer, size); got != tc.want {
				t.Errorf("%q behind %q: got %q, want %q", tc.answer, tc.prefix, got, tc.want)
			}
		}
	}
}

func TestTheCursorsLineIsNotRepeated(t *testing.T) {
	for _, tc := range []struct{ name, prefix, completion, want string }{
		{"with its indentation", "def f(n):\n    return ", "    return n + 1\n", "n + 1\n"},
		{"without", "def f(n):\n    return ", "return n + 1", "n + 1"},
		{"right behind it", "def f(n):\n    if n < 2", "if n < 2:\n", ":\n"},
		{"within a word", "def fib", "def fibonacci(n):", "onacci(n):"},
		{"a word that only begins so", "return ", "returned", "returned"},
		{"a short line", "a = ", "a = 1", "a = 1"},
		{"a row of a table", "  null, null, ", "null, null, 1", "null, null, 1"},
		{"another line", "def f(n):\n    return ", "n", "n"},
		{"an empty line", "def f(n):\n    ", "return n", "return n"},
		{"nothing before the cursor", "", "x", "x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := postprocess.RemoveRepeatedLine(tc.completion, tc.prefix); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzFencedCode(f *testing.F) {
	f.Add("Here:\n```js\nrun();\n```\nDone `x`", uint8(3))
	f.Add("```\n``x```\r\n```", uint8(1))
	f.Fuzz(func(t *testing.T, answer string, size uint8) {
		if size == 0 {
			return
		}
		whole := filtered(new(postprocess.FencedCode), answer, len(answer)+1)
		if cut := filtered(new(postprocess.FencedCode), answer, int(size)); cut != whole {
			t.Errorf("%q: %q in one piece, %q cut", answer, whole, cut)
		}
		for _, kept := range []string{whole, postprocess.KeepFencedCode(answer)} {
			if len(kept) > len(answer) {
				t.Errorf("%q grows to %q", answer, kept)
			}
		}
		for line := range strings.SplitSeq(whole, "\n") {
			if strings.HasPrefix(line, "```") && len(line) < 1000 {
				t.Errorf("%q: a fence is left in %q", answer, whole)
			}
		}
		prefix, completion, _ := strings.Cut(answer, "|")
		if got := postprocess.RemoveRepeatedLine(completion, prefix); !strings.HasSuffix(completion, got) {
			t.Errorf("%q behind %q becomes %q", completion, prefix, got)
		}
	})
}

func FuzzBeginning(f *testing.F) {
	f.Add("# f", " \n x", uint8(1))
	f.Fuzz(func(t *testing.T, prefix, answer string, size uint8) {
		if size == 0 {
			return
		}
		whole := postprocess.StripWhitespaces(postprocess.PrependLineFeed(answer, prefix))
		if cut := filtered(&postprocess.Beginning{Prefix: prefix}, answer, int(size)); cut != whole {
			t.Errorf("%q: %q in one piece, %q cut", answer, whole, cut)
		}
	})
}
