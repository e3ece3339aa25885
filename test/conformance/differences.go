package conformance

import (
	"fmt"
	"regexp"
	"strings"
)

// Differences are what a case expected and did not get, one sentence each. None means that it passed.
type Differences []string

func (d *Differences) add(format string, args ...any) {
	*d = append(*d, fmt.Sprintf(format, args...))
}

// match tells whether a text has a match of a regular expression. One that cannot be compiled is a difference of its own:
// a pattern with a slip in it must not pass.
func (d *Differences) match(re, text string) bool {
	compiled, err := regexp.Compile(re)
	if err != nil {
		d.add("bad pattern: %v", err)
		return false
	}
	return compiled.MatchString(text)
}

// same compares with an exact text, or with a regular expression written "~re".
func (d *Differences) same(want, have string) bool {
	if re, ok := strings.CutPrefix(want, "~"); ok {
		return d.match(re, have)
	}
	return want == have
}

// matchOrNot is match for a pattern, and its opposite for one written "!re".
func (d *Differences) matchOrNot(re, text string) bool {
	before := len(*d)
	if forbidden, not := strings.CutPrefix(re, "!"); not {
		return !d.match(forbidden, text) && len(*d) == before
	}
	return d.match(re, text)
}

// clip shortens a body for a sentence.
func clip(body []byte) string {
	if len(body) > 300 {
		return string(body[:300]) + "…"
	}
	return string(body)
}
