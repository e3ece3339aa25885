package template

import (
	"strings"
	"unicode"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// inside makes a value safe to stand between <section> and </section>: closing tags of that name in it, in any case and with any blanks,
// are written <\/section>, which reads the same and closes nothing. Nothing else changes. For sections in sections it takes a list.
//
// What is no text is taken as it prints, or refused when there must be text only. null and undefined are nothing.
func inside(i *invocation) value.Value {
	sections := []value.Value{i.need(0)}
	if l := listIn(i.args[0]); l != nil {
		sections = l.items
	}
	if i.flag(1, false) {
		textIn(i.subject, "what stands inside of a section")
	}
	if i.subject.IsNone() {
		return value.FromString("")
	}
	text := i.text(i.subject)
	for _, section := range sections {
		text = withoutClosing(text, textIn(section, "the name of a section"))
		i.read(len(text))
	}
	return value.FromString(text)
}

// withoutClosing disarms the closing tags of a section.
func withoutClosing(text, section string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	var b strings.Builder
	for {
		bracket := strings.IndexByte(text, '<')
		if bracket < 0 {
			break
		}
		b.WriteString(text[:bracket+1])
		text = text[bracket+1:]
		if closes(text, section) {
			b.WriteByte('\\')
		}
	}
	b.WriteString(text)
	return b.String()
}

// closes reports whether a text that follows a "<" goes on as "/section>" or "/section" and anything but a letter.
func closes(text, section string) bool {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	text, found := strings.CutPrefix(text, "/")
	if !found {
		return false
	}
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if len(text) < len(section) || !strings.EqualFold(text[:len(section)], section) {
		return false
	}
	rest := text[len(section):]
	return rest == "" || !isNameRune(firstRune(rest)) && rest[0] != '-'
}
