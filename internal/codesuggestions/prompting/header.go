package prompting

import (
	"fmt"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// header tells a model, in one line, which file it completes and in which language. It starts like a comment, so that a model that
// repeats it is cleaned up after (spec/code-suggestions.md 8.5).
func header(fileName string, language lang.Language) string {
	fileName = strings.Join(text.SplitLines(fileName), " ")
	if language == lang.None {
		return "File: " + fileName
	}
	return language.Comment(fmt.Sprintf("File: %s (%s)", fileName, language.Name()))
}
