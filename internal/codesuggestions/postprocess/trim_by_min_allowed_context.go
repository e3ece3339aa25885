package postprocess

import (
	"strings"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// TrimByMinAllowedContext cuts a completion where the innermost block that it starts in ends (spec/code-suggestions.md 13.4). When the file
// can't be parsed, the completion is returned as it is, with the error.
func TrimByMinAllowedContext(completion string, file File) (string, error) {
	start := strings.IndexFunc(completion, func(r rune) bool { return !text.IsSpace(r) })
	if start < 0 {
		return completion, nil
	}
	sample := file.Prefix + completion
	tree, err := syntax.Parse(file.Language, sample)
	if err != nil {
		return completion, err
	}
	block := tree.MinimumBlock(syntax.PointAt(sample, len(file.Prefix)+start))
	end, ok := cut(sample, block.EndByte)
	if !ok {
		return completion, nil
	}
	return sample[len(file.Prefix):max(end, len(file.Prefix))], nil
}

// cut is where to cut a sample for a block that ends at end; false if not at all.
//
// Offsets are the parser's, in bytes, so that the place is right behind text of every script. But clients know how the contract deals with
// "\r\n": it counts as one character, so that the cut comes one character early for each, and no block ends inside of one. Nor does any
// end behind a last line feed.
func cut(sample string, end int) (int, bool) {
	before, after := sample[:end], sample[end:]
	insideCRLF := strings.HasSuffix(before, "\r") && strings.HasPrefix(after, "\n")
	behindAll := after == "" && strings.HasSuffix(before, "\n")
	if insideCRLF || behindAll {
		return 0, false
	}
	return back(sample, end, strings.Count(before, "\r\n")), true
}

// back is the offset that is n characters of s before offset, or 0.
func back(s string, offset, n int) int {
	for ; n > 0 && offset > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:offset])
		offset -= size
	}
	return offset
}
