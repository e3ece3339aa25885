package postprocess

import (
	"errors"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
)

func TestRemoveCommentOnlyCompletion(t *testing.T) {
	for _, tc := range []struct {
		completion string
		language   lang.Language
		removed    bool
	}{
		{"# only a note\n", lang.Python, true},
		{"x = 1  # trailing", lang.Python, false},
		{"\"\"\"doc\"\"\"\n", lang.Python, false},
		{"// note\n/* more */", lang.Go, true},
		{"/* a */", lang.Rust, false},
		{"// a", lang.Rust, true},
		{"/** d */", lang.Java, true},
		{"// a\n}", lang.JavaScript, false},
		{"// php", lang.PHP, false},
		{"# c", lang.None, false},
		{" \n\t\n", lang.C, true},
		{" \n\t\n", lang.PHP, false},
		{"\u00a0", lang.JavaScript, true},
		{"\u00a0", lang.Go, false},
		{"", lang.Python, false},
	} {
		want := tc.completion
		if tc.removed {
			want = ""
		}
		got, err := RemoveCommentOnlyCompletion(tc.completion, tc.language)
		if got != want || err != nil {
			t.Errorf("%s %q becomes %q, %v", tc.language.Name(), tc.completion, got, err)
		}
	}
}

func TestTrimByMinAllowedContext(t *testing.T) {
	for _, tc := range []struct {
		name               string
		prefix, completion string
		language           lang.Language
		want               string
	}{
		{"to the function", "def a():\n    ", "return 1\n\ndef b():\n    return 2\n", lang.Python, "return 1"},
		{"to the branch", "if ok:\n    ", "run()\nstop()", lang.Python, "run()"},
		{"not in a statement that ends the file", "x = ", "1\ny = 2\n", lang.Python, "1\ny = 2\n"},
		{"not in a file without a last line feed", "x = ", "1\ny = 2", lang.Python, "1\ny = 2"},
		{"behind the brace", "function f() {\n  ", "return 1;\n}\nf();\n", lang.JavaScript, "return 1;\n}"},
		{"to the inner of two blocks", "function f() {\n  if (a) {\n    ", "b();\n  }\n  c();\n}\n", lang.JavaScript, "b();\n  }"},
		{"with tabs", "func f() {\n\t", "g()\n}\n\nfunc h() {}\n", lang.Go, "g()\n}"},
		{"behind end", "class A\n  def b\n    ", "c\n  end\n  def d\n  end\nend\n", lang.Ruby, "c\n  end"},
		{"before the semicolon", "export const a = {\n  ", "b: 1,\n};\nexport const c = 2;\n", lang.TypeScript, "b: 1,\n}"},
		{"to the list", "foo = [\n", "    1,\n    2,\n]\nbar = 3\n", lang.Python, "    1,\n    2,\n]"},
		{"without a prefix", "", "def a():\n    return 1\nx = 2\n", lang.Python, "def a():\n    return 1"},
		{"with empty lines", "def a():\n    x = 1\n", "\n\n    y = 2\nz = 3\n", lang.Python, "\n\n    y = 2"},
		{"not white space", "def a", "   \n  ", lang.Python, "   \n  "},
		{"not even a character behind a block before the cursor", "f(function () {\n}", ");\n", lang.JavaScript, ""},

		{"behind letters of two bytes", "größe = 'ä'\ndef a():\n    ", "return 'öß'\nx = 2\n", lang.Python, "return 'öß'"},
		{"behind letters of three bytes", "# 日本語\ndef 関数():\n    ", "return '日本'\nx = 2\n", lang.Python, "return '日本'"},
		{"behind emoji", "def a(): # 👍🏽👩‍👩‍👧\n    ", "return '🛒'\nx = 2\n", lang.Python, "return '🛒'"},
		{"behind combining characters", "def a():\n    n = 'e\u0301'; ", "m = 'o\u0308'\nx = 2\n", lang.Python, "m = 'o\u0308'"},
		{"in a line of emoji", "f({ '🛒🛒🛒': ", "{\n  a: 1 }, b: 2 });\n", lang.JavaScript, "{\n  a: 1 }"},
		{"behind line boundaries that are none for a parser", "a = '\u2028\u0085'\n\fdef a():\n    ", "return 1\nx = 2\n", lang.Python, "return 1"},

		{"behind CRLF", "def a():\r\n    ", "return 1\r\n\r\ndef b():\r\n    return 2\r\n", lang.Python, "return 1"},
		{"behind CRLF and emoji", "def a():\r\n    ", "return '🛒'\r\nx = 2\r\n", lang.Python, "return '🛒'"},
		{"behind many CRLFs", strings.Repeat("x = 1\r\n", 20) + "def a():\r\n    ", "return 1\r\ny = 2\r\n", lang.Python, "return 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := TrimByMinAllowedContext(tc.completion, File{Prefix: tc.prefix, Language: tc.language})
			if got != tc.want || err != nil {
				t.Errorf("%q becomes %q, %v; want %q", tc.completion, got, err, tc.want)
			}
		})
	}
}

func TestFixEndBlockErrors(t *testing.T) {
	for _, tc := range []struct {
		prefix, completion, suffix string
		language                   lang.Language
		standard, comparison       string
	}{
		{"print(", "1)", ")\n", lang.Python, "1", "1"},
		{"foo = {", "a: 1}\n  ", "}", lang.JavaScript, "a: 1", "a: 1"},
		{"if (a) {\n", "  b();\n}\n", "\n}\n", lang.JavaScript, "  b();\n", "  b();"},
		{"x = [1, ", "2]", "", lang.Python, "2]", "2]"},
		{"x = [1, ", "2]", " \n\t", lang.Python, "2]", "2]"},
		{"x = [1, ", "2] ", "] \ny = 1", lang.Python, "2] ", "2] "},
		{"x = [1, ", "2]", "]\r\ny = 1", lang.Python, "2", "2"},
		{"x = [1, ", "2]", "]\ny = (", lang.Python, "2]", "2"},
		{"def a(", "b)", ")", lang.Python, "b)", "b"},
		{"call(a, ", "b);", ");\nend();", lang.JavaScript, "b", "b"},
		{"class A\n  def b\n", "    1\n  end", "\n  end\nend", lang.Ruby, "    1\n  ", "    1"},
		{"func f() {\n", "\treturn\n}\n}", "\n}", lang.Go, "\treturn\n}\n}", "\treturn\n}\n}"},
		{"return ", "value", "value", lang.Python, "", ""},
		{"let s = `", "a`;\n", "`;\n", lang.TypeScript, "a", "a"},
		{"größe = ['🛒', ", "'日本']", "]\n", lang.Python, "'日本'", "'日本'"},
	} {
		file := File{Prefix: tc.prefix, Suffix: tc.suffix, Language: tc.language}
		if got, err := FixEndBlockErrors(tc.completion, file); got != tc.standard || err != nil {
			t.Errorf("%q before %q becomes %q, %v; want %q", tc.completion, tc.suffix, got, err, tc.standard)
		}
		if got, err := FixEndBlockErrorsWithComparison(tc.completion, file); got != tc.comparison || err != nil {
			t.Errorf("compared, %q before %q becomes %q, %v; want %q", tc.completion, tc.suffix, got, err, tc.comparison)
		}
	}
}

func TestWithoutALanguageNothingIsRemoved(t *testing.T) {
	file := File{Prefix: "x = [1, ", Suffix: "]\n"}
	for _, operation := range []func(string, File) (string, error){
		TrimByMinAllowedContext, FixEndBlockErrors, FixEndBlockErrorsWithComparison,
	} {
		if got, err := operation("2]", file); got != "2]" || !errors.Is(err, syntax.ErrUnsupported) {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestCompletionTellsWhatItDidNotDo(t *testing.T) {
	for _, tc := range []struct {
		name       string
		completion string
		file       File
		emptiedBy  string
		unparsed   error
	}{
		{"comments that were removed", "# a\n", File{Language: lang.Python}, CommentRemoval, nil},
		{"white space that was removed", " ", File{Language: lang.PHP}, "strip_whitespaces", nil},
		{"an unknown language", "x", File{}, "", syntax.ErrUnsupported},
		{"code that nobody can parse", "x", File{Prefix: strings.Repeat("é", 1<<20), Language: lang.Go}, "", syntax.ErrTooLarge},
		{"nothing", "x", File{Language: lang.Go}, "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Completion(tc.completion, tc.file, nil)
			if got.EmptiedBy != tc.emptiedBy || !errors.Is(errors.Join(got.Unparsed...), tc.unparsed) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// FuzzParsingOperations holds that these operations only ever take something off the end.
func FuzzParsingOperations(f *testing.F) {
	f.Add("def a():\r\n    ", "return '🛒'\r\n\r\ndef b(): pass)", ")\n", uint8(lang.Python))
	f.Add("f({\n", "  a: 1 // é\n})\n}", "})\n", uint8(lang.JavaScript))
	f.Add("", "# a\u2028", "\f", uint8(lang.Ruby))
	f.Fuzz(func(t *testing.T, prefix, completion, suffix string, language uint8) {
		file := File{Prefix: prefix, Suffix: suffix, Language: lang.Language(language % (uint8(lang.Kotlin) + 1))}
		if got, _ := RemoveCommentOnlyCompletion(completion, file.Language); got != "" && got != completion {
			t.Errorf("removing comments makes %q of %q", got, completion)
		}
		for name, operation := range map[string]func(string, File) (string, error){
			"trimming": TrimByMinAllowedContext, "fixing": FixEndBlockErrors, "comparing": FixEndBlockErrorsWithComparison,
		} {
			got, err := operation(completion, file)
			if !strings.HasPrefix(completion, got) || (err != nil && got != completion) {
				t.Errorf("%s makes %q of %q: %v", name, got, completion, err)
			}
		}
	})
}
