package reasoning

import "bytes"

// orphanWatch looks for a closing tag without an opening one in text that passes by.
type orphanWatch struct {
	tail []byte // of what has passed, in which a tag may have begun
	from int    // where in it
	over bool   // a tag has been seen; what comes now means nothing
}

// add takes the next piece and says whether the tag is in it.
func (w *orphanWatch) add(piece string) bool {
	if w.over {
		return false
	}
	w.tail = append(w.tail, piece...)
	tag, _, next := findThink(w.tail, w.from, false)
	w.over = tag != ""
	passed := max(0, next-1) // the character before a tag counts, too
	w.tail, w.from = append(w.tail[:0], w.tail[passed:]...), next-passed
	return tag == thinkEnd
}

// findThink looks for the first tag of a section in text, from an offset on, and returns it and where it ends. When there is none, or what
// follows it is yet to come, tag is empty and next where to look on then.
//
// A tag that is next to a quote or a backslash is spoken of, not used, and not found. Therefore it takes what follows a tag to find it, or
// that the text is complete.
func findThink(text []byte, from int, complete bool) (tag string, end, next int) {
	for {
		at := bytes.IndexByte(text[from:], '<')
		if at < 0 {
			return "", 0, len(text)
		}
		from += at
		tag = tagAt(text[from:])
		end = from + len(tag)
		switch {
		case tag == "" && isPrefix(text[from:]), tag != "" && end == len(text) && !complete:
			return "", 0, from
		case tag != "" && !quoted(text[:from], text[end:]):
			return tag, end, end
		}
		from++
	}
}

func tagAt(text []byte) string {
	for _, tag := range []string{think, thinkEnd} {
		if bytes.HasPrefix(text, []byte(tag)) {
			return tag
		}
	}
	return ""
}

// isPrefix says that text may be the beginning of a tag.
func isPrefix(text []byte) bool {
	return bytes.HasPrefix([]byte(think), text) || bytes.HasPrefix([]byte(thinkEnd), text)
}

// quoted says that a quote or a backslash is next to a tag.
func quoted(before, behind []byte) bool {
	const quotes = "`\"'\\"
	last, next := before[max(0, len(before)-1):], behind[:min(1, len(behind))]
	return bytes.ContainsAny(last, quotes) || bytes.ContainsAny(next, quotes)
}
