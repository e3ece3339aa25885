package codesuggestions_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/reasoning"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/tokenizer"
)

// selfHosted is a model that says what a test wants it to, whoever asks.
type selfHosted struct {
	answer []llm.Chunk
	fails  error // behind the answer
	read   int   // pieces that were taken
}

func (m *selfHosted) Resolve(llm.Ref) (llm.Handle, error) {
	return llm.Handle{Model: m, ID: llm.ID{Engine: "litellm", Name: "m"}, InputLimit: 2048}, nil
}

// Agent implements codesuggestions.Models. The gateway hides reasoning below it.
func (m *selfHosted) Agent(string, *prompt.ModelMetadata) (codesuggestions.Agent, error) {
	handle, err := reasoning.Hide(m).Resolve(llm.Ref{})
	return codesuggestions.Agent{Handle: handle}, err
}

func (m *selfHosted) Generate(context.Context, llm.Request) (llm.Stream, error) {
	return func(yield func(llm.Chunk, error) bool) {
		for _, chunk := range m.answer {
			m.read++
			if !yield(chunk, nil) {
				return
			}
		}
		if m.fails != nil {
			yield(llm.Chunk{}, m.fails)
		}
	}, nil
}

func newService(model *selfHosted, all bool) *codesuggestions.Service {
	return codesuggestions.New(codesuggestions.Config{
		Models: model, Tokens: tokenizer.New(), Recorder: &lastInference{}, PostProcessAll: all,
	})
}

func target(family string) codesuggestions.Target {
	return codesuggestions.Target{
		Provider: codesuggestions.LiteLLM, Model: family,
		Metadata: &prompt.ModelMetadata{Name: family, Provider: "custom_openai", Endpoint: "http://h"},
	}
}

var anybody = codesuggestions.Caller{Can: func(string) bool { return true }}

// fileRequests are the pipelines of a file for kinds of requests, by what post-processes them.
var fileRequests = map[string]func(*codesuggestions.Service, codesuggestions.File) (*codesuggestions.Pipeline, error){
	"registered completion": func(s *codesuggestions.Service, file codesuggestions.File) (*codesuggestions.Pipeline, error) {
		return s.Completion(&codesuggestions.CompletionRequest{File: file, Target: target("qwen"), Caller: anybody, PromptVersion: 2})
	},
	"Fireworks": func(s *codesuggestions.Service, file codesuggestions.File) (*codesuggestions.Pipeline, error) {
		target := codesuggestions.Target{Provider: codesuggestions.Fireworks, Model: "qwen2p5-coder-7b"}
		return s.Completion(&codesuggestions.CompletionRequest{File: file, Target: target, PromptVersion: 1})
	},
	"Codestral": func(s *codesuggestions.Service, file codesuggestions.File) (*codesuggestions.Pipeline, error) {
		target := codesuggestions.Target{Provider: codesuggestions.Codestral, Model: "codestral"}
		return s.Completion(&codesuggestions.CompletionRequest{File: file, Target: target, PromptVersion: 1})
	},
	"Anthropic": func(s *codesuggestions.Service, file codesuggestions.File) (*codesuggestions.Pipeline, error) {
		target := codesuggestions.Target{Provider: codesuggestions.Anthropic, Model: "claude-3-5-sonnet-20240620"}
		raw := &codesuggestions.RawPrompt{Messages: []llm.Message{{Role: llm.User, Content: "x"}}}
		return s.Completion(&codesuggestions.CompletionRequest{File: file, Target: target, PromptVersion: 3, Prompt: raw})
	},
	"registered generation": func(s *codesuggestions.Service, file codesuggestions.File) (*codesuggestions.Pipeline, error) {
		return s.Generation(&codesuggestions.GenerationRequest{
			File: file, Target: target("qwen"), Caller: anybody, PromptVersion: 2, PromptID: "code_suggestions/generations",
		})
	},
	"litellm generation": func(s *codesuggestions.Service, file codesuggestions.File) (*codesuggestions.Pipeline, error) {
		target := codesuggestions.Target{Provider: codesuggestions.LiteLLM, Model: "mistral"}
		return s.Generation(&codesuggestions.GenerationRequest{File: file, Target: target, PromptVersion: 1})
	},
	"Anthropic generation": func(s *codesuggestions.Service, file codesuggestions.File) (*codesuggestions.Pipeline, error) {
		target := codesuggestions.Target{Provider: codesuggestions.Anthropic, Model: "claude-3-haiku-20240307"}
		raw := &codesuggestions.RawPrompt{Messages: []llm.Message{{Role: llm.User, Content: "x"}}}
		return s.Generation(&codesuggestions.GenerationRequest{File: file, Target: target, PromptVersion: 3, Prompt: raw})
	},
}

func open(t *testing.T, kind string, service *codesuggestions.Service, file codesuggestions.File) *codesuggestions.Pipeline {
	t.Helper()
	pipeline, err := fileRequests[kind](service, file)
	if err != nil {
		t.Fatal(err)
	}
	return pipeline
}

func streamed(t *testing.T, pipeline *codesuggestions.Pipeline) (pieces []string, failure error) {
	t.Helper()
	stream, err := pipeline.Stream(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for chunk, err := range stream {
		if err != nil {
			return pieces, err
		}
		if chunk.Text != "" {
			pieces = append(pieces, chunk.Text)
		}
	}
	return pieces, nil
}

func TestWhoIsCleaned(t *testing.T) {
	file := codesuggestions.File{Name: "a.py", Above: "def f():\n    return "}
	const fence, prose, ends = "```python\n1\n```\n", "That is it.", "<|im_end|></s>"
	for _, tc := range []struct {
		kind   string
		all    bool
		answer string
		whole  string
		stream string
	}{
		{"registered completion", false, fence + prose + ends, fence + prose, fence + prose},
		{"registered completion", true, fence + prose + ends, "1", "1\n"},
		{"Fireworks", false, fence + prose + ends, fence + prose, fence + prose},
		{"Fireworks", true, fence + prose + ends, "1", "1\n"},
		{"Codestral", false, fence + "x</s>[INST]", fence + "x", fence + "x"},
		{"Codestral", true, fence + "x</s>[INST]", "1", "1\n"},
		{"Anthropic", false, fence + ends, fence + ends, fence + ends},
		{"Anthropic", true, fence + ends, "1", "1\n"},
		{"registered generation", false, fence + prose + ends, "\n1\n" + prose, fence + prose},
		{"registered generation", true, fence + prose + ends, "\n1", "\n1\n"},
		{"litellm generation", false, fence + prose + "</s>x", "\n1\n" + prose, fence + prose},
		{"litellm generation", true, fence + prose + "</s>x", "\n1", "\n1\n"},
		{"Anthropic generation", false, fence + ends, fence + ends, fence + ends},
		{"Anthropic generation", true, fence + ends, fence + ends, fence + ends},
	} {
		model := &selfHosted{answer: []llm.Chunk{{Text: tc.answer}}}
		suggestion, err := open(t, tc.kind, newService(model, tc.all), file).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(suggestion.Choices, "|"); got != tc.whole {
			t.Errorf("%s, all %v: got %q, want %q", tc.kind, tc.all, got, tc.whole)
		}
		for size := 1; size <= len(tc.answer); size += 3 {
			model.answer = nil
			for piece := range slices.Chunk([]byte(tc.answer), size) {
				model.answer = append(model.answer, llm.Chunk{Text: string(piece)})
			}
			pieces, err := streamed(t, open(t, tc.kind, newService(model, tc.all), file))
			if got := strings.Join(pieces, ""); got != tc.stream || err != nil {
				t.Errorf("%s, all %v, streamed in pieces of %d bytes: got %q, %v, want %q", tc.kind, tc.all, size, got, err, tc.stream)
			}
		}
	}
}

func TestFencesOfAModelThatReasonsAreTakenOutOfStreams(t *testing.T) {
	file := codesuggestions.File{Name: "a.py", Above: "# one\n"}
	const thought, fenced = "<think>\nhm\n</think>\n\n", "```python\nx = 1\n```\nThat is it."
	for _, tc := range []struct {
		name, kind, answer, want string
		file                     codesuggestions.File
	}{
		{"with reasoning", "registered generation", thought + fenced, "x = 1\n", file},
		{"without, as the contract has it", "registered generation", fenced, fenced, file},
		{"the token at the end is no reasoning", "registered generation", fenced + "<|im_end|>", fenced, file},
		{"where fences are code", "registered generation", thought + fenced, fenced, codesuggestions.File{Name: "README.md"}},
		{"a completion", "registered completion", thought + fenced, fenced, file},
	} {
		for size := 1; size <= len(tc.answer); size += 5 {
			model := &selfHosted{}
			for piece := range slices.Chunk([]byte(tc.answer), size) {
				model.answer = append(model.answer, llm.Chunk{Text: string(piece)})
			}
			pieces, err := streamed(t, open(t, tc.kind, newService(model, false), tc.file))
			if got := strings.Join(pieces, ""); got != tc.want || err != nil {
				t.Errorf("%s, in pieces of %d bytes: got %q, %v, want %q", tc.name, size, got, err, tc.want)
			}
		}
	}
}

func TestFencesOfAFileAreCode(t *testing.T) {
	const answer = "```sh\nmake\n```\nThen wait."
	for _, file := range []codesuggestions.File{
		{Name: "README.md", Above: "# Build\n\n"},
		{Name: "gen.go", Above: "// ```\n", Below: "\n"},
		{Name: "gen.go", Above: "\n", Below: "\n```"},
	} {
		for _, kind := range []string{"registered completion", "registered generation"} {
			pieces, err := streamed(t, open(t, kind, newService(&selfHosted{answer: []llm.Chunk{{Text: answer}}}, true), file))
			if got := strings.Join(pieces, ""); got != answer || err != nil {
				t.Errorf("%s of %s: got %q, %v", kind, file.Name, got, err)
			}
		}
		suggestion, err := open(t, "registered completion", newService(&selfHosted{answer: []llm.Chunk{{Text: answer}}}, true), file).Run(t.Context())
		if err != nil || !slices.Equal(suggestion.Choices, []string{answer}) {
			t.Errorf("%s: got %q, %v", file.Name, suggestion.Choices, err)
		}
	}
}

func TestStepsOfAllCanBeLeftOut(t *testing.T) {
	const answer = "```py\n1\n```"
	for _, stream := range []bool{false, true} {
		service := codesuggestions.New(codesuggestions.Config{
			Models: &selfHosted{answer: []llm.Chunk{{Text: answer}}}, Tokens: tokenizer.New(), Recorder: &lastInference{},
			PostProcessAll: true, Excluded: []string{"keep_fenced_code"},
		})
		pipeline := open(t, "registered completion", service, codesuggestions.File{Name: "notes.txt", Above: "x = "})
		var got string
		if stream {
			pieces, _ := streamed(t, pipeline)
			got = strings.Join(pieces, "")
		} else if suggestion, err := pipeline.Run(t.Context()); err == nil {
			got = strings.Join(suggestion.Choices, "")
		}
		if got != answer {
			t.Errorf("streamed %v: got %q", stream, got)
		}
	}
}

func TestAnEmptySuggestionIsNone(t *testing.T) {
	for _, answer := range []string{"<|endoftext|>x", "<think>\nhm", "<|fim_middle|>"} {
		suggestion, err := open(t, "registered completion", newService(&selfHosted{answer: []llm.Chunk{{Text: answer}}}, false), codesuggestions.File{Name: "a.py"}).Run(t.Context())
		if err != nil || len(suggestion.Choices) > 0 {
			t.Errorf("%q: got %q, %v", answer, suggestion.Choices, err)
		}
	}
}

func TestTheCallEndsWithTheSuggestion(t *testing.T) {
	model := &selfHosted{answer: []llm.Chunk{{Text: "a"}, {Text: "<|im_"}, {Text: "end|>b"}, {Text: "c"}, {Text: "d"}}}
	pieces, err := streamed(t, open(t, "registered completion", newService(model, false), codesuggestions.File{Name: "a.py"}))
	if diff := cmp.Diff([]string{"a"}, pieces); diff != "" || err != nil || model.read != 3 {
		t.Errorf("%d pieces were read, error %v\n%s", model.read, err, diff)
	}
}

func TestWhatCameBeforeAFailureIsShown(t *testing.T) {
	broken := errors.New("broken")
	model := &selfHosted{answer: []llm.Chunk{{Text: "a "}, {Text: "<"}}, fails: broken}
	pieces, err := streamed(t, open(t, "registered completion", newService(model, false), codesuggestions.File{Name: "a.py"}))
	if strings.Join(pieces, "") != "a <" || !errors.Is(err, broken) {
		t.Errorf("got %q, %v", pieces, err)
	}
}

func TestCountsAreOfWhatTheModelSaid(t *testing.T) {
	const answer = "<think>\none two\n</think>\n\nx = 1<|im_end|>"
	recorder := &lastInference{}
	service := codesuggestions.New(codesuggestions.Config{
		Models: &selfHosted{answer: []llm.Chunk{{Text: answer}}}, Tokens: tokenizer.New(), Recorder: recorder,
	})
	want := tokenizer.New().Count(answer)
	for _, stream := range []bool{false, true} {
		var counted []int
		caller := anybody
		caller.Track = func(e codesuggestions.TokenEvent) { counted = append(counted, *e.Tokens) }
		pipeline, err := service.Generation(&codesuggestions.GenerationRequest{
			File: codesuggestions.File{Name: "a.py"}, Target: target("qwen"), Caller: caller, PromptVersion: 2, PromptID: "p",
		})
		if err != nil {
			t.Fatal(err)
		}
		if stream {
			if pieces, err := streamed(t, pipeline); err != nil || strings.Join(pieces, "") != "x = 1" {
				t.Errorf("got %q, %v", pieces, err)
			}
		} else if _, err := pipeline.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(counted) != 2 || counted[1] != want {
			t.Errorf("streamed %v: %v tokens are counted, want %d", stream, counted, want)
		}
	}
	if recorder.last.Output != nil {
		t.Error("a stream has no output")
	}
	if _, err := open(t, "registered completion", service, codesuggestions.File{Name: "a.py"}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := recorder.last.Output; got == nil || got.Length != len(answer) {
		t.Errorf("got %+v", got)
	}
}
