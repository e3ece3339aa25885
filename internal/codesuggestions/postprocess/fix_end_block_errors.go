package postprocess

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// FixEndBlockErrors takes the first line of the suffix off the end of a completion that repeats it, if the file is then without errors
// (spec/code-suggestions.md 13.5). When the file can't be parsed, the completion is returned as it is, with the error.
func FixEndBlockErrors(completion string, file File) (string, error) {
	fixed, repeats := cutRepeatedLine(completion, file.Suffix)
	if !repeats {
		return completion, nil
	}
	tree, err := syntax.Parse(file.Language, file.Prefix+fixed+file.Suffix)
	if err != nil || tree.HasErrors() {
		return completion, err
	}
	return fixed, nil
}

// FixEndBlockErrorsWithComparison is [FixEndBlockErrors] for files that have errors anyway: it is enough that the completion adds none. It
// also takes the white space off that the line leaves behind.
func FixEndBlockErrorsWithComparison(completion string, file File) (string, error) {
	fixed, repeats := cutRepeatedLine(completion, file.Suffix)
	if !repeats {
		return completion, nil
	}
	fixed = text.StripRight(fixed)
	with, err := syntax.Parse(file.Language, file.Prefix+fixed+file.Suffix)
	if err != nil {
		return completion, err
	}
	without, err := syntax.Parse(file.Language, file.Prefix+file.Suffix)
	if err != nil || len(with.Errors()) > len(without.Errors()) {
		return completion, err
	}
	return fixed, nil
}

// cutRepeatedLine is the completion without the first line of the suffix at its end; false if it doesn't end so. The suffix is stripped
// first, but white space before its first line end is part of the line.
func cutRepeatedLine(completion, suffix string) (string, bool) {
	line, _, _ := strings.Cut(text.Strip(suffix), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return "", false
	}
	return strings.CutSuffix(text.StripRight(completion), line)
}
