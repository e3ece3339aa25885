// Package postprocess cleans what a model wrote before it goes to the editor (spec/code-suggestions.md 13).
//
// An operation takes a completion and returns it, changed or not; each has a file of its own. [Completion] and [Generation] are the
// contract's two chains of operations; [ChatCompletion] and [ChatGeneration] go further. A streamed answer isn't seen as a whole: for it
// there are [FencedCode] and [Beginning].
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

// Cleaned is what a chain has left of a completion.
type Cleaned struct {
	Text      string
	EmptiedBy string  // name of the operation that left nothing; "" for none
	Unparsed  []error // why operations did nothing: the code couldn't be parsed
}

// operation changes a completion of a file. Its name is the one that the exclusion list knows (spec/code-suggestions.md 13.1). With an error
// the completion is unchanged.
type operation struct {
	name  string
	apply func(completion string, file File) (string, error)
}

// CommentRemoval is the name of [RemoveCommentOnlyCompletion] as an operation, FenceRemoval that of [KeepFencedCode].
const (
	CommentRemoval = "remove_comment_only_completion"
	FenceRemoval   = "keep_fenced_code"
)

var (
	keepFencedCode = operation{FenceRemoval, func(completion string, _ File) (string, error) {
		return KeepFencedCode(completion), nil
	}}
	removeRepeatedLine = operation{"remove_repeated_line", func(completion string, file File) (string, error) {
		return RemoveRepeatedLine(completion, file.Prefix), nil
	}}
	removeCommentOnlyCompletion = operation{CommentRemoval, func(completion string, file File) (string, error) {
		return RemoveCommentOnlyCompletion(completion, file.Language)
	}}
	trimByMinAllowedContext         = operation{"trim_by_min_allowed_context", TrimByMinAllowedContext}
	fixEndBlockErrors               = operation{"fix_end_block_errors", FixEndBlockErrors}
	fixEndBlockErrorsWithComparison = operation{fixEndBlockErrors.name, FixEndBlockErrorsWithComparison}
	cleanModelReflection            = operation{"clean_model_reflection", func(completion string, file File) (string, error) {
		return CleanModelReflection(completion, file.Prefix), nil
	}}
	stripWhitespaces = operation{"strip_whitespaces", func(completion string, _ File) (string, error) {
		return StripWhitespaces(completion), nil
	}}
)

// The chains, in order: for the default completion model, and for models of which nothing is known.
var (
	completions = []operation{
		removeCommentOnlyCompletion, trimByMinAllowedContext, fixEndBlockErrors, cleanModelReflection, stripWhitespaces,
	}
	chatty = []operation{
		keepFencedCode, removeRepeatedLine,
		removeCommentOnlyCompletion, trimByMinAllowedContext, fixEndBlockErrorsWithComparison, cleanModelReflection, stripWhitespaces,
	}
)

// Completion cleans a completion of file (spec/code-suggestions.md 13.2). It leaves out the operations that excluded names; names of no
// operation are ignored. An operation that leaves nothing is the last.
func Completion(completion string, file File, excluded []string) Cleaned {
	return run(completions, completion, file, excluded)
}

// ChatCompletion cleans a completion by a model of which nothing is known, and which may talk beside writing code: the operations of
// [Completion], and before them keep_fenced_code and remove_repeated_line. Files that are being written have errors, so of
// fix_end_block_errors it takes the form that compares them.
func ChatCompletion(completion string, file File, excluded []string) Cleaned {
	return run(chatty, completion, file, excluded)
}

func run(chain []operation, completion string, file File, excluded []string) Cleaned {
	cleaned := Cleaned{Text: completion}
	for _, op := range chain {
		if slices.Contains(excluded, op.name) {
			continue
		}
		text, err := op.apply(cleaned.Text, file)
		if err != nil {
			cleaned.Unparsed = append(cleaned.Unparsed, err)
		}
		if cleaned.Text = text; text == "" {
			cleaned.EmptiedBy = op.name
			break
		}
	}
	return cleaned
}
