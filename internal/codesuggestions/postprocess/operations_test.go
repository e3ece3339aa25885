package postprocess

import (
	"strings"
	"testing"
)

func TestStripWhitespaces(t *testing.T) {
	for completion, want := range map[string]string{
		"  \t":     "",
		"\r\n":     "",
		"\u00a0\n": "",
		" \u001c":  "",
		"a ":       "a ",
		"\u200b":   "\u200b",
		"\ufeff":   "\ufeff",
		"":         "",
	} {
		if got := StripWhitespaces(completion); got != want {
			t.Errorf("%q becomes %q, want %q", completion, got, want)
		}
	}
}

func TestStripAsterisks(t *testing.T) {
	for completion, want := range map[string]string{
		"*****":          "",
		"\n\n  ***** x":  "",
		"*****\nfoo":     "",
		"\u00a0*******":  "",
		"****":           "****",
		"**** *":         "**** *",
		"a\n*****":       "a\n*****",
		"/*****":         "/*****",
		"":               "",
		"\u200b********": "\u200b********",
	} {
		if got := stripAsterisks(completion); got != want {
			t.Errorf("%q becomes %q, want %q", completion, got, want)
		}
	}
}

func TestStripCodeFence(t *testing.T) {
	for completion, want := range map[string]string{
		"```go\nx\n```\n":               "x\n",
		"text\n```\ncode\n```":          "text\ncode\n",
		"use `x`":                       "use `x",
		"````\na":                       "a",
		"```js title\nx\n```":           "```js title\nx\n",
		"  ```py\nx":                    "  ```py\nx",
		"a\n```b":                       "a\n```b",
		"```":                           "",
		"a``` \n":                       "a``` \n",
		"```\n```\n":                    "",
		"```c++\nint a;\n```\nDone":     "int a;\nDone",
		"```py\r\nx\r\n```":             "```py\r\nx\r\n",
		"```\u00a0\nx":                  "```\u00a0\nx",
		"x\r```\ny":                     "x\r```\ny",
		"``\n```ü\n":                    "``\n",
		"x\n``````":                     "x\n",
		"":                              "",
		"```python\n```python\nx`\n`\n": "x`\n`\n",
	} {
		if got := StripCodeFence(completion); got != want {
			t.Errorf("%q becomes %q, want %q", completion, got, want)
		}
	}
}

func TestPrependLineFeed(t *testing.T) {
	for _, tc := range []struct{ context, completion, want string }{
		{"", "x", "\nx"},
		{"a\n", "x", "x"},
		{"a\r", "x", "\nx"},
		{"a ", "\r\nx", "\n\r\nx"},
		{"a", " ", "\n "},
		{"a\n\n", "\nx", "\nx"},
		{"a", "", ""},
	} {
		if got := PrependLineFeed(tc.completion, tc.context); got != tc.want {
			t.Errorf("%q behind %q becomes %q, want %q", tc.completion, tc.context, got, tc.want)
		}
	}
}

// FuzzOperations holds what each operation may do to a text.
func FuzzOperations(f *testing.F) {
	f.Add("```go\n*****\n```", "a")
	f.Add("\u3000\x1f", "\n")
	f.Fuzz(func(t *testing.T, completion, context string) {
		if got := StripWhitespaces(completion); got != completion && got != "" {
			t.Errorf("stripping white space makes %q of %q", got, completion)
		}
		if got := PrependLineFeed(completion, context); got != completion && got != "\n"+completion {
			t.Errorf("prepending a line feed makes %q of %q", got, completion)
		}
		got := StripCodeFence(completion)
		if len(got) > len(completion) || strings.HasSuffix(got, "`") || (got != completion && !strings.Contains(completion, "`")) {
			t.Errorf("stripping fences makes %q of %q", got, completion)
		}
	})
}
