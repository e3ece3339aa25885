package markdown

import "strings"

// Pieces cuts a text that is longer than limit bytes into pieces that are not: where a paragraph ends, else where a line does, else in the
// middle of one, but never in the middle of a character (limit must have room for one). Put together they are the text.
func Pieces(text string, limit int) []string {
	var pieces []string
	for len(text) > limit {
		end := cutBefore(text, limit)
		pieces = append(pieces, text[:end])
		text = text[end:]
	}
	if text != "" || pieces == nil {
		pieces = append(pieces, text)
	}
	return pieces
}

// cutBefore is the best place to cut at or before limit. A piece of less than a quarter is not worth a nicer cut.
func cutBefore(text string, limit int) int {
	head := text[:limit]
	for _, end := range []string{"\n\n", "\n"} {
		if i := strings.LastIndex(head, end); i+len(end) >= limit/4 && i >= 0 {
			return i + len(end)
		}
	}
	for limit > 1 && text[limit]&0xC0 == 0x80 { // inside of a character
		limit--
	}
	return limit
}
