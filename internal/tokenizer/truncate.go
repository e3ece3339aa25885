package tokenizer

// KeepFirst cuts the right end of text off behind the first limit tokens ("side right" of spec/code-suggestions.md 5.2). It returns what
// is left and its number of tokens. Valid text with no more than limit tokens is returned as it is. A character that is cut in half, and
// invalid UTF-8 in what is left, becomes U+FFFD as in [Tokenizer.Decode]. A negative limit counts as 0.
//
// The time taken depends on what is kept, not on what is cut off.
func (t *Tokenizer) KeepFirst(text string, limit int) (string, int) {
	size, count := t.measure(text, max(limit, 0))
	return replaceInvalid(text[:size]), count
}

// KeepLast cuts the left end of text off before the last limit tokens ("side left" of spec/code-suggestions.md 5.2), else like
// [Tokenizer.KeepFirst].
func (t *Tokenizer) KeepLast(text string, limit int) (string, int) {
	limit = max(limit, 0)
	kept := 0
	for end := len(text); end > 0; {
		start := splitBefore(text, end-stride)
		part := text[start:end]
		count := t.Count(part)
		if kept+count > limit {
			cut, _ := t.measure(part, kept+count-limit)
			return replaceInvalid(text[start+cut:]), limit
		}
		kept += count
		end = start
	}
	return replaceInvalid(text), kept
}

// stride is the least number of bytes that KeepLast goes back at a time.
const stride = 1024

// splitBefore returns the last position up to at where a text can be split, see [splitsAt], or 0.
func splitBefore(text string, at int) int {
	for ; at > 0 && !splitsAt(text, at); at-- { //nolint:revive // the loop does it all
	}
	return max(at, 0)
}

// splitsAt tells whether a text can be split at a position without a change to its tokens: a white-space character begins there, and
// another character ends there. No word and no added token reaches across, and none depends on what is left of it.
func splitsAt(text string, at int) bool {
	if at == 0 {
		return false
	}
	left, right := text[at-1], text[at]
	return isASCII(left) && isASCII(right) && asciiClass[left] != space && asciiClass[right] == space
}
