package codesuggestions_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// candidate is an answer with a score.
func candidate(n int, text string, score float64) llm.Chunk {
	return llm.Chunk{Text: text, Candidate: n, Score: &score}
}

// Which answers of the default model become choices, and in which order (8.1, 15.1).
func TestWhichAnswersBecomeChoices(t *testing.T) {
	for _, tc := range []struct {
		name      string
		says      []llm.Chunk
		choices   []string
		scores    []float64
		discarded bool
		cleaned   int // answers that were post-processed
	}{
		{
			"all, in the model's order, not by score",
			[]llm.Chunk{candidate(0, "return a", -5), candidate(1, "return b", -1)},
			[]string{"return a", "return b"},
			[]float64{-5, -1},
			false, 2,
		},
		{"one that is just good enough", []llm.Chunk{candidate(0, "return a", -9.999)}, []string{"return a"}, []float64{-9.999}, false, 1},
		{"none that isn't", []llm.Chunk{candidate(0, "return a", -10)}, nil, nil, true, 0},
		{
			"none behind one that isn't",
			[]llm.Chunk{candidate(0, "return a", -1), candidate(1, "return b", -11), candidate(2, "return c", -1)},
			[]string{"return a"},
			[]float64{-1},
			true, 1,
		},
		{
			"none behind an empty one",
			[]llm.Chunk{candidate(0, "return a", -1), candidate(1, "", -1), candidate(2, "return c", -1)},
			[]string{"return a"},
			[]float64{-1},
			false, 1,
		},
		{
			"those behind one of which post-processing left nothing",
			[]llm.Chunk{candidate(0, "# a comment", -1), candidate(1, " \n ", -1), candidate(2, "return c", -2)},
			[]string{"return c"},
			[]float64{-2},
			false, 3,
		},
		{"one without a score", []llm.Chunk{{Text: "return a"}}, []string{"return a"}, []float64{100000}, false, 1},
		{"nothing at all", nil, nil, nil, false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil)
			e.says = tc.says
			suggestion := run(t, e.completion(t, codesuggestions.CompletionRequest{File: python()}))
			if diff := cmp.Diff(tc.choices, suggestion.Choices); diff != "" {
				t.Error("choices", diff)
			}
			if diff := cmp.Diff(tc.scores, suggestion.Scores); diff != "" {
				t.Error("scores", diff)
			}
			if len(e.postProcessed) != tc.cleaned {
				t.Errorf("%d answers were post-processed, want %d", len(e.postProcessed), tc.cleaned)
			}
			if output := e.inferences[0].Output; (output != nil && output.Discarded) != tc.discarded {
				t.Errorf("reported: %+v", output)
			}
		})
	}
}

// Only the default model has a lowest score and loses answers behind an empty one (15.1).
func TestOtherModelsAnswersAreTakenAsTheyAre(t *testing.T) {
	for name, pick := range map[string]func(*engine) *codesuggestions.Pipeline{
		"a text model": func(e *engine) *codesuggestions.Pipeline {
			return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: codesuggestions.Target{Provider: "codestral", Model: "m"}})
		},
		"a registered prompt": func(e *engine) *codesuggestions.Pipeline {
			return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: codesuggestions.Target{Provider: "litellm", Model: "m"}, PromptVersion: 2})
		},
		"Claude": func(e *engine) *codesuggestions.Pipeline {
			return e.completion(t, codesuggestions.CompletionRequest{
				File: python(), Target: codesuggestions.Target{Provider: "anthropic", Model: "m"}, PromptVersion: 3, Prompt: text("x"),
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			const said = "```python\n# a comment\n```\nreturn a\n\ndef b():\n    pass\n"
			e := newEngine(t, nil)
			e.says = []llm.Chunk{candidate(0, said, -99)}
			suggestion := run(t, pick(e))
			if diff := cmp.Diff([]string{said}, suggestion.Choices); diff != "" {
				t.Error(diff)
			}
			if len(e.postProcessed) != 0 || e.inferences[0].Output.Discarded || suggestion.Experiments != nil {
				t.Errorf("it is cleaned, discarded or part of an experiment: %+v", suggestion)
			}
			e.says = nil
			if suggestion := run(t, pick(e)); suggestion.Choices != nil || suggestion.Tokens != nil {
				t.Errorf("nothing was said: %+v", suggestion)
			}
			e.says = []llm.Chunk{{Text: " "}}
			if suggestion := run(t, pick(e)); len(suggestion.Choices) != 1 {
				t.Errorf("a blank was said: %+v", suggestion)
			}
		})
	}
}

func TestTheExperimentOfTheDefaultModel(t *testing.T) {
	truncation := []codesuggestions.Experiment{{Name: "exp_truncate_suffix", Variant: 0}}
	e := newEngine(t, nil, "")
	if got := run(t, e.completion(t, codesuggestions.CompletionRequest{File: python()})); cmp.Diff(truncation, got.Experiments) != "" {
		t.Errorf("an empty answer: %+v", got)
	}
	e.says = nil
	if got := run(t, e.completion(t, codesuggestions.CompletionRequest{File: python()})); got.Experiments != nil {
		t.Errorf("no answer: %+v", got)
	}
	for _, i := range e.inferences {
		if diff := cmp.Diff(truncation, i.Experiments); diff != "" {
			t.Error(diff)
		}
	}
	e.says = []llm.Chunk{{Text: "x"}}
	if got := run(t, e.generation(t, codesuggestions.GenerationRequest{File: python()})); got.Experiments != nil {
		t.Errorf("a generation: %+v", got)
	}
}

func TestHowManySuggestionsAreAskedFor(t *testing.T) {
	for wanted, asked := range map[int]int{-1: 0, 0: 0, 1: 1, 4: 4, 5: 5} { // the vendor's limit is the adapter's business
		e := newEngine(t, nil, "x")
		run(t, e.completion(t, codesuggestions.CompletionRequest{File: python(), Choices: wanted}))
		if got := e.asked(t).Candidates; got != asked {
			t.Errorf("%d: asked for %d", wanted, got)
		}
	}
}

// How generated code is cleaned depends on the provider that the request names, not on the pipeline (11.5).
func TestHowGeneratedCodeIsCleaned(t *testing.T) {
	const fenced = "```python\ndef f():\n    pass\n```"
	cleaned := []string{"\ndef f():\n    pass\n"}
	file := codesuggestions.File{Name: "a.py", Above: "# make f"}
	for _, tc := range []struct {
		name     string
		provider codesuggestions.Provider
		id       string
		says     string
		want     []string
	}{
		{"the default model", "", "", fenced, cleaned},
		{"a self-hosted model", "litellm", "", fenced, cleaned},
		{"Claude: no more than a check for blanks", "anthropic", "", fenced, []string{fenced}},
		{"a registered prompt, no provider", "", "p", fenced, cleaned},
		{"a registered prompt, Claude's provider", "anthropic", "p", fenced, []string{fenced}},
		{"blanks are nothing", "anthropic", "", " \n\t", nil},
		{"an empty fence is nothing", "", "", "```\n```", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEngine(t, nil, tc.says)
			suggestion := run(t, e.generation(t, codesuggestions.GenerationRequest{
				File: file, Target: codesuggestions.Target{Provider: tc.provider, Model: "m"}, PromptVersion: 1, PromptID: tc.id,
			}))
			if diff := cmp.Diff(tc.want, suggestion.Choices); diff != "" {
				t.Error(diff)
			}
			if suggestion.Tokens != nil || suggestion.Language != "python" || len(e.postProcessed) != 0 {
				t.Errorf("%+v; the time of %d answers is reported", suggestion, len(e.postProcessed))
			}
		})
	}
}

func TestOperationsThatAreExcludedAreLeftOut(t *testing.T) {
	const said = "return a\n\ndef b():\n    pass\n"
	for _, tc := range []struct {
		excluded []string
		want     string
	}{
		{nil, "return a"},
		{[]string{"trim_by_min_allowed_context"}, said},
		{[]string{"no_such_operation", "strip_asterisks"}, "return a"},
	} {
		e := newEngine(t, func(c *codesuggestions.Config) { c.Excluded = tc.excluded }, said)
		suggestion := run(t, e.completion(t, codesuggestions.CompletionRequest{File: python()}))
		if diff := cmp.Diff([]string{tc.want}, suggestion.Choices); diff != "" {
			t.Errorf("without %v: %s", tc.excluded, diff)
		}
	}
}

func TestAModelThatFails(t *testing.T) {
	failure := &llm.Error{Kind: llm.Overloaded, Vendor: "vertex", Status: 429}
	for name, set := range map[string]func(*engine){
		"at once":       func(e *engine) { e.fails = failure },
		"in the middle": func(e *engine) { e.breaks = failure },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, nil, "return a")
			set(e)
			for _, pipeline := range []*codesuggestions.Pipeline{
				e.completion(t, codesuggestions.CompletionRequest{File: python()}),
				e.generation(t, codesuggestions.GenerationRequest{File: python()}),
			} {
				if suggestion, err := pipeline.Run(t.Context()); suggestion != nil || !errors.Is(err, failure) {
					t.Errorf("want its error, got %v, %v", suggestion, err)
				}
			}
			for _, i := range e.inferences {
				if !errors.Is(i.Err, failure) || i.Output != nil {
					t.Errorf("reported: %+v", i)
				}
			}
			if len(e.inferences) != 2 || len(e.postProcessed) != 0 {
				t.Errorf("reported %d calls and %d answers", len(e.inferences), len(e.postProcessed))
			}
		})
	}
}

func TestTheModelIsAskedOnBehalfOfTheRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e := newEngine(t, nil, "x")
	if _, err := e.completion(t, codesuggestions.CompletionRequest{File: python()}).Run(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := e.generation(t, codesuggestions.GenerationRequest{File: python()}).Stream(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	for i, asked := range e.contexts {
		if asked.Err() == nil {
			t.Errorf("call %d goes on when the request has ended", i)
		}
	}
}
