package codesuggestions_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// pipelines are all of 4.1, with what it takes to select them.
var pipelines = map[string]func(testing.TB, *engine) *codesuggestions.Pipeline{
	"LEGACY": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.completion(t, codesuggestions.CompletionRequest{File: python()})
	},
	"COMP-ANTHROPIC": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.completion(t, codesuggestions.CompletionRequest{
			File: python(), Target: codesuggestions.Target{Provider: "anthropic", Model: "m"}, PromptVersion: 3, Prompt: text("x"),
		})
	},
	"COMP-LITELLM": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.completion(t, codesuggestions.CompletionRequest{File: python(), Target: codesuggestions.Target{Provider: "codestral", Model: "m"}})
	},
	"COMP-REGISTRY": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.completion(t, codesuggestions.CompletionRequest{
			File: python(), Target: codesuggestions.Target{Provider: "litellm", Model: "m"}, PromptVersion: 2,
		})
	},
	"GEN-VERTEX": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.generation(t, codesuggestions.GenerationRequest{File: python()})
	},
	"GEN-ANTHROPIC-TEXT": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: codesuggestions.Target{Provider: "anthropic"}})
	},
	"GEN-ANTHROPIC-CHAT": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.generation(t, codesuggestions.GenerationRequest{
			File: python(), Target: codesuggestions.Target{Provider: "anthropic", Model: "m"}, PromptVersion: 3, Prompt: text("x"),
		})
	},
	"GEN-LITELLM": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.generation(t, codesuggestions.GenerationRequest{File: python(), Target: codesuggestions.Target{Provider: "litellm", Model: "m"}})
	},
	"GEN-REGISTRY": func(t testing.TB, e *engine) *codesuggestions.Pipeline {
		return e.generation(t, codesuggestions.GenerationRequest{File: python(), PromptID: "p"})
	},
}

func TestWhichPipelinesStream(t *testing.T) {
	never := map[string]bool{"LEGACY": true, "GEN-VERTEX": true}
	notWhenDisabled := map[string]bool{"COMP-LITELLM": true, "GEN-LITELLM": true}
	for _, disabled := range []bool{false, true} {
		for name, pick := range pipelines {
			e := newEngine(t, func(c *codesuggestions.Config) { c.DisableStreaming = disabled })
			want := !never[name] && !(disabled && notWhenDisabled[name])
			if got := pick(t, e).Streams(); got != want {
				t.Errorf("%s, streaming disabled %v: it streams: %v", name, disabled, got)
			}
		}
	}
}

func TestPiecesArePassedOnAsTheyAre(t *testing.T) {
	pieces := []string{"```python\n", "", "# a comment", "\n", " \n", "é🎉", "e\u0301\r\n"}
	for name, pick := range pipelines {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, nil)
			for _, piece := range pieces {
				e.says = append(e.says, llm.Chunk{Text: piece})
			}
			if diff := cmp.Diff(pieces, stream(t, pick(t, e))); diff != "" {
				t.Error(diff)
			}
			if !e.asked(t).Stream || len(e.postProcessed) != 0 {
				t.Error("the model is not asked for pieces, or they are post-processed")
			}
			if i := e.inferences[0]; len(e.inferences) != 1 || i.Output != nil || i.Err != nil {
				t.Errorf("reported: %+v", e.inferences)
			}
		})
	}
}

func TestAWholeAnswerIsAskedForAsSuch(t *testing.T) {
	for name, pick := range pipelines {
		e := newEngine(t, nil, "x")
		run(t, pick(t, e))
		if e.asked(t).Stream {
			t.Errorf("%s asks for pieces", name)
		}
	}
}

func TestAStreamThatTheModelRefusesNeverBegins(t *testing.T) {
	for name, pick := range pipelines {
		e := newEngine(t, nil)
		e.fails = errors.New("down")
		if chunks, err := pick(t, e).Stream(t.Context()); !errors.Is(err, e.fails) || chunks != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !errors.Is(e.inferences[0].Err, e.fails) {
			t.Errorf("%s: reported %+v", name, e.inferences)
		}
	}
}

func TestLeavingAStreamLeavesTheModel(t *testing.T) {
	for name, pick := range pipelines {
		e := newEngine(t, nil)
		e.says, e.left = []llm.Chunk{{Text: "a"}, {Text: "b"}}, make(chan struct{})
		chunks, err := pick(t, e).Stream(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range chunks {
			break
		}
		select {
		case <-e.left:
		default:
			t.Errorf("%s: the model goes on", name)
		}
	}
}
