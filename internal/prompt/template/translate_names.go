package template

import (
	"strconv"
	"strings"
)

// targets reads what is assigned to: x, (x, y), and with a dot the attribute of a namespace. The count is the number of targets, 0 for a
// single one.
func (t *translator) targets(p *parser, stop func(token) bool) (code string, count int) {
	first := t.target(p)
	if !p.peek().is(operator, ",") {
		return first, 0
	}
	items := []string{first}
	for p.operator(",") {
		if stop(p.peek()) {
			break
		}
		items = append(items, t.target(p))
	}
	code = strings.Join(items, ", ")
	if len(items) == 1 {
		code += ","
	}
	return code, len(items)
}

func (t *translator) target(p *parser) string {
	if p.operator("(") {
		p.enter()
		defer p.leave()
		code, count := t.targets(p, func(t token) bool { return t.is(operator, ")") })
		p.need(operator, ")")
		if count == 0 {
			return code
		}
		return "(" + code + ")"
	}
	name := p.next()
	_, isConstant := constants[name.text]
	if name.kind != word || reserved[name.text] || isConstant || name.text == "loop" || name.text == "self" {
		p.fail(name, "cannot assign to "+name.String())
	}
	if p.operator(".") {
		return t.scope.use(name.text) + "." + p.name()
	}
	return t.scope.define(name.text)
}

func isAssignment(t token) bool { return t.is(operator, "=") }

// loop translates {% for %}. The engine iterates over less and over more than the language does, and does not count how often.
func (t *translator) loop(tag *tag, p *parser) string {
	begun := p.at
	t.scope.open(newFrame())
	t.targets(p, func(t token) bool { return t.is(word, "in") }) // for the errors: the names are in scope in the body only
	t.scope.shut()
	p.need(word, "in")
	over := p.tuple(p.or)

	t.scope.open(newFrame("loop"))
	header := &parser{scope: t.scope, tokens: p.tokens, at: begun, line: p.line}
	targets, _ := t.targets(header, func(t token) bool { return t.is(word, "in") })
	filter := ""
	if p.word("if") {
		filter = " if " + p.expression()
	}
	if p.word("recursive") {
		filter += " recursive"
	}
	p.done()
	inner := t.inner("for", "else", "endfor")
	remembers := t.scope.top().loop
	t.scope.shut()

	otherwise := ""
	if inner.end.word() == "else" {
		t.parser(inner.end).done()
		t.scope.open(newFrame())
		last := t.body("for", "endfor")
		t.scope.shut()
		otherwise = tags(inner.end, "else") + last.code
		inner.end, inner.size = last.end, inner.size+last.size
	}
	begin := "for " + targets + " in " + call("__iterate", over, cost(inner.size)) + filter
	if remembers == "" {
		return tags(tag, begin) + inner.code + otherwise + ended(inner.end, "", "endfor")
	}
	return tags(tag, "with "+remembers+" = __cell()", begin) + inner.code + otherwise + ended(inner.end, "", "endfor", "endwith")
}

// set translates {% set x = … %} and {% set x %}…{% endset %}.
func (t *translator) set(tag *tag, p *parser) (string, int) {
	before := p.at
	if t.isBlock(p) {
		return t.setBlock(tag, p)
	}
	t.scope.open(newFrame()) // a target is not in scope in its own value
	t.targets(p, isAssignment)
	t.scope.shut()
	p.need(operator, "=")
	value := p.tuple(p.expression)
	p.done()

	p.at = before
	targets, count := t.targets(p, isAssignment)
	if count > 0 {
		value = call("__unpack", value, strconv.Itoa(count))
	} else if namespace, _, isAttribute := strings.Cut(targets, "."); isAttribute {
		value = call("__assigned", namespace, value)
	}
	return tags(tag, "set "+targets+" = "+value), 0
}

// isBlock reports whether a set has no value, so that it has a body.
func (t *translator) isBlock(p *parser) bool {
	depth := 0
	for _, token := range p.tokens[p.at:] {
		if depth == 0 && token.is(operator, "=") {
			return false
		}
		if depth == 0 && token.is(operator, "|") {
			return true
		}
		if token.kind == operator {
			depth += nesting(token.text)
		}
	}
	return true
}

func (t *translator) setBlock(tag *tag, p *parser) (string, int) {
	before := p.at
	t.scope.open(newFrame())
	t.target(p)
	t.scope.shut()
	var chain []string
	if p.operator("|") {
		chain = t.chain(p)
	}
	p.done()
	inner := t.inner("set", "endset")

	p.at = before
	begin := append([]string{"set " + t.target(p)}, filterTags(chain)...)
	end := append(repeat("endfilter", len(chain)), "endset")
	return tags(tag, begin...) + inner.code + ended(inner.end, "", end...), inner.size
}

// with translates {% with %}. Its values do not see its names, so that all are evaluated before one is defined.
func (t *translator) with(tag *tag, p *parser) (string, int) {
	var (
		values []string
		starts []int // of targets
	)
	for p.peek().kind != end {
		if values != nil {
			p.need(operator, ",")
		}
		starts = append(starts, p.at)
		t.scope.open(newFrame())
		t.target(p)
		t.scope.shut()
		p.need(operator, "=")
		values = append(values, p.expression())
	}
	t.scope.open(newFrame())
	var targets []string
	for _, start := range starts {
		targets = append(targets, t.target(&parser{scope: t.scope, tokens: p.tokens, at: start, line: p.line}))
	}
	inner := t.body("with", "endwith")
	t.scope.shut()

	begin := "with"
	switch len(values) {
	case 0:
	case 1:
		begin += " " + targets[0] + " = " + values[0]
	default:
		begin += " (" + strings.Join(targets, ", ") + ") = " + call("__tuple", values...)
	}
	return tags(tag, begin) + inner.code + ended(inner.end, "", "endwith"), inner.size
}
