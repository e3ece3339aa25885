package template

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// textMethods are the methods of text.
var textMethods = map[string]*function{
	"capitalize":   onText("", func(_ *invocation, s string) any { return capitalize(s) }),
	"casefold":     onText("", func(_ *invocation, s string) any { return strings.ToLower(s) }),
	"lower":        onText("", func(_ *invocation, s string) any { return strings.ToLower(s) }),
	"upper":        onText("", func(_ *invocation, s string) any { return upperCase(s) }),
	"title":        onText("", func(_ *invocation, s string) any { return titleCase(s) }),
	"swapcase":     onText("", func(_ *invocation, s string) any { return strings.Map(swapCase, s) }),
	"strip":        onText("chars", func(i *invocation, s string) any { return i.stripped(s, true, true) }),
	"lstrip":       onText("chars", func(i *invocation, s string) any { return i.stripped(s, true, false) }),
	"rstrip":       onText("chars", func(i *invocation, s string) any { return i.stripped(s, false, true) }),
	"split":        onText("sep, maxsplit", func(i *invocation, s string) any { return i.split(s, false) }),
	"rsplit":       onText("sep, maxsplit", func(i *invocation, s string) any { return i.split(s, true) }),
	"splitlines":   onText("keepends", func(i *invocation, s string) any { return splitLines(s, i.flag(0, false)) }),
	"partition":    onText("sep", func(i *invocation, s string) any { return i.partition(s, false) }),
	"rpartition":   onText("sep", func(i *invocation, s string) any { return i.partition(s, true) }),
	"join":         onText("iterable", func(i *invocation, s string) any { return i.joinTexts(s) }),
	"replace":      onText("old, new, count", func(i *invocation, s string) any { return i.replaced(s) }),
	"startswith":   onText("prefix, start, end", func(i *invocation, s string) any { return i.affix(s, strings.HasPrefix) }),
	"endswith":     onText("suffix, start, end", func(i *invocation, s string) any { return i.affix(s, strings.HasSuffix) }),
	"removeprefix": onText("prefix", func(i *invocation, s string) any { return strings.TrimPrefix(s, textIn(i.need(0), "the prefix")) }),
	"removesuffix": onText("suffix", func(i *invocation, s string) any { return strings.TrimSuffix(s, textIn(i.need(0), "the suffix")) }),
	"find":         onText("sub, start, end", func(i *invocation, s string) any { return i.found(s, strings.Index, false) }),
	"rfind":        onText("sub, start, end", func(i *invocation, s string) any { return i.found(s, strings.LastIndex, false) }),
	"index":        onText("sub, start, end", func(i *invocation, s string) any { return i.found(s, strings.Index, true) }),
	"rindex":       onText("sub, start, end", func(i *invocation, s string) any { return i.found(s, strings.LastIndex, true) }),
	"count":        onText("sub, start, end", func(i *invocation, s string) any { return i.occurrences(s) }),
	"center":       onText("width, fillchar", func(i *invocation, s string) any { return i.padded(s, middle) }),
	"ljust":        onText("width, fillchar", func(i *invocation, s string) any { return i.padded(s, left) }),
	"rjust":        onText("width, fillchar", func(i *invocation, s string) any { return i.padded(s, right) }),
	"zfill":        onText("width", func(i *invocation, s string) any { return i.zeroFilled(s) }),
	"expandtabs":   onText("tabsize", func(i *invocation, s string) any { return i.tabsExpanded(s) }),
	"format":       onText("*, **", func(i *invocation, s string) any { return i.format(s) }),
	"isalpha":      onText("", func(_ *invocation, s string) any { return consists(s, unicode.IsLetter) }),
	"isdigit":      onText("", func(_ *invocation, s string) any { return consists(s, unicode.IsDigit) }),
	"isdecimal":    onText("", func(_ *invocation, s string) any { return consists(s, unicode.IsDigit) }),
	"isnumeric":    onText("", func(_ *invocation, s string) any { return consists(s, unicode.IsNumber) }),
	"isalnum":      onText("", func(_ *invocation, s string) any { return consists(s, isAlphanumeric) }),
	"isspace":      onText("", func(_ *invocation, s string) any { return consists(s, unicode.IsSpace) }),
	"isascii":      onText("", func(_ *invocation, s string) any { return s == "" || consists(s, isASCII) }),
	"isprintable":  onText("", func(_ *invocation, s string) any { return s == "" || consists(s, unicode.IsPrint) }),
	"isupper":      onText("", func(_ *invocation, s string) any { return hasCase(s, unicode.IsUpper, unicode.IsLower) }),
	"islower":      onText("", func(_ *invocation, s string) any { return hasCase(s, unicode.IsLower, unicode.IsUpper) }),
	"istitle":      onText("", func(_ *invocation, s string) any { return titleCase(s) == s && consistsOfSome(s, unicode.IsUpper) }),
	"isidentifier": onText("", func(_ *invocation, s string) any {
		return consists(s, isNameRune) && !unicode.IsDigit([]rune(s)[0])
	}),
}

// onText makes a method of a function that returns a string, bool, int or value.
func onText(params string, body func(i *invocation, s string) any) *function {
	return takes(params, func(i *invocation) value.Value {
		text, _ := i.subject.AsString()
		i.read(len(text))
		switch result := body(i, text).(type) {
		case string:
			i.read(len(result))
			return value.FromString(result)
		case []string:
			return texts(result)
		case bool:
			return value.FromBool(result)
		case int:
			return value.FromInt(int64(result))
		case value.Value:
			return result
		default:
			return value.Undefined()
		}
	})
}

// texts is a list of texts.
func texts(list []string) value.Value {
	items := make([]value.Value, len(list))
	for n, s := range list {
		items[n] = value.FromString(s)
	}
	return listOf(items...)
}

func consists(s string, of func(rune) bool) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !of(r) }) < 0
}

func consistsOfSome(s string, of func(rune) bool) bool { return strings.IndexFunc(s, of) >= 0 }

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

func isASCII(r rune) bool { return r < utf8.RuneSelf }

func hasCase(s string, wanted, other func(rune) bool) bool {
	return consistsOfSome(s, wanted) && !consistsOfSome(s, other)
}

func swapCase(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}

var sharpS = strings.NewReplacer("ß", "SS", "ﬀ", "FF", "ﬁ", "FI", "ﬂ", "FL", "ﬃ", "FFI", "ﬄ", "FFL")

// upperCase knows letters that become several.
func upperCase(s string) string { return sharpS.Replace(strings.ToUpper(s)) }

// capitalize makes the first letter large and all others small.
func capitalize(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToTitle(r)) + strings.ToLower(s[size:])
}

// titleCase makes the first letter of every run of letters large.
func titleCase(s string) string {
	inWord := false
	return strings.Map(func(r rune) rune {
		isLetter := unicode.IsLetter(r)
		defer func() { inWord = isLetter }()
		if inWord {
			return unicode.ToLower(r)
		}
		return unicode.ToTitle(r)
	}, s)
}

// stripped cuts white space, or the characters of the first argument, off the ends.
func (i *invocation) stripped(s string, atLeft, atRight bool) string {
	cut := unicode.IsSpace
	if i.given(0) && !i.args[0].IsNone() {
		characters := textIn(i.args[0], "the characters")
		cut = func(r rune) bool { return strings.ContainsRune(characters, r) }
	}
	if atLeft {
		s = strings.TrimLeftFunc(s, cut)
	}
	if atRight {
		s = strings.TrimRightFunc(s, cut)
	}
	return s
}

// split cuts at a separator, or at white space without one, at most so many times.
func (i *invocation) split(s string, fromRight bool) value.Value {
	most := i.intArg(1, -1)
	if !i.given(0) || i.args[0].IsNone() {
		return texts(splitAtSpace(s, most, fromRight))
	}
	separator := textIn(i.args[0], "the separator")
	if separator == "" {
		fail("the separator is empty")
	}
	i.spend(strings.Count(s, separator))
	parts := strings.Split(s, separator)
	if most < 0 || most >= len(parts)-1 {
		return texts(parts)
	}
	if fromRight {
		rest := strings.Join(parts[:len(parts)-most], separator)
		return texts(append([]string{rest}, parts[len(parts)-most:]...))
	}
	return texts(append(parts[:most:most], strings.Join(parts[most:], separator)))
}

// splitAtSpace cuts at runs of white space; what is left after so many cuts is trimmed at the side of the cuts.
func splitAtSpace(s string, most int, fromRight bool) []string {
	if most < 0 {
		return strings.Fields(s)
	}
	var parts []string
	if !fromRight {
		for s = strings.TrimLeftFunc(s, unicode.IsSpace); s != ""; s = strings.TrimLeftFunc(s, unicode.IsSpace) {
			end := strings.IndexFunc(s, unicode.IsSpace)
			if end < 0 || len(parts) == most {
				return append(parts, s)
			}
			parts, s = append(parts, s[:end]), s[end:]
		}
		return parts
	}
	for s = strings.TrimRightFunc(s, unicode.IsSpace); s != ""; s = strings.TrimRightFunc(s, unicode.IsSpace) {
		begin := strings.LastIndexFunc(s, unicode.IsSpace)
		if begin < 0 || len(parts) == most {
			return append([]string{s}, parts...)
		}
		_, size := utf8.DecodeRuneInString(s[begin:])
		parts, s = append([]string{s[begin+size:]}, parts...), s[:begin]
	}
	return parts
}

// splitLines cuts at every kind of line end.
func splitLines(s string, keepEnds bool) []string {
	var lines []string
	for s != "" {
		end := strings.IndexAny(s, "\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029")
		if end < 0 {
			return append(lines, s)
		}
		_, size := utf8.DecodeRuneInString(s[end:])
		if strings.HasPrefix(s[end:], "\r\n") {
			size = 2
		}
		if keepEnds {
			lines = append(lines, s[:end+size])
		} else {
			lines = append(lines, s[:end])
		}
		s = s[end+size:]
	}
	return lines
}

// partition is what stands before a separator, the separator, and what stands behind it.
func (i *invocation) partition(s string, last bool) value.Value {
	separator := textIn(i.need(0), "the separator")
	if separator == "" {
		fail("the separator is empty")
	}
	at := strings.Index(s, separator)
	if last {
		at = strings.LastIndex(s, separator)
	}
	parts := []string{s, "", ""}
	switch {
	case at >= 0:
		parts = []string{s[:at], separator, s[at+len(separator):]}
	case last:
		parts = []string{"", "", s}
	}
	return tupleOf(listIn(texts(parts)).items...)
}

// joinTexts joins texts, and nothing but texts.
func (i *invocation) joinTexts(separator string) string {
	elements := i.elements(i.need(0))
	parts := make([]string, len(elements))
	size := len(separator) * len(elements)
	for n, element := range elements {
		parts[n] = textIn(element, "what is joined")
		size += len(parts[n])
	}
	i.read(size)
	return strings.Join(parts, separator)
}

func (i *invocation) replaced(s string) string {
	from, to := textIn(i.need(0), "what is replaced"), textIn(i.need(1), "the replacement")
	return i.replace(s, from, to, i.intArg(2, -1))
}

// replace is bounded by the size of its result, which is known before it is made.
func (i *invocation) replace(s, from, to string, most int) string {
	count := strings.Count(s, from)
	if most >= 0 {
		count = min(count, most)
	}
	if more := len(to) - len(from); more > 0 && count > maxText/more {
		panic(failure{errTooLong})
	}
	return strings.Replace(s, from, to, most)
}

// affix reports whether a text, or one of a tuple of texts, is at an end of s.
func (i *invocation) affix(s string, is func(s, affix string) bool) bool {
	s, _ = i.window(s)
	if l := listIn(i.need(0)); l != nil {
		for _, item := range l.items {
			if is(s, textIn(item, "the text")) {
				return true
			}
		}
		return false
	}
	return is(s, textIn(i.args[0], "the text"))
}

// window is the part of s that the second and third argument mean, and at which character it begins.
func (i *invocation) window(s string) (part string, from int) {
	if !i.given(1) && !i.given(2) {
		return s, 0
	}
	characters := []rune(s)
	bound := func(n, otherwise int) int {
		at := i.intArg(n, otherwise)
		if at < 0 {
			at += len(characters)
		}
		return min(max(at, 0), len(characters))
	}
	from = bound(1, 0)
	return string(characters[from:max(from, bound(2, len(characters)))]), from
}

// found is the character at which a text is found.
func (i *invocation) found(s string, index func(s, part string) int, must bool) int {
	s, from := i.window(s)
	at := index(s, textIn(i.need(0), "what is looked for"))
	if at < 0 {
		if must {
			fail("the text is not there")
		}
		return -1
	}
	return from + utf8.RuneCountInString(s[:at])
}

func (i *invocation) occurrences(s string) int {
	s, _ = i.window(s)
	return strings.Count(s, textIn(i.need(0), "what is counted"))
}

type side int

const (
	left side = iota
	middle
	right
)

// padded fills a text up to a width, at the side away from where it stands.
func (i *invocation) padded(s string, where side) string {
	fill := i.textArg(1, " ")
	if utf8.RuneCountInString(fill) != 1 {
		fail("the fill must be one character")
	}
	return i.pad(s, integerIn(i.need(0), "the width"), fill, where)
}

func (i *invocation) pad(s string, width int, fill string, where side) string {
	missing := width - utf8.RuneCountInString(s)
	if missing <= 0 {
		return s
	}
	i.read(width * len(fill))
	before := 0
	switch where {
	case middle:
		before = missing/2 + missing&width&1
	case right:
		before = missing
	}
	return strings.Repeat(fill, before) + s + strings.Repeat(fill, missing-before)
}

func (i *invocation) zeroFilled(s string) string {
	width := integerIn(i.need(0), "the width")
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[:1] + i.pad(s[1:], width-1, "0", right)
	}
	return i.pad(s, width, "0", right)
}

func (i *invocation) tabsExpanded(s string) string {
	size := i.intArg(0, 8)
	i.read(len(s) + strings.Count(s, "\t")*max(0, size))
	var b strings.Builder
	column := 0
	for _, r := range s {
		switch r {
		case '\t':
			if size > 0 {
				b.WriteString(strings.Repeat(" ", size-column%size))
				column += size - column%size
			}
		case '\n', '\r':
			b.WriteRune(r)
			column = 0
		default:
			b.WriteRune(r)
			column++
		}
	}
	return b.String()
}
