package template

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// titled makes the first letter of every word large and all others small. Words begin behind white space, a dash or an opening bracket.
func titled(s string) string {
	begins := true
	return strings.Map(func(r rune) rune {
		wasBegin := begins
		begins = unicode.IsSpace(r) || strings.ContainsRune("-({[<", r)
		switch {
		case begins:
			return r
		case wasBegin:
			return unicode.ToTitle(r)
		default:
			return unicode.ToLower(r)
		}
	}, s)
}

func replaceFilter(i *invocation, s string) string {
	return i.replace(s, i.text(i.need(0)), i.text(i.need(1)), i.intArg(2, -1))
}

// indent indents all lines but the first one and blank ones, unless it is told to.
func indent(i *invocation, s string) string {
	textIn(i.subject, "what is indented")
	width := "    "
	if i.given(0) {
		if text, ok := i.args[0].AsString(); ok {
			width = text
		} else {
			n := max(0, integerIn(i.args[0], "the width"))
			i.read(n)
			width = strings.Repeat(" ", n)
		}
	}
	lines := splitLines(s+"\n", false)
	i.read(len(lines) * len(width))
	for n := 1; n < len(lines); n++ {
		if lines[n] != "" || i.flag(2, false) {
			lines[n] = width + lines[n]
		}
	}
	if i.flag(1, false) {
		lines[0] = width + lines[0]
	}
	return strings.Join(lines, "\n")
}

// truncate cuts text that is more than leeway characters too long, at a blank if it may. A short list is left as it is.
func truncate(i *invocation) value.Value {
	size, end := i.intArg(0, 255), i.textArg(2, "...")
	room := size - utf8.RuneCountInString(end)
	characters := i.elements(i.subject)
	if room < 0 {
		fail("the length %d is less than that of the end", size)
	}
	if len(characters) <= size+i.intArg(3, 5) {
		return i.subject
	}
	cut := string([]rune(textIn(i.subject, "what is cut"))[:room])
	if blank := strings.LastIndexByte(cut, ' '); blank >= 0 && !i.flag(1, false) {
		cut = cut[:blank]
	}
	return value.FromString(cut + end)
}

// wordwrap breaks lines at white space and behind hyphens.
func wordwrap(i *invocation, s string) string {
	textIn(i.subject, "what is wrapped")
	width, between := i.intArg(0, 79), i.textArg(2, "\n")
	if width < 1 {
		fail("the width must be above 0")
	}
	var wrapped []string
	for _, line := range splitLines(s, false) {
		lines := wrapLine(line, width, i.flag(1, true), i.flag(3, true))
		wrapped = append(wrapped, strings.Join(lines, between))
	}
	i.read(len(s) + len(wrapped)*len(between))
	return strings.Join(wrapped, between)
}

// wrapLine cuts a line into lines of at most so many characters, without blanks at the cuts.
func wrapLine(line string, width int, breakWords, breakHyphens bool) []string {
	var (
		lines   []string
		current strings.Builder
		length  int
	)
	flush := func() {
		if text := strings.TrimRight(current.String(), " \t"); text != "" {
			lines = append(lines, text)
		}
		current.Reset()
		length = 0
	}
	for _, chunk := range chunks(line, breakHyphens) {
		size := utf8.RuneCountInString(chunk)
		blank := strings.TrimSpace(chunk) == ""
		if length+size > width {
			if blank {
				flush()
				continue
			}
			if size > width && breakWords {
				characters := []rune(chunk)
				for len(characters) > 0 {
					room := max(0, width-length)
					take := min(room, len(characters))
					current.WriteString(string(characters[:take]))
					length, characters = length+take, characters[take:]
					if len(characters) > 0 {
						flush()
					}
				}
				continue
			}
			flush()
		}
		if blank && length == 0 && len(lines) > 0 {
			continue
		}
		current.WriteString(chunk)
		length += size
	}
	flush()
	return lines
}

var hyphenated = regexp.MustCompile(`[^\s-]*[^\W\d_]-+|[^\s-]+|-+`)

// chunks cuts a line where it may be broken: into words and the white space between them.
func chunks(line string, atHyphens bool) []string {
	var parts []string
	for line != "" {
		end := strings.IndexFunc(line, func(r rune) bool { return unicode.IsSpace(r) != unicode.IsSpace(firstRune(line)) })
		if end < 0 {
			end = len(line)
		}
		word := line[:end]
		if atHyphens && strings.Contains(word, "-") {
			parts = append(parts, hyphenated.FindAllString(word, -1)...)
		} else {
			parts = append(parts, word)
		}
		line = line[end:]
	}
	return parts
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

var tagOrComment = regexp.MustCompile(`(?s)<!--.*?-->|<.*?>`)

// stripTags removes tags and comments, and makes one blank of each run of white space.
func stripTags(s string) string {
	return html.UnescapeString(strings.Join(strings.Fields(tagOrComment.ReplaceAllString(s, "")), " "))
}

var wordPattern = regexp.MustCompile(`[\p{L}\p{N}_]+`)

func wordcount(i *invocation) value.Value {
	return value.FromInt(int64(len(wordPattern.FindAllStringIndex(i.text(i.subject), -1))))
}

// urlencode quotes a text for a path, or makes a query of a map or pairs.
func urlencode(i *invocation) value.Value {
	_, isText := i.subject.AsString()
	d := dictIn(i.subject)
	if isText || d == nil && listIn(i.subject) == nil {
		return value.FromString(percentEncoded(i.text(i.subject), "/", "%20"))
	}
	pairs := i.elements(i.subject)
	if d != nil {
		pairs = d.column(pair)
	}
	var parts []string
	for _, p := range pairs {
		elements := i.elements(p)
		if len(elements) != 2 {
			fail("a pair has %d elements", len(elements))
		}
		parts = append(parts, percentEncoded(i.text(elements[0]), "", "+")+"="+percentEncoded(i.text(elements[1]), "", "+"))
	}
	return value.FromString(strings.Join(parts, "&"))
}

func percentEncoded(s, safe, blank string) string {
	var b strings.Builder
	for n := range len(s) {
		switch c := s[n]; {
		case c < utf8.RuneSelf && (isAlphanumeric(rune(c)) || strings.IndexByte("_.-~"+safe, c) >= 0):
			b.WriteByte(c)
		case c == ' ':
			b.WriteString(blank)
		default:
			b.WriteString("%" + strings.ToUpper(strconv.FormatInt(int64(c)+0x100, 16)[1:]))
		}
	}
	return b.String()
}

// xmlAttributes writes a map as attributes, without those that are null or undefined.
func xmlAttributes(i *invocation) value.Value {
	d := dictIn(i.subject)
	if d == nil {
		fail("it needs a map, not %s", kindOf(i.subject))
	}
	var parts []string
	for _, e := range d.entries {
		name := i.text(e.key)
		if e.value.IsNone() || e.value.IsUndefined() {
			continue
		}
		if strings.ContainsAny(name, " \t\n\f\r/>=") {
			fail("%q is no name of an attribute", name)
		}
		parts = append(parts, escaped(name)+`="`+escaped(i.text(e.value))+`"`)
	}
	text := strings.Join(parts, " ")
	if text != "" && i.flag(0, true) {
		text = " " + text
	}
	return value.FromString(text)
}
