package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/schema/weburl"
)

// stringRule takes strings.
type stringRule struct {
	strip   bool
	max     int // in code points; -1 for no limit
	tooLong problem
}

func newStringRule(opt options) (rule, error) {
	strip, err := opt.flag("strip")
	if err != nil {
		return nil, err
	}
	limit, err := opt.length("max")
	if err != nil {
		return nil, err
	}
	return &stringRule{strip, limit, tooManyCharacters(limit)}, nil
}

func (r *stringRule) decode(d *decoder, v Value, into reflect.Value) {
	text, ok := d.text(v, notAString)
	if !ok {
		return
	}
	if r.strip {
		text = strings.TrimSpace(text)
	}
	if r.max >= 0 && len(text) > r.max && utf8.RuneCountInString(text) > r.max {
		d.report(r.tooLong, v)
		return
	}
	into.SetString(text)
}

func (r *stringRule) describe(Components) keywords {
	k := keywords{"type", "string"}
	if r.max >= 0 {
		k = append(k, "maxLength", r.max)
	}
	return k
}

// text returns the text of a string and reports anything else as otherwise, and half a surrogate pair as what it is.
func (d *decoder) text(v Value, otherwise problem) (text string, ok bool) {
	switch {
	case v.Kind() != KindString:
		d.report(otherwise, v)
	case v.unpaired():
		d.report(notUnicode, v)
	default:
		return v.Text(), true
	}
	return "", false
}

// choiceRule takes one of some strings.
type choiceRule struct {
	choices []string
	wrong   problem
}

func newEnumerationRule(t reflect.Type) rule {
	return newChoices("enum", reflect.Zero(t).Interface().(Enumeration).Values(), nil)
}

// newChoiceRule takes the option kind, "enum" or "literal", whose value is "a|b", and the option "spelled" with the names of a and b
// that errors use (spec/http-api.md 8.4).
func newChoiceRule(kind string, opt options) (rule, error) {
	list, _ := opt.take(kind)
	choices := strings.Split(list, "|")
	if list == "" {
		return nil, fmt.Errorf("option %q lists nothing", kind)
	}
	names, spelled := opt.take("spelled")
	if !spelled {
		return newChoices(kind, choices, nil), nil
	}
	spellings := strings.Split(names, "|")
	if len(spellings) != len(choices) {
		return nil, fmt.Errorf("option \"spelled\" has %d names for %d values", len(spellings), len(choices))
	}
	return newChoices(kind, choices, spellings), nil
}

func newChoices(kind string, choices, names []string) *choiceRule {
	problem := "enum"
	if kind == "literal" {
		problem = "literal_error"
	}
	shown := make([]string, len(choices))
	for i, choice := range choices {
		name := ""
		if names != nil {
			name = names[i]
		}
		shown[i] = spell(choice, name)
	}
	return &choiceRule{choices, notListed(problem, shown)}
}

// spell writes a value as errors do: in quotes, or with the name that it has in an enumeration.
func spell(value, name string) string {
	if name == "" {
		return "'" + value + "'"
	}
	return fmt.Sprintf("<%s: '%s'>", name, value)
}

func (r *choiceRule) decode(d *decoder, v Value, into reflect.Value) {
	text, ok := d.text(v, r.wrong)
	switch {
	case !ok:
	case slices.Contains(r.choices, text):
		into.SetString(text)
	default:
		d.report(r.wrong, v)
	}
}

func (r *choiceRule) describe(Components) keywords {
	return keywords{"type", "string", "enum", r.choices}
}

// urlRule takes absolute URLs with a host and stores them normalised (spec/http-api.md 15.1).
type urlRule struct {
	max     int // in bytes; -1 for no limit
	tooLong problem
}

func newURLRule(opt options) (rule, error) {
	if _, err := opt.flag("url"); err != nil {
		return nil, err
	}
	limit, err := opt.length("max")
	if err != nil {
		return nil, err
	}
	return &urlRule{limit, urlTooLong(limit)}, nil
}

func (r *urlRule) decode(d *decoder, v Value, into reflect.Value) {
	text, ok := d.text(v, notAURL)
	if !ok {
		return
	}
	if r.max >= 0 && len(text) > r.max {
		d.report(r.tooLong, v)
		return
	}
	normal, err := weburl.Normalize(text)
	if err != nil {
		d.report(badURL(err), v)
		return
	}
	into.SetString(normal)
}

func (r *urlRule) describe(Components) keywords {
	k := keywords{"type", "string", "format", "uri"}
	if r.max >= 0 {
		k = append(k, "maxLength", r.max)
	}
	return k
}
