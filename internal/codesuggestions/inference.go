package codesuggestions

import (
	"context"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/prompting"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Recorder is told of every model call of the engine once it has ended; of a stream, once it has begun.
type Recorder interface {
	Inference(ctx context.Context, i Inference)
}

// Inference is one model call as logs and metrics see it (18.1). Lengths are in code points; "stripped" ones leave out white space.
type Inference struct {
	Model                llm.ID
	Language             string  // label, "" when unknown
	EditorLanguage       *string // as sent
	Extension            string  // of the file's name
	PromptLength         int
	PromptLengthStripped int
	SuffixLength         *int // of the request; nil where it isn't reported
	Components           []prompting.Component
	Experiments          []Experiment
	Duration             time.Duration
	Output               *Output // nil for a stream and for a failure
	Err                  error   // of the call
}

// Output is a whole answer as logs and metrics see it.
type Output struct {
	Length         int
	LengthStripped int
	Score          float64
}

// noScore is the score of a model that rates nothing (15.1).
const noScore = 100000

func (p *Pipeline) record(ctx context.Context, took time.Duration, answer *llm.Answer, err error) {
	length, stripped := p.promptLength()
	inference := Inference{
		Model: p.model.ID, Language: p.language.Label(), EditorLanguage: p.file.EditorLanguage, Extension: lang.Extension(p.file.Name),
		PromptLength: length, PromptLengthStripped: stripped, SuffixLength: p.suffixLength,
		Components: p.prompt.Components, Experiments: p.experiments, Duration: took, Err: err,
	}
	if answer != nil && err == nil {
		inference.Output = &Output{Length: text.Length(answer.Text), LengthStripped: text.CountNonSpace(answer.Text), Score: noScore}
		if answer.Score != nil {
			inference.Output.Score = *answer.Score
		}
	}
	p.service.recorder.Inference(ctx, inference)
}

// promptLength is the length of all that the model is sent.
func (p *Pipeline) promptLength() (length, stripped int) {
	add := func(s string) {
		length += text.Length(s)
		stripped += text.CountNonSpace(s)
	}
	for _, m := range p.call.Messages {
		add(m.Content)
	}
	if p.call.Messages == nil {
		add(p.call.Prompt)
	}
	if p.call.Suffix != nil {
		add(*p.call.Suffix)
	}
	return length, stripped
}
