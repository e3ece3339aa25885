package schema

import (
	"slices"
	"strings"
)

// stars stand for a secret.
const stars = "**********"

// secrets are the keys whose values must not be echoed, wherever they turn up: under a misplaced key a secret is no less secret. Null is
// none.
type secrets []string

// redact returns v with stars for what is secret in it.
func (s secrets) redact(v Value) Value {
	if len(s) == 0 || !s.in("", v) {
		return v
	}
	doc := &document{}
	doc.addCopyOrStars("", v, s.covers)
	return Value{doc, 0}
}

// covers tells whether a value must not be shown at all: it stands under a secret's key, or is text that looks as if it held one, such
// as a body that was not announced as JSON.
func (s secrets) covers(key string, v Value) bool {
	switch v.Kind() {
	case KindNull:
		return false
	case KindString:
		if slices.ContainsFunc(s, func(name string) bool { return mentions(v.Text(), name) }) {
			return true
		}
	}
	return slices.ContainsFunc(s, func(name string) bool { return strings.EqualFold(name, key) })
}

// in tells whether there is anything secret in v, which stands under key.
func (s secrets) in(key string, v Value) bool {
	if s.covers(key, v) {
		return true
	}
	for element := range v.Elements() {
		if s.in("", element) {
			return true
		}
	}
	for key, member := range v.Object().All() {
		if s.in(key, member) {
			return true
		}
	}
	return false
}

// mentions tells whether a text looks like JSON or a form with the given key: the key in quotes, perhaps escaped ones, or before an
// equals sign.
func mentions(text, key string) bool {
	for {
		at := strings.Index(text, key)
		if at < 0 {
			return false
		}
		before, behind := text[:at], text[at+len(key):]
		if strings.HasPrefix(behind, "=") {
			return true
		}
		for _, quote := range []string{`"`, "'"} {
			if strings.HasSuffix(before, quote) && strings.HasPrefix(strings.TrimLeft(behind, `\`), quote) {
				return true
			}
		}
		text = behind
	}
}
