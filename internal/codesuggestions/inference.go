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
	// PostProcessed is told how long it took to clean up one completion of the default model.
	PostProcessed(ctx context.Context, model llm.ID, took time.Duration)
}

// Inference is one model call as logs and metrics see it (18.1). Lengths are in code points; "stripped" ones leave out white space.
type Inference struct {
	Model                llm.ID
	Language             string  // label, "" when unknown
	CountedLanguage      string  // label that the request is counted under: with the default completion model, of the extension alone (2.5)
	EditorLanguage       *string // as sent
	Extension            string  // of the file's name
	PromptLength         int
	PromptLengthStripped int
	SuffixLength         *int // of the request; nil where it isn't reported
	Components           []prompting.Component
	Experiments          []Experiment
	Symbols              map[string]int // syntax elements of the prompt's prefix; nil where they aren't counted
	Duration             time.Duration
	Output               *Output // nil for a stream, for a failure, and when the model said nothing at all
	Err                  error   // of the call
}

// Output is a whole answer as logs and metrics see it: what the model said, its reasoning included, and not what of it is shown. Of several
// answers the lengths are added up, and the last one counts for the rest.
type Output struct {
	Length           int
	LengthStripped   int
	Score            float64
	Blocked          bool     // by the vendor's filter
	SafetyCategories []string // that the filter found
	ErrorCodes       []int    // of the filter
	Discarded        bool     // one of the answers at least was too bad to be shown
}

// noScore is the score of a model that rates nothing (15.1).
const noScore = 100000

// scoreOf is the vendor's rating of an answer, or noScore.
func scoreOf(answer llm.Answer) float64 {
	if answer.Score == nil {
		return noScore
	}
	return *answer.Score
}

func (p *Pipeline) record(ctx context.Context, took time.Duration, answers []llm.Answer, err error) {
	length, stripped := p.promptLength()
	inference := Inference{
		Model: p.model.ID, Language: p.language.Label(), CountedLanguage: p.countedLanguage().Label(),
		EditorLanguage: p.file.EditorLanguage, Extension: lang.Extension(p.file.Name),
		PromptLength: length, PromptLengthStripped: stripped, SuffixLength: p.suffixLength,
		Components: p.prompt.Components, Experiments: p.experiments, Symbols: p.countedSymbols(ctx), Duration: took, Err: err,
	}
	if len(answers) > 0 {
		inference.Output = p.output(answers)
	}
	p.service.recorder.Inference(ctx, inference)
}

func (p *Pipeline) output(answers []llm.Answer) *Output {
	var o Output
	for _, answer := range answers {
		said := answer.Hidden + answer.Text
		o.Length += text.Length(said)
		o.LengthStripped += text.CountNonSpace(said)
		o.Score = scoreOf(answer)
		o.Discarded = o.Discarded || p.discards(answer)
		if safety := answer.Safety; safety != nil {
			o.Blocked = safety.Blocked
			if len(safety.Categories) > 0 {
				o.SafetyCategories = safety.Categories
			}
			if len(safety.Errors) > 0 {
				o.ErrorCodes = safety.Errors
			}
		}
	}
	return &o
}

func (p *Pipeline) countedLanguage() lang.Language {
	if p.legacy {
		return lang.OfFile(p.file.Name)
	}
	return p.language
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
