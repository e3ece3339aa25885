package postprocess

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

func TestCompletion(t *testing.T) {
	const function, call = "function f() {\n  ", "return 1;\n}"
	for _, tc := range []struct {
		name               string
		prefix, completion string
		suffix             string
		language           lang.Language
		excluded           []string
		want               string
	}{
		{"what follows the block is cut", "def f():\n    ", "return 1\n\ndef g():\n    return 2\n", "", lang.Python, nil, "return 1"},
		{
			"the same for arguments", "def add(a, b):\n    ", "return a + b\n\ndef sub(a, b):\n    return a - b\n", "", lang.Python, nil, "return a + b",
		},
		{
			"it stays when cutting is excluded",
			"def f():\n    ", "return 1\n\ndef g():\n    return 2\n", "", lang.Python,
			[]string{"trim_by_min_allowed_context"},
			"return 1\n\ndef g():\n    return 2\n",
		},
		{"comments alone are no completion", "def f():\n    ", "# TODO\n", "", lang.Python, nil, ""},
		{"what the suffix repeats is cut", "print(", "1)", ")\n", lang.Python, nil, "1"},
		{"operations work on what the last has left", function, call, "\n}\n", lang.JavaScript, nil, "return 1;\n"},
		{"the suffix stays repeated when that is excluded", function, call, "\n}\n", lang.JavaScript, []string{"fix_end_block_errors"}, call},
		{"a repeated comment is dropped", "# sum\nx = ", "1\n# sum", "", lang.Python, nil, "1\n"},
		{
			"a repeated comment stays when cleaning is excluded",
			"# sum\nx = ", "1\n# sum", "", lang.Python,
			[]string{"clean_model_reflection"},
			"1\n# sum",
		},
		{"white space alone is no completion", "x = ", "  \n ", "", lang.Python, nil, ""},
		{"white space alone is none in any language", "x = ", "  \n ", "", lang.None, nil, ""},
		{
			"white space stays when stripping is excluded",
			"    x = 1\n    ", "\n    ", "", lang.Ruby,
			[]string{"remove_comment_only_completion", "strip_whitespaces"},
			"\n    ",
		},
		{"what cleaning leaves is checked for being blank", "# sum\n", "  \n# sum", "", lang.None, nil, ""},
		{"asterisks stay", "a = ", "**********", "", lang.Python, nil, "**********"},
		{"comments stay in PHP, behind code or not", "$x = ", "1; // a", "", lang.PHP, nil, "1; // a"},
		{
			"names of operations that don't run have no effect",
			"x = ", " ", "", lang.Python,
			[]string{"strip_asterisks", "fix_end_block_errors_with_comparison", "unknown"},
			"",
		},
		{"nothing stays nothing", "x = ", "", "", lang.Python, nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := File{Prefix: tc.prefix, Suffix: tc.suffix, Language: tc.language}
			if diff := cmp.Diff(tc.want, Completion(tc.completion, file, tc.excluded).Text); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGeneration(t *testing.T) {
	for _, tc := range []struct {
		name                        string
		prefix, generated, provider string
		want                        string
	}{
		{
			"a fence is taken off and the code starts a line",
			"# make f", "```python\ndef f():\n    pass\n```", "litellm", "\ndef f():\n    pass\n",
		},
		{"code on a new line stays", "# make f\n", "def f(): pass", "", "def f(): pass"},
		{"an empty file ends no line", "", "x", "vertex-ai", "\nx"},
		{"white space alone is nothing", "# make f\n", "  \n", "vertex-ai", ""},
		{"white space alone is nothing from anthropic either", "# make f\n", "  \n", "anthropic", ""},
		{"a repeated comment is dropped without its line feeds", "# make f", "# make f\ndef f(): pass", "litellm", "\n\ndef f(): pass"},
		{"anthropic's fence stays", "# make f\n", "```\nx\n```", "anthropic", "```\nx\n```"},
		{"text around a fence stays", "// q\n", "Here:\n```js\nrun();\n```\nDone `x`", "", "Here:\nrun();\nDone `x"},
		{"an empty fence is nothing", "# make f\n", "```\n```\n", "codestral", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Generation(tc.generated, tc.prefix, tc.provider)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzChains holds that a chain grows a text by the line feeds of its operations alone.
func FuzzChains(f *testing.F) {
	f.Add("# make f", "```python\n# make f\nx\f\n```", "litellm", uint8(lang.Python))
	f.Fuzz(func(t *testing.T, prefix, completion, provider string, language uint8) {
		file := File{Prefix: prefix, Language: lang.Language(language % (uint8(lang.Kotlin) + 1))}
		allowed := len(completion) + 1 + unusualBoundaries(completion)
		if got := Generation(completion, prefix, provider); len(got) > allowed {
			t.Errorf("generation %q grows to %q", completion, got)
		}
		if got := Completion(completion, file, nil).Text; len(got) >= allowed {
			t.Errorf("completion %q grows to %q", completion, got)
		}
	})
}
