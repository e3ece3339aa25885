package postprocess

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompletion(t *testing.T) {
	for _, tc := range []struct {
		name               string
		prefix, completion string
		excluded           []string
		want               string
	}{
		{"a repeated comment is dropped", "# sum\nx = ", "1\n# sum", nil, "1\n"},
		{"a repeated comment stays when cleaning is excluded", "# sum\nx = ", "1\n# sum", []string{"clean_model_reflection"}, "1\n# sum"},
		{"white space alone is no completion", "x = ", "  \n ", nil, ""},
		{
			"white space stays when stripping is excluded",
			"    x = 1\n    ", "\n    ",
			[]string{"remove_comment_only_completion", "strip_whitespaces"},
			"\n    ",
		},
		{"what cleaning leaves is checked for being blank", "# sum\n", "  \n# sum", nil, ""},
		{"asterisks stay", "a = ", "**********", nil, "**********"},
		{"code stays", "$x = ", "1; // a", nil, "1; // a"},
		{
			"names of operations that don't run have no effect",
			"x = ", " ",
			[]string{"strip_asterisks", "fix_end_block_errors_with_comparison", "unknown"},
			"",
		},
		{"nothing stays nothing", "x = ", "", nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Completion(tc.completion, File{Prefix: tc.prefix}, tc.excluded)); diff != "" {
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
	f.Add("# make f", "```python\n# make f\nx\f\n```", "litellm")
	f.Fuzz(func(t *testing.T, prefix, completion, provider string) {
		allowed := len(completion) + 1 + unusualBoundaries(completion)
		if got := Generation(completion, prefix, provider); len(got) > allowed {
			t.Errorf("generation %q grows to %q", completion, got)
		}
		if got := Completion(completion, File{Prefix: prefix}, nil); len(got) >= allowed {
			t.Errorf("completion %q grows to %q", completion, got)
		}
	})
}
