// Package llm is the port to language models: what a use case may ask of a model and what it gets back.
//
// A use case names a model with a [Ref] and gets a [Handle] for it from a [Provider]; the [Registry] is the provider of all
// providers. A [Model] turns a [Request] into a [Stream]. One adapter package a vendor implements both (llm/anthropic, llm/openai, …)
// and package app decides which one serves which key. Use cases never learn which vendor answered, except by [Handle.ID].
//
// A request that does not stream comes back as a stream of one chunk, so there is one code path for both; [Collect] joins it.
// Cancel the context, or leave the range loop, and the call to the vendor ends within milliseconds.
package llm

import (
	"context"
	"iter"
	"strings"
	"time"
)

// Model answers requests. Implementations are safe for concurrent use.
type Model interface {
	// Generate opens the call and returns once the vendor has accepted it, so that a refused call is known before the
	// first byte goes to the client. The error is an [*Error], or that of a cancelled context.
	//
	// The stream must be ranged over, or ctx cancelled: until then the call to the vendor stays open.
	Generate(ctx context.Context, req Request) (Stream, error)
}

// Stream yields an answer piece by piece, once. An error is the last thing it yields.
type Stream = iter.Seq2[Chunk, error]

// Chunk is a piece of an answer. Text may be empty; it is never cut inside a character.
type Chunk struct {
	Text      string
	Hidden    string   // what the model said beside Text that is no part of its answer, such as its reasoning. It is counted, and shown to nobody
	Candidate int      // which of several answers the piece belongs to, counted from 0 (see [Request.Candidates])
	Finish    string   // why the model stopped, in its vendor's words ("stop", "end_turn"); only on the chunk that says so
	Usage     *Usage   // tokens of the whole call, when the vendor counted them; only on the chunk that says so
	Score     *float64 // the vendor's own rating of the answer, when it gives one
	Safety    *Safety  // what the vendor's filter found, when it has one
}

// Silent says that there is nothing in a piece but hidden text.
func (c Chunk) Silent() bool {
	return c.Hidden != "" && c.Text == "" && c.Finish == "" && c.Usage == nil
}

// Safety is what a vendor's filter found in an answer. A blocked answer is without text, as a rule.
type Safety struct {
	Blocked    bool
	Categories []string // names of the vendor ("Violent")
	Errors     []int    // numbers of the vendor
}

// Usage counts tokens as the vendor did.
type Usage struct {
	InputTokens  int
	OutputTokens int
}

// Request is one call. Either Messages or Prompt holds what is asked: a conversation, or a text to continue.
type Request struct {
	Messages []Message
	Prompt   string
	Suffix   *string // text behind the cursor, for models that fill in the middle; nil when there is none

	MaxTokens   int      // limit of the answer; 0: the vendor's own
	Temperature *float64 // nil: the vendor's own; so are the two below
	TopP        *float64
	TopK        *int
	Stop        []string // nil is left out of the call, an empty list is sent
	Candidates  int      // how many answers to ask for, where the vendor gives several ([CollectAll]); 0 is left out of the call

	Stream  bool          // ask the vendor for pieces as they come
	Timeout time.Duration // how long each phase of the call (connect, head, each read) may take; 0: the provider's own
	Retries *int          // repetitions after a failed first attempt, for providers that leave this to their caller; nil: the provider's own
	UserID  string        // GitLab's global user ID, for vendors that keep a user's sessions together

	// Headers are sent in place of those that name the version of the vendor's interface, for providers that leave this to their caller;
	// nil: the provider's own.
	Headers map[string]string

	// Variables fill the templates of a registered prompt that is asked as if it were a model (spec/models-and-providers.md 12).
	Variables map[string]any

	// Echo are arguments that only a mock model looks at: it repeats them, in order (spec/models-and-providers.md 13).
	Echo []Arg
}

// Arg is a named argument of a call.
type Arg struct {
	Name  string
	Value any
}

// Message is one turn of a conversation.
type Message struct {
	Role    Role
	Content string
}

// Role says who speaks.
type Role string

// The roles that every vendor knows.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Answer is a whole answer.
type Answer struct {
	Text   string
	Hidden string // see [Chunk.Hidden]
	Finish string
	Usage  *Usage   // of the whole call; nil when the vendor did not count
	Score  *float64 // nil when the vendor gives none
	Safety *Safety  // nil when the vendor has no filter
}

// Collect joins a stream into a whole answer: the first one, when there are several. It takes what [Model.Generate] returns.
func Collect(stream Stream, err error) (Answer, error) {
	answers, err := CollectAll(stream, err)
	if err != nil || len(answers) == 0 {
		return Answer{}, err
	}
	return answers[0], nil
}

// CollectAll joins a stream into all its answers, in the vendor's order. There is none when the stream has no chunk: the model then said
// nothing at all, which is not the same as an empty text.
func CollectAll(stream Stream, err error) ([]Answer, error) {
	if err != nil {
		return nil, err
	}
	var (
		answers []Answer
		texts   []*strings.Builder
	)
	for chunk, err := range stream {
		if err != nil {
			return nil, err
		}
		for len(answers) <= chunk.Candidate {
			answers, texts = append(answers, Answer{}), append(texts, new(strings.Builder))
		}
		answers[chunk.Candidate].add(chunk)
		texts[chunk.Candidate].WriteString(chunk.Text)
	}
	for i := range answers {
		answers[i].Text = texts[i].String()
	}
	return answers, nil
}

// add takes over all that a chunk says but its text.
func (a *Answer) add(chunk Chunk) {
	a.Hidden += chunk.Hidden
	if chunk.Finish != "" {
		a.Finish = chunk.Finish
	}
	if chunk.Usage != nil {
		a.Usage = chunk.Usage
	}
	if chunk.Score != nil {
		a.Score = chunk.Score
	}
	if chunk.Safety != nil {
		a.Safety = chunk.Safety
	}
}

// Of is a stream of the given chunks.
func Of(chunks ...Chunk) Stream {
	return func(yield func(Chunk, error) bool) {
		for _, c := range chunks {
			if !yield(c, nil) {
				return
			}
		}
	}
}
