package markdown

import (
	"strconv"
	"strings"
	"unicode"
)

// anchors gives the headings of a page their fragments, the way GitLab's renderer does: lower case, no punctuation, a dash for each
// run of blanks and dashes, and a number for what comes again.
type anchors map[string]int

func (a anchors) next(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ' || r == '-':
			if !strings.HasSuffix(b.String(), "-") {
				b.WriteByte('-')
			}
		case r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			b.WriteRune(r)
		}
	}
	id := b.String()
	if id == "" {
		return ""
	}
	if strings.Trim(id, "0123456789") == "" {
		id = "anchor-" + id
	}
	count := a[id]
	a[id]++
	if count > 0 {
		id += "-" + strconv.Itoa(count)
	}
	return id
}
