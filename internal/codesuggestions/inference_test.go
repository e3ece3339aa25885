package codesuggestions_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/prompting"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// What logs and metrics are told of a call (18.1). Lengths are in code points.
func TestWhatIsReportedOfACall(t *testing.T) {
	file := codesuggestions.File{Name: "Rakefile", Above: "é = 🎉", Below: " ü", EditorLanguage: new("ruby")}
	prefix := prompting.Component{Name: "prefix", Size: prompting.Size{Length: 5, Tokens: 5}}
	suffix := prompting.Component{Name: "suffix", Size: prompting.Size{Length: 2, Tokens: 2}}

	for _, tc := range []struct {
		name string
		pick func(*testing.T, *engine) *codesuggestions.Pipeline
		want codesuggestions.Inference
	}{
		{
			"a text model", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{File: file, Target: codesuggestions.Target{Provider: "codestral", Model: "m"}})
			},
			codesuggestions.Inference{
				Model: llm.ID{Engine: "codestral", Name: "m"}, Language: "ruby", CountedLanguage: "ruby", EditorLanguage: new("ruby"),
				PromptLength: 7, PromptLengthStripped: 4, Components: []prompting.Component{prefix, suffix},
				Output: &codesuggestions.Output{Length: 3, LengthStripped: 2, Score: 100000},
			},
		},
		{
			"Claude: all messages", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.completion(t, codesuggestions.CompletionRequest{
					File: file, Target: codesuggestions.Target{Provider: "anthropic", Model: "m"}, PromptVersion: 3,
					Prompt: messages(says(llm.System, "é x"), says(llm.User, " y")),
				})
			},
			codesuggestions.Inference{
				Model: llm.ID{Engine: "anthropic", Name: "m"}, Language: "ruby", CountedLanguage: "ruby", EditorLanguage: new("ruby"),
				PromptLength: 5, PromptLengthStripped: 3, Components: []prompting.Component{{Name: "prompt", Size: prompting.Size{Length: 5, Tokens: 3}}},
				Output: &codesuggestions.Output{Length: 3, LengthStripped: 2, Score: 100000},
			},
		},
		{
			"a generation", func(t *testing.T, e *engine) *codesuggestions.Pipeline {
				return e.generation(t, codesuggestions.GenerationRequest{File: codesuggestions.File{Name: "notes.TXT", Above: "é x", EditorLanguage: new("")}})
			},
			codesuggestions.Inference{
				Model: llm.ID{Engine: "vertex-ai", Name: "code-bison@002"}, Extension: "TXT", EditorLanguage: new(""),
				PromptLength: 14, PromptLengthStripped: 11, Components: []prompting.Component{{Name: "prefix", Size: prompting.Size{Length: 3, Tokens: 2}}},
				Output: &codesuggestions.Output{Length: 3, LengthStripped: 2, Score: 100000},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil, "ü x")
			run(t, tc.pick(t, e))
			if diff := cmp.Diff([]codesuggestions.Inference{tc.want}, e.inferences, cmpopts.IgnoreFields(codesuggestions.Inference{}, "Duration")); diff != "" {
				t.Error(diff)
			}
		})
	}

	e := newEngine(t, nil, "ü x")
	run(t, e.completion(t, codesuggestions.CompletionRequest{File: file}))
	got, sent := e.inferences[0], utf8.RuneCountInString(e.asked(t).Prompt)+2
	if got.Language != "ruby" || got.CountedLanguage != "" || *got.SuffixLength != 2 || got.PromptLength != sent || sent < 10 {
		t.Errorf("the default model: %+v", got)
	}
}

// Of several answers the lengths are added up, and the last one counts for the rest (18.1, 15.2).
func TestWhatIsReportedOfSeveralAnswers(t *testing.T) {
	e := newEngine(t, nil)
	bad := candidate(0, "é a", -12)
	bad.Safety = &llm.Safety{Blocked: true, Categories: []string{"Violent"}, Errors: []int{234}}
	good := candidate(1, "return a", -2)
	good.Safety = &llm.Safety{}
	e.says = []llm.Chunk{bad, good}
	run(t, e.completion(t, codesuggestions.CompletionRequest{File: python()}))
	want := &codesuggestions.Output{
		Length: 11, LengthStripped: 9, Score: -2, Blocked: false, SafetyCategories: []string{"Violent"}, ErrorCodes: []int{234}, Discarded: true,
	}
	if diff := cmp.Diff(want, e.inferences[0].Output); diff != "" {
		t.Error(diff)
	}
}

// The language of an answer is found by 2.3; the default model's requests are counted by the extension alone (2.5).
func TestTheLanguageOfAnAnswer(t *testing.T) {
	for _, tc := range []struct {
		name, editor   string
		label, counted string
	}{
		{"main.py", "ruby", "python", "python"},
		{"main", "ruby", "ruby", ""},
		{"app.vue", "typescript", "ts", ""},
		{"app.vue", "vue", "", ""},
		{"x", "Python", "", ""},
		{"x.tsx", "javascript", "ts", "ts"},
		{"x.h", "cpp", "c", "c"},
	} {
		e := newEngine(t, nil, "x")
		file := codesuggestions.File{Name: tc.name, Above: "y", EditorLanguage: &tc.editor}
		suggestion := run(t, e.completion(t, codesuggestions.CompletionRequest{File: file}))
		generated := run(t, e.generation(t, codesuggestions.GenerationRequest{File: file}))
		if suggestion.Language != tc.label || generated.Language != tc.label {
			t.Errorf("%s, %s: %q, %q", tc.name, tc.editor, suggestion.Language, generated.Language)
		}
		if legacy, other := e.inferences[0].CountedLanguage, e.inferences[1].CountedLanguage; legacy != tc.counted || other != tc.label {
			t.Errorf("%s, %s: counted as %q, %q", tc.name, tc.editor, legacy, other)
		}
	}
}

// Only the default model's prompts are parsed, and only for them is it worth a warning that this can't be done (2.4).
func TestOnlyTheDefaultModelReadsCode(t *testing.T) {
	for name, pick := range pipelines {
		e := newEngine(t, nil, "x")
		run(t, pick(t, e))
		if parsed := e.inferences[0].Symbols != nil; parsed != (name == "LEGACY") {
			t.Errorf("%s: symbols are counted: %v", name, parsed)
		}
	}
	e := newEngine(t, nil, "x")
	run(t, e.completion(t, codesuggestions.CompletionRequest{File: codesuggestions.File{Name: "notes", Above: "y"}, Target: codesuggestions.Target{Provider: "codestral", Model: "m"}}))
	if strings.Contains(e.log.String(), "parse") {
		t.Errorf("log: %s", &e.log)
	}
}
