package prompt

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// samples are realistic inputs by prompt id: a full set, and the least that is allowed.
var samples = map[string]struct{ full, least map[string]any }{
	"code_suggestions/completions": {
		full:  map[string]any{"prefix": "def fib(n):\n    if n < 2:\n        return ", "suffix": "\n    return fib(n - 1) + fib(n - 2)\n"},
		least: map[string]any{"prefix": "def fib(", "suffix": nil},
	},
	"code_suggestions/generations": {
		full: map[string]any{
			"prefix": "require 'date'\n\n# parses an ISO date\n", "instruction": "Create a method that parses an ISO date",
			"language": "Ruby", "file_name": "lib/iso.rb",
			"user_instruction":             "Write a function that parses an ISO date",
			"trimmed_content_above_cursor": "require 'date'\nmodule Iso\n", "trimmed_content_below_cursor": "\nend # Iso",
			"examples_array": []any{
				map[string]any{"example": "# add two numbers", "response": "<new_code>def add(a, b) = a + b", "trigger_type": "comment"},
				map[string]any{"example": "# negate", "response": "<new_code>def neg(a) = -a", "trigger_type": "comment"},
			},
			"related_files": []any{
				"<file_content file_name=\"lib/a.rb\">\nA = 1\n</file_content>",
				"<file_content file_name=\"lib/b.rb\">\nB = 2\n</file_content>",
			},
			"related_snippets": []any{"<snippet_content name=\"clock\">\nNOW\n</snippet_content>"},
			"libraries":        []any{"rails", "activesupport"},
		},
		least: map[string]any{
			"prefix": "", "instruction": "", "language": nil, "file_name": "a.rb", "user_instruction": "Write a loop",
			"examples_array": "", "related_files": "", "libraries": []any{},
		},
	},
	"model_configuration/check": {full: map[string]any{}, least: map[string]any{}},
}

func TestEveryDefinitionRendersAsItsGoldenFileSays(t *testing.T) {
	definitions := builtIn(t)
	for _, key := range definitions.Keys() {
		t.Run(key, func(t *testing.T) {
			d, _ := definitions.Get(key)
			sample := samples[key[:strings.LastIndex(key, "/")]]
			got := rendered(t, d, "full", sample.full) + rendered(t, d, "least", sample.least)

			golden := filepath.Join("testdata", "golden", strings.ReplaceAll(key, "/", ".")+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func rendered(t *testing.T, d *Definition, name string, inputs map[string]any) string {
	t.Helper()
	messages, err := d.render(inputs)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, m := range messages {
		if strings.Contains(m.Content, "None") {
			t.Errorf("%s inputs: the word None in %q", name, m.Content)
		}
		fmt.Fprintf(&b, "\n======== %s: %s\n%s|end\n", name, m.Role, m.Content)
	}
	return b.String()
}

// The table of spec/prompts.md 2.12: nothing may stand before, between or after.
func TestFillInTheMiddleMessagesAreExact(t *testing.T) {
	definitions := builtIn(t)
	const p, s = "# ü 🎉\r\ndef f(  ", "):\r\n    {{ x }} <b>\n"
	for variant, want := range map[string]func(p, s string) string{
		"codegemma": func(p, s string) string { return "<|fim_prefix|>" + p + "<|fim_suffix|>" + s + "<|fim_middle|>" },
		"codellama": func(p, s string) string { return "<PRE> " + p + " <SUF> " + s + " <MID>" },
		"codestral": func(p, s string) string { return "<s>[SUFFIX]" + s + "[PREFIX]" + p },
		"mistral":   func(p, s string) string { return "<s>[SUFFIX]" + s + "[PREFIX]" + p },
		"mixtral":   func(p, s string) string { return "<s>[SUFFIX]" + s + "[PREFIX]" + p },
		"deepseekcoder": func(p, s string) string {
			return "<\uff5cfim\u2581begin\uff5c>" + p + "<\uff5cfim\u2581hole\uff5c>" + s + "<\uff5cfim\u2581end\uff5c>"
		},
		"gpt": func(p, s string) string {
			return "<PREFIX>\n" + p + "\n</PREFIX>\n<cursor />\n<SUFFIX>\n" + s + "\n</SUFFIX>"
		},
	} {
		d, found := definitions.Get("code_suggestions/completions/" + variant)
		if !found {
			t.Errorf("there is no %s", variant)
			continue
		}
		for name, tc := range map[string]struct {
			suffix any
			want   string
		}{
			"code on both sides is kept to the byte":              {s, want(p, s)},
			"an absent suffix is empty text, never the word None": {nil, want(p, "")},
			"an empty suffix is empty text":                       {"", want(p, "")},
		} {
			t.Run(variant+": "+name, func(t *testing.T) {
				messages, err := d.render(map[string]any{"prefix": p, "suffix": tc.suffix})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(llm.Message{Role: llm.User, Content: tc.want}, messages[len(messages)-1]); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// The tables of spec/prompts.md 2.2, 2.12, 2.13 and 3.1.
func TestDefinitionsAreThoseOfTheCatalogue(t *testing.T) {
	type row struct {
		name, model, class string
		temperature        float64
		tokens             int
		timeout            time.Duration
		stop               []string
		required           []string
		roles              []string
	}
	codegemmaStop := []string{"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"}
	codellamaStop := []string{"<PRE>", "<SUF>", "<MID>", "<EOT>"}
	gptStop, codeStop := []string{"[INST]", "[/INST]", "</PREFIX>", "</SUFFIX>"}, []string{"</new_code>"}
	mistralStop := []string{"[INST]", "[/INST]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]"}
	fim, asked := []string{"prefix", "suffix"}, []string{"user_instruction"}
	user, both, prefill := []string{"user"}, []string{"system", "user"}, []string{"system", "user", "assistant"}
	const minute = time.Minute
	want := map[string]row{
		"code_suggestions/completions/claude_3":      {"Claude 3 Code Completions", "claude-3-5-sonnet-20240620", "litellm", 0, 128, minute, nil, nil, both},
		"code_suggestions/completions/codegemma":     {"Codegemma Code Completions", "codegemma", "litellm", 0.95, 128, minute, codegemmaStop, fim, user},
		"code_suggestions/completions/codellama":     {"Codellama 13B-Code Code Completions", "codellama_13b_code", "litellm", 0.95, 128, minute, codellamaStop, fim, user},
		"code_suggestions/completions/codestral":     {"Codestral 22B Code Completions", "codestral", "litellm", 0.32, 64, minute, mistralStop, fim, both},
		"code_suggestions/completions/deepseekcoder": {"DeepSeekCoder Code Completions", "deepseekcoder", "litellm", 0, 128, minute, nil, fim, user},
		"code_suggestions/completions/gpt":           {"GPT Code Completions", "gpt", "litellm", 0, 128, minute, gptStop, fim, both},
		"code_suggestions/completions/mistral":       {"Mistral 7B Instruct Code Completions", "mistral", "litellm", 0, 128, minute, mistralStop, fim, both},
		"code_suggestions/completions/mixtral":       {"Mixtral Instruct Code Completions", "mixtral", "litellm", 0, 128, minute, mistralStop, fim, both},
		"code_suggestions/generations/base":          {"Claude 3 Code Generations Agent", "claude-3-5-sonnet-20240620", "anthropic", 0.2, 2048, 0, codeStop, asked, prefill},
		"code_suggestions/generations/vertex":        {"Claude 3 Code Generations Agent", "claude-3-5-sonnet@20240620", "litellm", 0, 2048, 0, codeStop, asked, prefill},
		"code_suggestions/generations/claude_3":      {"Claude 3 Code Generations Agent", "claude-3-5-sonnet-20240620", "litellm", 0.2, 2048, minute, nil, nil, both},
		"code_suggestions/generations/codegemma":     {"CodeGemma Generations", "codegemma", "litellm", 0.95, 512, minute, nil, nil, both},
		"code_suggestions/generations/codellama":     {"Codellama 13B Code Generations", "codellama", "litellm", 0.95, 512, minute, nil, nil, both},
		"code_suggestions/generations/codestral":     {"Codestral 22B Code Generations", "codestral", "litellm", 0.3, 512, minute, nil, nil, both},
		"code_suggestions/generations/deepseekcoder": {"DeepSeekCoder Code Generations", "deepseekcoder", "litellm", 0.95, 512, minute, nil, nil, both},
		"code_suggestions/generations/gpt":           {"GPT Code Generations", "gpt", "litellm", 1, 512, minute, nil, nil, both},
		"code_suggestions/generations/mistral":       {"Mistral 7B Code Generations", "mistral", "litellm", 0.95, 512, minute, nil, nil, both},
		"code_suggestions/generations/mixtral":       {"Mixtral Code Generations", "mixtral", "litellm", 0.95, 512, minute, nil, nil, both},
		"model_configuration/check/claude_3":         {"Claude 3", "claude-3-5-sonnet-20240620", "litellm", 0, 12, minute, nil, nil, both},
		"model_configuration/check/codegemma":        {"Codegemma", "codegemma", "litellm", 0, 12, minute, nil, nil, both},
		"model_configuration/check/codellama":        {"Codellama 13B", "codellama", "litellm", 0, 12, minute, nil, nil, both},
		"model_configuration/check/codestral":        {"Codestral 22B", "codestral", "litellm", 0, 12, minute, nil, nil, both},
		"model_configuration/check/deepseekcoder":    {"DeepSeekCoder", "deepseekcoder", "litellm", 0, 12, minute, nil, nil, both},
		"model_configuration/check/gpt":              {"GPT", "gpt", "litellm", 0, 12, minute, nil, nil, both},
		"model_configuration/check/llama3":           {"Llama 3", "llama", "litellm", 0, 12, minute, nil, nil, both},
		"model_configuration/check/mistral":          {"Mistral 7B", "mistral", "litellm", 0, 12, minute, nil, nil, both},
		"model_configuration/check/mixtral":          {"Mixtral", "mixtral", "litellm", 0, 12, minute, nil, nil, both},
	}
	definitions := builtIn(t)
	got := map[string]row{}
	for _, key := range definitions.Keys() {
		d, _ := definitions.Get(key)
		r := row{
			name: d.Name, model: d.Model, class: string(d.Class), temperature: *d.Params.Temperature, tokens: *d.Params.MaxTokens,
			timeout: deref(d.Call.Timeout, 0), stop: d.Call.Stop, required: d.Required,
		}
		for _, m := range d.messages {
			r.roles = append(r.roles, m.key)
		}
		got[key] = r
		primitive := map[bool]string{true: "generate_code", false: "complete_code"}[strings.Contains(key, "generations")]
		if diff := cmp.Diff([]string{primitive}, d.UnitPrimitives); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
	vertex, _ := definitions.Get("code_suggestions/generations/vertex")
	if vertex.Params.CustomProvider != "vertex_ai" || vertex.Call.VertexLocation != "us-east5" {
		t.Errorf("vertex is asked at %q in %q", vertex.Params.CustomProvider, vertex.Call.VertexLocation)
	}
}

func TestGenerationPromptSaysWhatItIsGivenAndNothingElse(t *testing.T) {
	definitions := builtIn(t)
	base, _ := definitions.Get("code_suggestions/generations/base")
	sections := []string{"<examples>", "<existing_code>", "<related_files>", "<related_snippets>", "<libs>"}

	messages, err := base.render(samples["code_suggestions/generations"].full)
	if err != nil {
		t.Fatal(err)
	}
	system := messages[0].Content
	for _, want := range append(sections,
		"lib/iso.rb", "Ruby", "<new_code>def add(a, b) = a + b</new_code>", "require 'date'\nmodule Iso\n{{cursor}}\nend # Iso",
		"A = 1\n</file_content>\n<file_content file_name=\"lib/b.rb\">", "rails\nactivesupport") {
		if !strings.Contains(system, want) {
			t.Errorf("the full system message lacks %q", want)
		}
	}
	if got := messages[2]; got != (llm.Message{Role: llm.Assistant, Content: "<new_code>"}) {
		t.Errorf("the prefill is %v", got)
	}

	messages, err = base.render(map[string]any{"user_instruction": "Write a loop"})
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range sections {
		if strings.Contains(messages[0].Content, section) {
			t.Errorf("the system message has %s although nothing was given", section)
		}
	}
	if messages[1].Content != "Write a loop" {
		t.Errorf("the user message is %q", messages[1].Content)
	}
}

func TestEveryPartialIsUsed(t *testing.T) {
	_, partials, err := readAll(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	err = fs.WalkDir(Embedded(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(Embedded(), path)
		for _, m := range read(string(content)).includes {
			used = append(used, m.name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range partials {
		if !slices.Contains(used, path) {
			t.Errorf("no definition includes %s", path)
		}
	}
}
