package template

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// world is how a template came to be evaluated, as far as its translation depends on it.
//
// A template that is included or imported without its context must not see the variables around it, but the engine always shows them. So
// its own variables go by other names there: those of another level.
type world struct {
	level   int // how many templates without context are around this one
	imports int // how many imports are around this one
}

// imported is the world of a template that is imported here.
func (w world) imported(withContext bool) world {
	w.imports++
	return w.included(withContext)
}

// included is the world of a template that is included here.
func (w world) included(withContext bool) world {
	if !withContext {
		w.level++
	}
	return w
}

// load is the name under which the engine loads a partial for this world.
func (w world) load(path string) string {
	if w == (world{}) {
		return path
	}
	return path + "\x00" + strconv.Itoa(w.level) + "." + strconv.Itoa(w.imports)
}

// worldOf is the opposite of load.
func worldOf(name string) (path string, w world) {
	path, suffix, found := strings.Cut(name, "\x00")
	if found {
		level, imports, _ := strings.Cut(suffix, ".")
		w.level, _ = strconv.Atoi(level)
		w.imports, _ = strconv.Atoi(imports)
	}
	return path, w
}

// name is what a variable goes by in translated templates of this world. The engine knows ASCII names only, and those that begin with
// two underscores are functions of ours.
func (w world) name(name string) string {
	if w.level == 0 && isPlain(name) && !strings.HasPrefix(name, "__") {
		return name
	}
	var b strings.Builder
	b.WriteString("__")
	b.WriteString(strconv.Itoa(w.level))
	b.WriteByte('_')
	for _, r := range name {
		if r < utf8.RuneSelf && r != 'Z' {
			b.WriteRune(r)
		} else {
			b.WriteByte('Z')
			b.WriteString(strconv.FormatInt(int64(r), 16))
			b.WriteByte('Z')
		}
	}
	return b.String()
}

// nameOf is the opposite of name.
func nameOf(translated string) string {
	rest, found := strings.CutPrefix(translated, "__")
	if !found {
		return translated
	}
	_, rest, _ = strings.Cut(rest, "_")
	parts := strings.Split(rest, "Z")
	for i := 1; i < len(parts); i += 2 {
		code, _ := strconv.ParseInt(parts[i], 16, 32)
		parts[i] = string(rune(code))
	}
	return strings.Join(parts, "")
}

// isPlain reports whether the engine takes a text as a name.
func isPlain(name string) bool {
	return name != "" && !isDigit(rune(name[0])) && strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf || !isNameRune(r) }) < 0
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isNameRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}
