package template

import (
	"maps"
	"slices"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// filters are all filters of the language, and "inside", which it has beside those of Jinja2 (inside.go).
var filters map[string]*function

func init() { // some filters call others
	filters = map[string]*function{
		// Text.
		"upper":          textFilter("", func(_ *invocation, s string) string { return upperCase(s) }),
		"lower":          textFilter("", func(_ *invocation, s string) string { return strings.ToLower(s) }),
		"capitalize":     textFilter("", func(_ *invocation, s string) string { return capitalize(s) }),
		"title":          textFilter("", func(_ *invocation, s string) string { return titled(s) }),
		"trim":           textFilter("chars", func(i *invocation, s string) string { return i.stripped(s, true, true) }),
		"replace":        textFilter("old, new, count", replaceFilter),
		"indent":         textFilter("width, first, blank", indent),
		"truncate":       takes("length, killwords, end, leeway", truncate),
		"wordwrap":       textFilter("width, break_long_words, wrapstring, break_on_hyphens", wordwrap),
		"center":         textFilter("width", func(i *invocation, s string) string { return i.pad(s, i.intArg(0, 80), " ", middle) }),
		"striptags":      textFilter("", func(_ *invocation, s string) string { return stripTags(s) }),
		"escape":         takes("", escapeFilter),
		"e":              takes("", escapeFilter),
		"forceescape":    takes("", escapeFilter),
		"safe":           takes("", safeFilter),
		"string":         textFilter("", func(_ *invocation, s string) string { return s }),
		"format":         takes("*, **", formatFilter),
		"wordcount":      takes("", wordcount),
		"urlencode":      takes("", urlencode),
		"filesizeformat": takes("binary", fileSize),
		"xmlattr":        takes("autospace", xmlAttributes),
		"tojson":         takes("indent", toJSON),
		"pprint":         takes("verbose", func(i *invocation) value.Value { return value.FromString(represented(i.subject)) }),
		"inside":         takes("section, text_only", inside),

		// Numbers.
		"abs":   takes("", absolute),
		"int":   takes("default, base", toInt),
		"float": takes("default", toFloat),
		"round": takes("precision, method", round),

		// Single values.
		"default": takes("default_value, boolean", defaultFilter),
		"d":       takes("default_value, boolean", defaultFilter),
		"attr":    takes("name", attr),

		// Lists and maps.
		"length":     takes("", length),
		"count":      takes("", length),
		"list":       takes("", func(i *invocation) value.Value { return listOf(i.elements(i.subject)...) }),
		"first":      takes("", first),
		"last":       takes("", last),
		"join":       takes("d, attribute", join),
		"reverse":    takes("", reverse),
		"sort":       takes("reverse, case_sensitive, attribute", sorted),
		"unique":     takes("case_sensitive, attribute", unique),
		"min":        takes("case_sensitive, attribute", func(i *invocation) value.Value { return i.extreme(-1) }),
		"max":        takes("case_sensitive, attribute", func(i *invocation) value.Value { return i.extreme(1) }),
		"sum":        takes("attribute, start", sum),
		"batch":      takes("linecount, fill_with", batch),
		"slice":      takes("slices, fill_with", columns),
		"groupby":    takes("attribute, default, case_sensitive", groupBy),
		"dictsort":   takes("case_sensitive, by, reverse", dictSort),
		"items":      takes("", items),
		"map":        takes("*, **", mapFilter),
		"select":     takes("*, **", func(i *invocation) value.Value { return i.selected(true) }),
		"reject":     takes("*, **", func(i *invocation) value.Value { return i.selected(false) }),
		"selectattr": takes("*, **", func(i *invocation) value.Value { return i.selectedBy(true) }),
		"rejectattr": takes("*, **", func(i *invocation) value.Value { return i.selectedBy(false) }),
	}
}

// textFilter makes a filter of a function from text to text. What is no text is taken as it prints.
func textFilter(params string, body func(i *invocation, s string) string) *function {
	return takes(params, func(i *invocation) value.Value {
		result := body(i, i.text(i.subject))
		i.read(len(result))
		return value.FromString(result)
	})
}

func sortedNames(m map[string]value.Value) []string { return slices.Sorted(maps.Keys(m)) }

// escapeFilter and safeFilter make text that autoescape leaves alone.
func escapeFilter(i *invocation) value.Value {
	text := escaped(i.text(i.subject))
	i.read(len(text))
	return value.FromSafeString(text)
}

func safeFilter(i *invocation) value.Value { return value.FromSafeString(i.text(i.subject)) }

// defaultFilter replaces what is undefined, and what is false or empty only when asked to.
func defaultFilter(i *invocation) value.Value {
	if i.subject.IsUndefined() || i.flag(1, false) && !i.subject.IsTrue() {
		if !i.given(0) {
			return value.FromString("")
		}
		return i.args[0]
	}
	return i.subject
}

// attr is an attribute that is no element of a map.
func attr(i *invocation) value.Value {
	name := textIn(i.need(0), "the name")
	if methodOf(i.subject, name) != nil {
		return value.FromCallable(&boundMethod{i.subject, name})
	}
	if dictIn(i.subject) != nil {
		return value.Undefined()
	}
	return i.attribute(i.subject, name)
}

// formatFilter is percent formatting by arguments.
func formatFilter(i *invocation) value.Value {
	values := tupleOf(i.args...)
	if len(i.kwargs) > 0 {
		d := &dict{}
		for _, name := range sortedNames(i.kwargs) {
			d.set(value.FromString(name), i.kwargs[name])
		}
		values = value.FromObject(d)
	}
	return value.FromString(i.percent(i.text(i.subject), values))
}
