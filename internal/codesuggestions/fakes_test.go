package codesuggestions_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/tokenizer"
)

// engine is a service between fakes: what a test gives it, and what it did with that.
type engine struct {
	*codesuggestions.Service

	// What the models are.
	limit       int           // tokens that a model takes; 0: 2048
	permissions []string      // that registered prompts demand
	agentErr    error         // of registered prompts
	says        []llm.Chunk   // what the model says
	fails       error         // of the call
	breaks      error         // of the stream, behind what the model says
	left        chan struct{} // closed when the stream ends early; nil: nobody waits

	// What they were asked.
	refs     []llm.Ref
	agents   []agentRef
	requests []llm.Request
	contexts []context.Context

	// What was reported.
	inferences    []codesuggestions.Inference
	postProcessed []llm.ID
	events        []codesuggestions.TokenEvent
	log           bytes.Buffer
}

// agentRef is a registered prompt that was asked for.
type agentRef struct {
	id       string
	metadata *prompt.ModelMetadata
}

// newEngine returns an engine whose model says the given texts, each as an answer of its own. configure may change its settings.
func newEngine(t testing.TB, configure func(*codesuggestions.Config), answers ...string) *engine {
	t.Helper()
	e := &engine{}
	for i, text := range answers {
		e.says = append(e.says, llm.Chunk{Text: text, Candidate: i})
	}
	config := codesuggestions.Config{Models: e, Tokens: tokenizer.New(), Recorder: e, Log: slog.New(slog.NewTextHandler(&e.log, nil))}
	if configure != nil {
		configure(&config)
	}
	e.Service = codesuggestions.New(config)
	return e
}

// Resolve implements [codesuggestions.Models].
func (e *engine) Resolve(ref llm.Ref) (llm.Handle, error) {
	e.refs = append(e.refs, ref)
	return e.handle(ref.Provider, ref.Name), nil
}

// Agent implements [codesuggestions.Models].
func (e *engine) Agent(id string, metadata *prompt.ModelMetadata) (codesuggestions.Agent, error) {
	e.agents = append(e.agents, agentRef{id, metadata})
	return codesuggestions.Agent{Handle: e.handle("agent", "Display Name"), UnitPrimitives: e.permissions}, e.agentErr
}

func (e *engine) handle(vendor, name string) llm.Handle {
	limit := e.limit
	if limit == 0 {
		limit = 2048
	}
	return llm.Handle{Model: e, ID: llm.ID{Engine: vendor, Name: name}, InputLimit: limit}
}

// Generate implements [llm.Model].
func (e *engine) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	e.requests, e.contexts = append(e.requests, req), append(e.contexts, ctx)
	if e.fails != nil {
		return nil, e.fails
	}
	return func(yield func(llm.Chunk, error) bool) {
		for _, chunk := range e.says {
			if !yield(chunk, nil) {
				if e.left != nil {
					close(e.left)
				}
				return
			}
		}
		if e.breaks != nil {
			yield(llm.Chunk{}, e.breaks)
		}
	}, nil
}

// Inference implements [codesuggestions.Recorder].
func (e *engine) Inference(_ context.Context, i codesuggestions.Inference) {
	e.inferences = append(e.inferences, i)
}

// PostProcessed implements [codesuggestions.Recorder].
func (e *engine) PostProcessed(_ context.Context, model llm.ID, _ time.Duration) {
	e.postProcessed = append(e.postProcessed, model)
}

// caller may do everything, and its events are kept.
func (e *engine) caller() codesuggestions.Caller {
	return codesuggestions.Caller{
		UserID: "user-1",
		Can:    func(string) bool { return true },
		Track:  e.track,
	}
}

// track keeps an event as it is now.
func (e *engine) track(event codesuggestions.TokenEvent) {
	if event.Tokens != nil {
		event.Tokens = new(*event.Tokens)
	}
	e.events = append(e.events, event)
}

// completion selects the pipeline of a request; the test ends when there is none.
func (e *engine) completion(t testing.TB, req codesuggestions.CompletionRequest) *codesuggestions.Pipeline {
	t.Helper()
	req.Caller = e.caller()
	pipeline, err := e.Completion(&req)
	if err != nil {
		t.Fatal(err)
	}
	return pipeline
}

func (e *engine) generation(t testing.TB, req codesuggestions.GenerationRequest) *codesuggestions.Pipeline {
	t.Helper()
	req.Caller = e.caller()
	pipeline, err := e.Generation(&req)
	if err != nil {
		t.Fatal(err)
	}
	return pipeline
}

// run asks a pipeline for its whole suggestion.
func run(t testing.TB, pipeline *codesuggestions.Pipeline) *codesuggestions.Suggestion {
	t.Helper()
	suggestion, err := pipeline.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return suggestion
}

// stream asks a pipeline piece by piece, and returns the pieces.
func stream(t testing.TB, pipeline *codesuggestions.Pipeline) (pieces []string) {
	t.Helper()
	chunks, err := pipeline.Stream(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for chunk, err := range chunks {
		if err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, chunk.Text)
	}
	return pieces
}

// asked is the one request that was made of the model.
func (e *engine) asked(t testing.TB) llm.Request {
	t.Helper()
	if len(e.requests) != 1 {
		t.Fatalf("the model was asked %d times", len(e.requests))
	}
	return e.requests[0]
}

// python is a file with the cursor in a function.
func python() codesuggestions.File {
	return codesuggestions.File{Name: "add.py", Above: "def add(a, b):\n    ", Below: "\n"}
}

func text(s string) *codesuggestions.RawPrompt { return &codesuggestions.RawPrompt{Text: s} }

func messages(all ...llm.Message) *codesuggestions.RawPrompt {
	return &codesuggestions.RawPrompt{Messages: all}
}

func says(role llm.Role, content string) llm.Message {
	return llm.Message{Role: role, Content: content}
}
