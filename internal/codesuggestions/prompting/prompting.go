// Package prompting turns the code around the cursor into the prompt of a model, within the model's budget of tokens
// (spec/code-suggestions.md 8 and 9).
//
// [Build] serves most models: the end of the text above the cursor, the start of the text below it, and code of other files, as far as
// there is room. [Legacy] serves the default completion model, whose prompt has a fixed budget and a header. [Raw] takes a prompt that the
// client made itself.
package prompting

import "fmt"

// Tokens counts and cuts text in tokens (spec/code-suggestions.md 5.2). Implementations are safe for concurrent use.
type Tokens interface {
	Count(text string) int
	// KeepFirst cuts text behind its first limit tokens; it returns what is left and its number of tokens.
	KeepFirst(text string, limit int) (string, int)
	// KeepLast cuts text before its last limit tokens; it returns what is left and its number of tokens.
	KeepLast(text string, limit int) (string, int)
}

// Prompt is what a model is asked to continue, with the sizes of what went into it.
type Prompt struct {
	Prefix     string
	Suffix     *string // nil: none
	Components []Component
	Context    *ContextSizes // nil: no code context was given

	// Of [Legacy] alone: imports of the prefix, signatures of the suffix, and why they are missing from the prompt.
	Imports, Signatures ContextSizes
	Unparsed            []error
}

// Component is the size of a part of a prompt: "prefix" and perhaps "suffix", or "prompt" for one that the client made.
type Component struct {
	Name string
	Size
}

// Size is the size of a text.
type Size struct {
	Length int // code points
	Tokens int
}

// ContextSizes are the sizes of code that was there for the prompt, and of what went into it.
type ContextSizes struct {
	Pre, Post Size
}

// TooLargeError is a prompt that doesn't fit the model and may not be cut.
type TooLargeError struct {
	Tokens int
	Limit  int // tokens that the model takes
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the prompt has %d tokens, but the model takes no more than %d", e.Tokens, e.Limit)
}
