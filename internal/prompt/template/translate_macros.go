package template

import "strings"

// parameters are those of a macro or a call block.
type parameters struct {
	names    []string // codes
	defaults []string // of the last ones
}

// parameters reads "(a, b=1)".
func (t *translator) parameters(p *parser) parameters {
	var list parameters
	for !p.operator(")") {
		if list.names != nil {
			p.need(operator, ",")
			if p.operator(")") {
				break
			}
		}
		t0 := p.peek()
		list.names = append(list.names, t.scope.define(p.name()))
		switch {
		case p.operator("="):
			list.defaults = append(list.defaults, p.expression())
		case list.defaults != nil:
			p.fail(t0, "a parameter without default follows one with default")
		}
	}
	return list
}

// header writes the parameters, those that the language adds, and the counting of the macro's text.
func (l parameters) header(name string, f *frame, w world, size int) string {
	list := make([]string, len(l.names))
	copy(list, l.names)
	for i, value := range l.defaults {
		list[len(list)-len(l.defaults)+i] += "=" + value
	}
	for _, extra := range macroExtras {
		if f.extra[extra.name] {
			list = append(list, w.name(extra.name)+"="+extra.value)
		}
	}
	return "macro " + name + "(" + strings.Join(append(list, costParameter+"=__spend("+cost(size)+")"), ", ") + ")"
}

// costParameter is the last parameter of every macro. Nobody sets it; its default value is evaluated at every call.
const costParameter = "__cost"

// macroExtras are the names that a macro may use beside its parameters. One that uses none does not have them.
var macroExtras = []struct{ name, value string }{{"varargs", "__tuple()"}, {"kwargs", "__dict()"}, {"caller", "__nothing"}}

func newMacroFrame() *frame {
	f := newFrame()
	f.extra = map[string]bool{}
	for _, extra := range macroExtras {
		f.extra[extra.name] = false
	}
	return f
}

// macro translates {% macro %}. The engine keeps macros apart from variables, where partials share them; so its macro has a name of our
// own, and the template's name is a variable.
func (t *translator) macro(tag *tag, p *parser) string {
	name := p.name()
	own := t.scope.fresh("macro")
	code := t.scope.define(name)
	p.need(operator, "(")
	definition := t.macroBody(tag, p, own, "macro")
	return definition.code + ended(definition.end, name, "endmacro", "set "+code+" = "+own)
}

// macroBody reads parameters and body and writes all but the end.
func (t *translator) macroBody(tag *tag, p *parser, own, opener string) body {
	t.scope.open(newMacroFrame())
	defer t.scope.shut()
	list := t.parameters(p)
	p.done()
	inner := t.body(opener, "end"+opener)
	inner.code = tags(tag, list.header(own, t.scope.top(), t.scope.world, inner.size)) + inner.code
	return inner
}

// call translates {% call(x) f(y) %}…{% endcall %}: a macro of the body, given to f as its caller.
func (t *translator) call(tag *tag, p *parser) string {
	own := t.scope.fresh("caller")
	inside := &parser{scope: t.scope, tokens: []token{{kind: operator, text: ")", line: tag.line}}, line: tag.line}
	if p.peek().is(operator, "(") {
		begun := p.at + 1
		close := begun
		for depth := 1; depth > 0; close++ {
			if close >= len(p.tokens) {
				p.fail(p.peek(), "a bracket is not closed")
			}
			if p.tokens[close].kind == operator {
				depth += nesting(p.tokens[close].text)
			}
		}
		inside.tokens, inside.at, p.at = p.tokens[:close], begun, close
	}
	callee, args := t.callee(p)
	inner := t.macroBody(tag, inside, own, "call")
	return inner.code + tagsAndPrint(inner.end, call("__call_with", append([]string{callee, own}, args...)...))
}

// callee reads f(y), or x.f(y), in front of a body.
func (t *translator) callee(p *parser) (code string, args []string) {
	start := p.at
	last := -1 // where the last bracket opens
	depth := 0
	for i := start; i < len(p.tokens); i++ {
		if p.tokens[i].is(operator, "(") && depth == 0 {
			last = i
		}
		if p.tokens[i].kind == operator {
			depth += nesting(p.tokens[i].text)
		}
	}
	if last <= start {
		p.fail(p.peek(), "call needs a call")
	}
	f := &parser{scope: t.scope, tokens: p.tokens[:last], at: start, line: p.line}
	code = f.postfix(f.primary())
	f.done()
	p.at = last + 1
	args = p.arguments()
	p.done()
	return code, args
}

// tagsAndPrint ends a macro and prints a value in its place.
func tagsAndPrint(tag *tag, code string) string {
	(&parser{tokens: tag.tokens, at: 1, line: tag.line}).done()
	return "{%" + tag.left + " endmacro %}{{ " + code + strings.Repeat("\n", tag.breaks) + " " + tag.right + "}}"
}
