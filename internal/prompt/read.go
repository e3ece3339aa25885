package prompt

import (
	"maps"
	"slices"
)

// reading is what can be said of a template without rendering it.
type reading struct {
	variables []string  // names that it uses and does not define itself, sorted (spec/prompts.md 1.7)
	includes  []mention // partials that it names outright
	filters   []mention
	tests     []mention
	foreign   []mention // statements that the engine knows and the language of spec/prompts.md 1.5 does not
}

// mention is a name in a template and the line, from 0, on which it stands.
type mention struct {
	name string
	line int
}

// read reads a template that the engine has compiled, which hides its own syntax tree. It only follows which names are in scope where;
// that the template is well formed is known already.
func read(source string) reading {
	r := &scopes{used: map[string]bool{}, frames: []*frame{{names: map[string]bool{}}}}
	for _, t := range tagsOf(source) {
		if t.statement {
			r.statement(t)
		} else {
			r.expression(t.tokens)
		}
	}
	r.found.variables = slices.Sorted(maps.Keys(r.used))
	return r.found
}

type scopes struct {
	found  reading
	used   map[string]bool
	frames []*frame // outermost first
}

// frame is a block that is open, with the names that it defined so far.
type frame struct {
	block    string // "if", "for", …; empty: the template
	names    map[string]bool
	branches []map[string]bool // of an if: names of its finished branches
	complete bool              // of an if: it has an else
	targets  []token           // of a set block: what it will define
}

func (r *scopes) statement(t tag) {
	if len(t.tokens) == 0 {
		return
	}
	args := t.tokens[1:]
	switch name := t.name(); name {
	case "for":
		r.loop(args)
	case "if":
		r.expression(args)
		r.open("if")
	case "elif", "else":
		r.branch(args, name == "else")
	case "set":
		r.set(args)
	case "with":
		r.with(args)
	case "macro":
		r.macro(args)
	case "call":
		r.call(args)
	case "filter":
		r.open("filter")
		r.expression(append([]token{{kind: operator, text: "|"}}, args...))
	case "block":
		r.open("block")
	case "autoescape":
		r.expression(args)
		r.open("autoescape")
	case "include":
		r.include(args)
	case "import", "from":
		r.imports(args, name)
	case "extends":
		r.include(args)
	case "endif", "endfor", "endset", "endwith", "endmacro", "endcall", "endfilter", "endblock", "endautoescape":
		r.shut()
	default:
		r.found.foreign = append(r.found.foreign, mention{name: name, line: t.tokens[0].line})
	}
}

// loop opens {% for targets in values if condition recursive %}.
func (r *scopes) loop(args []token) {
	targets, rest := cut(args, word, "in")
	if n := len(rest); n > 1 && rest[n-1].is(word, "recursive") {
		rest = rest[:n-1]
	}
	values, condition := cut(rest, word, "if")
	r.expression(values)
	r.open("for", "loop")
	r.define(targets)
	r.expression(condition)
}

func (r *scopes) branch(condition []token, last bool) {
	f := r.top()
	if f.block == "if" {
		f.branches = append(f.branches, f.names)
		f.complete = last
	}
	f.names = map[string]bool{} // the else of a loop does not see its targets
	r.expression(condition)
}

func (r *scopes) set(args []token) {
	targets, values := cut(args, operator, "=")
	if values != nil {
		r.expression(values)
		r.define(targets)
		return
	}
	targets, filters := cut(args, operator, "|")
	if filters != nil {
		r.expression(args[len(targets):])
	}
	r.open("set")
	r.top().targets = targets
}

// with defines its names all at once: none sees another.
func (r *scopes) with(args []token) {
	var targets []token
	for _, assignment := range split(args) {
		target, values := cut(assignment, operator, "=")
		r.expression(values)
		targets = append(targets, target...)
	}
	r.open("with")
	r.define(targets)
}

func (r *scopes) macro(args []token) {
	r.define(args[:min(1, len(args))])
	r.open("macro", "caller", "varargs", "kwargs")
	r.parameters(args[min(1, len(args)):])
}

// call opens {% call macro(…) %} or {% call(parameters) macro(…) %}.
func (r *scopes) call(args []token) {
	parameters, invocation := args[:0], args
	if len(args) > 0 && args[0].is(operator, "(") {
		end := closing(args)
		parameters, invocation = args[:end], args[end:]
	}
	r.expression(invocation)
	r.open("call")
	r.parameters(parameters)
}

// parameters defines the names in "(a, b=default)".
func (r *scopes) parameters(list []token) {
	if len(list) < 2 {
		return
	}
	for _, parameter := range split(list[1 : len(list)-1]) {
		name, value := cut(parameter, operator, "=")
		r.define(name)
		r.expression(value)
	}
}

func (r *scopes) include(args []token) {
	for _, words := range [][]string{{"with", "context"}, {"without", "context"}, {"ignore", "missing"}} {
		if n := len(args); n > 2 && args[n-2].is(word, words[0]) && args[n-1].is(word, words[1]) {
			args = args[:n-2]
			if words[0] == "ignore" {
				r.expression(args)
				return // it may be missing
			}
		}
	}
	if len(args) > 0 && args[0].kind == literal && (len(args) == 1 || args[1].is(operator, "|")) {
		r.found.includes = append(r.found.includes, mention{name: args[0].text, line: args[0].line})
	}
	r.expression(args)
}

// imports reads {% import path as name %} and {% from path import a, b as c %}.
func (r *scopes) imports(args []token, kind string) {
	if n := len(args); n > 2 && args[n-1].is(word, "context") {
		args = args[:n-2]
	}
	if kind == "import" {
		path, name := cut(args, word, "as")
		r.include(path)
		r.define(name)
		return
	}
	path, names := cut(args, word, "import")
	r.include(path)
	for _, item := range split(names) {
		if _, alias := cut(item, word, "as"); alias != nil {
			item = alias
		}
		r.define(item)
	}
}

// constants are words of expressions that are no names of variables.
var constants = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "is": true, "if": true, "else": true,
	"true": true, "false": true, "none": true, "True": true, "False": true, "None": true,
}

// globals are names that the language itself defines.
var globals = map[string]bool{
	"range": true, "dict": true, "lipsum": true, "cycler": true, "joiner": true, "namespace": true, "self": true, "super": true,
}

// expression takes down the names in an expression.
func (r *scopes) expression(tokens []token) {
	for i, t := range tokens {
		if t.kind != word {
			continue
		}
		switch {
		case i > 0 && tokens[i-1].is(operator, "."): // an attribute
		case i > 0 && tokens[i-1].is(operator, "|"):
			r.found.filters = append(r.found.filters, mention{name: t.text, line: t.line})
		case isTest(tokens, i):
			r.found.tests = append(r.found.tests, mention{name: t.text, line: t.line})
		case constants[t.text] || globals[t.text]:
		case i+1 < len(tokens) && tokens[i+1].is(operator, "="): // the name of an argument
		case !r.defined(t.text):
			r.used[t.text] = true
		}
	}
}

// isTest reports whether the word at i follows "is" or "is not".
func isTest(tokens []token, i int) bool {
	if i > 1 && tokens[i-1].is(word, "not") {
		i--
	} else if i > 0 && tokens[i].is(word, "not") {
		return false
	}
	return i > 0 && tokens[i-1].is(word, "is") && (i < 2 || !tokens[i-2].is(operator, "."))
}

// define puts the names of assignment targets into scope: x, (x, y), and for the part before the dot of ns.x, which must be there.
func (r *scopes) define(targets []token) {
	for i, t := range targets {
		switch {
		case t.kind != word || i > 0 && targets[i-1].is(operator, "."):
		case i+1 < len(targets) && targets[i+1].is(operator, "."):
			r.expression(targets[i : i+1])
		default:
			r.top().names[t.text] = true
		}
	}
}

func (r *scopes) defined(name string) bool {
	for _, f := range r.frames {
		if f.names[name] {
			return true
		}
	}
	return false
}

func (r *scopes) top() *frame { return r.frames[len(r.frames)-1] }

func (r *scopes) open(block string, names ...string) {
	f := &frame{block: block, names: map[string]bool{}}
	for _, name := range names {
		f.names[name] = true
	}
	r.frames = append(r.frames, f)
}

// shut closes a block. What an if defined in all of its branches stays defined, and so do the targets of a set block.
func (r *scopes) shut() {
	if len(r.frames) == 1 {
		return
	}
	f := r.top()
	r.frames = r.frames[:len(r.frames)-1]
	if f.block == "if" && f.complete {
		for name := range f.names {
			if !slices.ContainsFunc(f.branches, func(branch map[string]bool) bool { return !branch[name] }) {
				r.top().names[name] = true
			}
		}
	}
	r.define(f.targets)
}

// cut splits tokens at the first given one that stands in no brackets; after is nil when there is none.
func cut(tokens []token, kind tokenKind, text string) (before, after []token) {
	depth := 0
	for i, t := range tokens {
		if depth == 0 && t.is(kind, text) {
			return tokens[:i], tokens[i+1:]
		}
		if t.kind == operator {
			depth += nesting(t.text)
		}
	}
	return tokens, nil
}

// split splits tokens at commas that stand in no brackets.
func split(tokens []token) [][]token {
	var parts [][]token
	for {
		part, rest := cut(tokens, operator, ",")
		parts = append(parts, part)
		if rest == nil {
			return parts
		}
		tokens = rest
	}
}

// closing is the offset behind the bracket that closes the one in front.
func closing(tokens []token) int {
	depth := 0
	for i, t := range tokens {
		if t.kind == operator {
			depth += nesting(t.text)
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(tokens)
}
