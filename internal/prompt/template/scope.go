package template

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// scope follows which names a template defines where, while it is translated.
type scope struct {
	world  world
	frames []*frame // outermost first
	used   map[string]bool
	whole  string // cost of passing over the whole source once
	made   int    // names of our own, so far
}

// frame is a block that is open, with what it defined so far.
type frame struct {
	names map[string]bool
	inner bool            // what is defined in it is known only in it, while the engine would let it out
	sets  bool            // something is defined in it, or in an if in it
	loop  string          // of a loop: the name of the variable that remembers for loop.changed, once it is used
	extra map[string]bool // of a macro: names that the language gives it beside its parameters, true once they are used
}

func newScope(w world, size int) *scope {
	return &scope{world: w, frames: []*frame{newFrame()}, used: map[string]bool{}, whole: cost(size)}
}

func newFrame(names ...string) *frame {
	f := &frame{names: map[string]bool{}}
	for _, name := range names {
		f.names[name] = true
	}
	return f
}

// cost is what it costs to write a text of the given size, in elements.
func cost(size int) string { return strconv.Itoa(size / 16) }

// globals are names that the language itself defines.
var globals = map[string]bool{
	"range": true, "dict": true, "cycler": true, "joiner": true, "namespace": true, "self": true, "super": true,
}

// use is the code of a variable that an expression mentions.
func (s *scope) use(name string) string {
	for _, f := range slices.Backward(s.frames) {
		if _, isExtra := f.extra[name]; isExtra && !f.names[name] {
			f.extra[name] = true
			return s.world.name(name)
		}
		if f.names[name] {
			if name == "loop" {
				return name
			}
			return s.world.name(name)
		}
	}
	if globals[name] {
		return name
	}
	s.used[name] = true
	return s.world.name(name)
}

// define puts a name into the innermost frame and returns its code.
func (s *scope) define(name string) string {
	s.top().names[name] = true
	for _, f := range slices.Backward(s.frames) {
		f.sets = true
		if f.inner {
			break
		}
	}
	return s.world.name(name)
}

// bound are all names that are defined where the translation is.
func (s *scope) bound() map[string]bool {
	all := map[string]bool{}
	for _, f := range s.frames {
		for name := range f.names {
			all[name] = true
		}
	}
	return all
}

func (s *scope) top() *frame { return s.frames[len(s.frames)-1] }

// newInner is a frame for text in which nothing is defined yet, and out of which nothing gets.
func newInner() *frame {
	f := newFrame()
	f.inner = true
	return f
}

func (s *scope) open(f *frame) { s.frames = append(s.frames, f) }

func (s *scope) shut() { s.frames = s.frames[:len(s.frames)-1] }

// changed is the variable that remembers for loop.changed in the innermost loop.
func (s *scope) changed() string {
	for _, f := range slices.Backward(s.frames) {
		if f.names["loop"] {
			if f.loop == "" {
				f.loop = s.fresh("changed")
			}
			return f.loop
		}
	}
	return "none"
}

// wholeCost is the cost of passing over all of the template's text.
func (s *scope) wholeCost() string { return s.whole }

// fresh is a name that no template can use.
func (s *scope) fresh(purpose string) string {
	s.made++
	return "__" + purpose + strconv.Itoa(s.made) + "_" + strconv.Itoa(s.world.level)
}

// isFresh reports whether a translated name is one of those.
func isFresh(name string) bool {
	rest, found := strings.CutPrefix(name, "__")
	return found && rest != "" && !isDigit(rune(rest[0]))
}

// variables are the names that were used and not defined, sorted.
func (s *scope) variables() []string { return slices.Sorted(maps.Keys(s.used)) }
