package postprocess

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// operations are those of both chains.
var operations = append([]operation{
	{"strip_code_fence", func(completion string, _ File) (string, error) { return StripCodeFence(completion), nil }},
	{"prepend_line_feed", func(completion string, file File) (string, error) {
		return PrependLineFeed(completion, file.Prefix), nil
	}},
}, completions...)

// FuzzEveryOperation holds what is true of all operations: they keep text whole, add nothing but line feeds, and change nothing that they
// could not parse.
func FuzzEveryOperation(f *testing.F) {
	for l := lang.None; l <= lang.Kotlin; l++ {
		f.Add("def a():\r\n    # é\n", "# é\n```go\nreturn '🎉'}\n```\u2028\n*****", "'🎉'}\r\n", uint8(l))
	}
	f.Add("", "", "", uint8(0))
	f.Add("\n", "e\u0301\f\x1c\u0085\u3000`", "\u0301", uint8(lang.Ruby))
	f.Fuzz(func(t *testing.T, prefix, completion, suffix string, language uint8) {
		file := File{Prefix: prefix, Suffix: suffix, Language: lang.Language(language % (uint8(lang.Kotlin) + 1))}
		whole := utf8.ValidString(prefix) && utf8.ValidString(completion) && utf8.ValidString(suffix)
		for _, op := range operations {
			got, err := op.apply(completion, file)
			if whole && !utf8.ValidString(got) {
				t.Errorf("%s cuts a character: %q of %q", op.name, got, completion)
			}
			if err != nil && got != completion {
				t.Errorf("%s makes %q of %q, in spite of %v", op.name, got, completion, err)
			}
			if !addsOnlyLineFeeds(got, completion) {
				t.Errorf("%s adds more than line feeds to %q: %q", op.name, completion, got)
			}
		}
	})
}

// addsOnlyLineFeeds says whether got is what is left of a text, in its order, with line feeds added.
func addsOnlyLineFeeds(got, of string) bool {
	got, of = strings.ReplaceAll(got, "\n", ""), strings.ReplaceAll(of, "\n", "")
	for i := range len(got) {
		at := strings.IndexByte(of, got[i])
		if at < 0 {
			return false
		}
		of = of[at+1:]
	}
	return true
}
