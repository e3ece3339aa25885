// Package postprocess cleans what a model wrote before it goes to the editor (spec/code-suggestions.md 13).
//
// An operation takes a completion and returns it, changed or not; each has a file of its own. [Completion] and [Generation] are the
// two chains of operations. Streamed answers aren't post-processed.
package postprocess

import (
	"slices"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// File is what stands around a completion: the whole text above and below the cursor, not what of it went into the prompt.
type File struct {
	Prefix, Suffix string
	Language       lang.Language
}

// operation changes a completion of a file. Its name is the one that the exclusion list knows (spec/code-suggestions.md 13.1).
type operation struct {
	name  string
	apply func(completion string, file File) string
}

// completions is the chain for the default completion model, in order.
var completions = []operation{
	{"clean_model_reflection", func(completion string, file File) string { return CleanModelReflection(completion, file.Prefix) }},
	{"strip_whitespaces", func(completion string, _ File) string { return StripWhitespaces(completion) }},
}

// Completion cleans a completion of file (spec/code-suggestions.md 13.2). It leaves out the operations that excluded names; names of no
// operation are ignored. An operation that leaves nothing is the last.
func Completion(completion string, file File, excluded []string) string {
	for _, op := range completions {
		if slices.Contains(excluded, op.name) {
			continue
		}
		if completion = op.apply(completion, file); completion == "" {
			break
		}
	}
	return completion
}
