package postprocess

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// Where operations cut in text that isn't plain ASCII with line feeds. What differs from the contract is in docs/compatibility.md: it confuses
// bytes with characters behind such text, and takes other line boundaries for line feeds.
func TestCutsAreInTheRightPlaceInEveryScript(t *testing.T) {
	trim, fix := TrimByMinAllowedContext, FixEndBlockErrors
	reflect := func(completion string, file File) (string, error) {
		return CleanModelReflection(completion, file.Prefix), nil
	}
	fence := func(completion string, _ File) (string, error) { return StripCodeFence(completion), nil }
	comments := func(completion string, file File) (string, error) {
		return RemoveCommentOnlyCompletion(completion, file.Language)
	}
	const next = "\n\ndef b():\n    return 2\n"

	for _, tc := range []struct {
		name       string
		operation  func(string, File) (string, error)
		prefix     string
		completion string
		suffix     string
		want       string
	}{
		{"a block behind Latin letters", trim, "größe = 'äöü'\ndef a():\n    ", "return 1" + next, "", "return 1"},
		{"a block behind Japanese", trim, "# 日本語\ndef a():\n    ", "return 1" + next, "", "return 1"},
		{"a block behind emoji", trim, "x = '🎉🎉🎉'\ndef a():\n    ", "return 1" + next, "", "return 1"},
		{"a block behind emoji on the cursor's line", trim, "def a():\n    '🎉'; ", "return 1" + next, "", "return 1"},
		{"a block that ends with emoji", trim, "def a():\n    ", "return '👩‍👩‍👧'" + next, "", "return '👩‍👩‍👧'"},
		{"a block that ends with a combining character", trim, "def a():\n    ", "return 'cafe\u0301'" + next, "", "return 'cafe\u0301'"},
		{"a block behind a combining character", trim, "e\u0301 = 1\ndef a():\n    ", "return 1" + next, "", "return 1"},
		{"a block behind a byte order mark", trim, "\ufeffx = 1\ndef a():\n    ", "return 1" + next, "", "return 1"},
		{"a block behind a form feed", trim, "x = 1\n\fdef a():\n    ", "return 1" + next, "", "return 1"},
		{"a block behind a line separator", trim, "x = '\u2028'\ndef a():\n    ", "return 1" + next, "", "return 1"},
		{"a block behind a carriage return", trim, "x = '\r'\ndef a():\n    ", "return 1" + next, "", "return 1"},
		{"a block behind CRLF", trim, "def a():\r\n    ", "return 1\r\n\r\ndef b():\r\n    return 2\r\n", "", "return 1"},
		{"a block behind CRLF that ends with emoji", trim, "def a():\r\n    ", "return '🎉'\r\n\r\ndef b():\r\n    return 2\r\n", "", "return '🎉'"},
		{"a block behind CRLF and emoji", trim, "x = '🎉'\r\ndef a():\r\n    ", "return '🎉'\r\n\r\ndef b():\r\n    return 2\r\n", "", "return '🎉'"},
		{"a short one behind many CRLFs", trim, "a = 1\r\nb = 2\r\nif a:\r\n    ", "b\r\nc = 3\r\n", "", "b"},

		{"a repeated bracket behind emoji", fix, "x = ['🎉', ", "'👩‍👩‍👧']", "]\n", "'👩‍👩‍👧'"},
		{"a repeated line of another script", fix, "f('日本', ", "'e\u0301', 'ü')", "'ü')\n", "'e\u0301', "},
		{"the same letter, composed otherwise", fix, "f(", "'e\u0301')", "'\u00e9')\n", "'e\u0301')"},
		{"a repeated bracket before CRLF", fix, "x = [1, ", "2]", "]\r\ny = 1", "2"},
		{"one at the end", fix, "x = [1, ", "2]", "]\r\n", "2"},

		{"a repeated comment with emoji", reflect, "# 🎉 日本\n", "x = 1\n# 🎉 日本\ny = 2", "", "x = 1\ny = 2"},
		{"a comment that is composed otherwise", reflect, "# \u00e9\n", "x = 1\n# e\u0301\ny = 2", "", "x = 1\n# e\u0301\ny = 2"},
		{"a repeated comment between CRLFs", reflect, "# é\r\n", "x = 1\r\n# é\r\ny = 2", "", "x = 1\r\ny = 2"},
		{"a no-break space around it", reflect, "# é\n", "x\n\u00a0# é\u00a0\ny", "", "x\ny"},

		{"a fence between CRLFs is none", fence, "", "```py\r\nx = '🎉'\r\n```", "", "```py\r\nx = '🎉'\r\n"},
		{"a fence with a name of another script", fence, "", "```日本\nx = '🎉'\n```", "", "x = '🎉'\n"},

		{"comments of every script", comments, "", "# 日本 🎉 e\u0301\r\n# é\r\n", "", ""},
		{"code of every script", comments, "", "größe = 1 # é", "", "größe = 1 # é"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := tc.operation(tc.completion, File{Prefix: tc.prefix, Suffix: tc.suffix, Language: lang.Python})
			if got != tc.want || err != nil {
				t.Errorf("want %q, got %q, %v", tc.want, got, err)
			}
		})
	}
}
