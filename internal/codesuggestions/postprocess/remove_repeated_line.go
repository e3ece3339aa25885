package postprocess

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// RemoveRepeatedLine takes the cursor's line off the start of a completion that begins with it once more, as chat models write it. Indentation
// makes no difference.
//
// A line of less than three letters, or one in which a word comes twice, such as a row of a table, may well be followed by its like, and so is
// no repetition.
func RemoveRepeatedLine(completion, prefix string) string {
	written := prefix[strings.LastIndexByte(prefix, '\n')+1:]
	line := text.Strip(written)
	rest, repeated := strings.CutPrefix(text.StripLeft(completion), line)
	if !repeated || !isTelling(line) {
		return completion
	}
	if text.StripRight(written) == written {
		return rest // the cursor is right behind the line, maybe within a word
	}
	if continuesWord(line, rest) {
		return completion
	}
	return strings.TrimLeft(rest, " \t") // it stands before the cursor already
}

// isTelling says that a line is no accident when it comes twice.
func isTelling(line string) bool {
	letters := 0
	seen := map[string]bool{}
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return !isWord(r) }) {
		if seen[word] {
			return false
		}
		seen[word] = true
		letters += countLetters(word)
	}
	return letters >= 3
}

func countLetters(word string) (n int) {
	for _, r := range word {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// continuesWord says that the last word of a line goes on in what follows: then it isn't the line that comes again.
func continuesWord(line, rest string) bool {
	last, _ := utf8.DecodeLastRuneInString(line)
	next, _ := utf8.DecodeRuneInString(rest)
	return isWord(last) && isWord(next)
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
