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

// CommentRemoval is the name of [RemoveCommentOnlyCompletion] as an operation.
const CommentRemoval = "remove_comment_only_completion"

// completions is the chain for the default completion model, in order.
var completions = []operation{
	{CommentRemoval, func(completion string, file File) (string, error) {
		return RemoveCommentOnlyCompletion(completion, file.Language)
	}},
	{"trim_by_min_allowed_context", TrimByMinAllowedContext},
	{"fix_end_block_errors", FixEndBlockErrors},
	{"clean_model_reflection", func(completion string, file File) (string, error) {
		return CleanModelReflection(completion, file.Prefix), nil
	}},
	{"strip_whitespaces", func(completion string, _ File) (string, error) { return StripWhitespaces(completion), nil }},
}

// FenceRemoval is the name of [KeepFencedCode] as an operation.
const FenceRemoval = "keep_fenced_code"

// chatty are operations for the habits of models that talk: the chain goes on with those of completions.
var chatty = append([]operation{
	{FenceRemoval, func(completion string, _ File) (string, error) { return KeepFencedCode(completion), nil }},
	{"remove_repeated_line", func(completion string, file File) (string, error) {
		return RemoveRepeatedLine(completion, file.Prefix), nil
	}},
}, completions...)

// Completion cleans a completion of file (spec/code-suggestions.md 13.2). It leaves out the operations that excluded names; names of no
// operation are ignored. An operation that leaves nothing is the last.
func Completion(completion string, file File, excluded []string) Cleaned {
	return run(completions, completion, file, excluded)
}

// ChatCompletion cleans a completion by a model of which nothing is known, and which may talk beside writing code: the operations of
// [Completion], and before them keep_fenced_code and remove_repeated_line.
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
