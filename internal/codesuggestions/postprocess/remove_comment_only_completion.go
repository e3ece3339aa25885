package postprocess

import (
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
)

// RemoveCommentOnlyCompletion empties a completion of nothing but comments (spec/code-suggestions.md 13.3). It looks at the completion
// alone: inside of a string of the file it may say something else. When it can't be parsed, it is returned as it is, with the error.
func RemoveCommentOnlyCompletion(completion string, language lang.Language) (string, error) {
	if completion == "" || !syntax.MayBeComments(language, completion) {
		return completion, nil
	}
	tree, err := syntax.Parse(language, completion)
	if err != nil || !tree.CommentsOnly() {
		return completion, err
	}
	return "", nil
}
