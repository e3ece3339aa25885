package codesuggestions

import (
	"context"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/prompting"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Pipeline is one way from a request to a suggestion: the model, what it is asked, and what is done with its answer (4.1). It answers one
// request, once.
type Pipeline struct {
	service  *Service
	model    llm.Handle
	call     llm.Request
	file     File
	language lang.Language
	prompt   prompting.Prompt

	streams      bool
	suffixLength *int               // of the request, in code points; only the default completion model reports it
	legacy       bool               // the default completion model answers (8)
	symbols      <-chan symbolCount // of the prompt; nil: they aren't counted
	experiments  []Experiment
	minScore     *float64                                      // answers with this score or less are discarded; nil: none is
	special      func() filter                                 // takes out the special tokens of a self-hosted model; nil for others
	pieces       func() filters                                // post-processing of a streamed answer; nil for none
	process      func(ctx context.Context, text string) string // post-processing of a whole answer; nil for none
	consumption  func(llm.Answer) *TokensConsumption
	tokenEvents  tokenEvents
}

func (s *Service) pipeline(model llm.Handle, file File) *Pipeline {
	return &Pipeline{service: s, model: model, file: file, language: lang.Of(file.Name, deref(file.EditorLanguage)), streams: true}
}

// Streams says whether the pipeline can answer piece by piece; some never do, whatever the client asks for (14).
func (p *Pipeline) Streams() bool { return p.streams }

// Run asks the model and returns the whole suggestion. It is empty, not an error, when the model has nothing to say.
func (p *Pipeline) Run(ctx context.Context) (*Suggestion, error) {
	p.tokensAsked()
	p.warnUnparsed(ctx, p.prompt.Unparsed...)
	p.countSymbols()
	p.logCall(ctx)
	started := time.Now()
	answers, err := llm.CollectAll(p.model.Generate(ctx, p.call))
	p.record(ctx, time.Since(started), answers, err)
	if err != nil {
		return nil, err
	}
	answers = p.discard(answers)
	suggestion := p.suggest(ctx, answers)
	p.logAnswer(ctx, first(answers))
	p.tokensAnswered(first(answers))
	return suggestion, nil
}

// clean post-processes an answer. How long that takes is reported for the default completion model.
func (p *Pipeline) clean(ctx context.Context, text string) string {
	started := time.Now()
	cleaned := p.process(ctx, text)
	if p.tokenEvents.label == completionTokens && text != "" {
		p.service.recorder.PostProcessed(ctx, p.model.ID, time.Since(started))
	}
	return cleaned
}

// Stream asks the model and returns its answer piece by piece, as it comes. Only what needs no more than a piece is cleaned in it.
func (p *Pipeline) Stream(ctx context.Context) (llm.Stream, error) {
	p.call.Stream = true
	p.tokensAsked()
	p.logCall(ctx)
	started := time.Now()
	stream, err := p.model.Generate(ctx, p.call)
	p.record(ctx, time.Since(started), nil, err)
	if err != nil {
		return nil, err
	}
	return p.streamFilters().stream(p.tokensStreamed(stream)), nil
}

// streamFilters are those that a streamed answer passes.
func (p *Pipeline) streamFilters() (fs filters) {
	if p.special != nil {
		fs = append(fs, p.special())
	}
	if p.pieces != nil {
		fs = append(fs, p.pieces()...)
	}
	return fs
}

// Model is what answers, as responses name it.
func (p *Pipeline) Model() llm.ID { return p.model.ID }

// buildPrompt makes the prompt of the code around the cursor (9).
func (p *Pipeline) buildPrompt(context []string, share float64) error {
	built, err := prompting.Build(p.service.tokens, prompting.Input{
		Total: p.model.InputLimit, Prefix: p.file.Above, Suffix: p.file.Below, SuffixReserve: suffixReserve,
		Context: context, ContextShare: share,
	})
	if err != nil {
		return invalid("%v", err)
	}
	p.prompt = built
	p.call.Prompt, p.call.Suffix = built.Prefix, built.Suffix
	return nil
}

// fencePrompt makes the prompt of the code above the cursor in a Markdown fence (11.2).
func (p *Pipeline) fencePrompt(label string) error {
	built, err := prompting.Build(p.service.tokens, prompting.Input{
		Total: p.model.InputLimit, Prefix: p.file.Above,
		Template: func(code string) string { return "```" + label + "\n" + code + "\n```" },
	})
	if err != nil {
		return invalid("%v", err)
	}
	p.prompt = built
	p.call.Prompt, p.call.Suffix = built.Prefix, new(string)
	return nil
}

// usePrompt takes the client's own prompt as it is (9.5).
func (p *Pipeline) usePrompt(raw *RawPrompt) error {
	texts := []string{raw.Text}
	if raw.Messages != nil {
		texts = texts[:0]
		for _, m := range raw.Messages {
			texts = append(texts, m.Content)
		}
	}
	built, err := prompting.Raw(p.service.tokens, p.model.InputLimit, texts...)
	if err != nil {
		return invalid("%v", err)
	}
	p.prompt = built
	p.call.Messages, p.call.Prompt, p.call.Suffix = raw.Messages, raw.Text, new(string)
	return nil
}

func ptr[T any](v T) *T { return &v }

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
