package template

import "strings"

// parser reads the expressions of a tag and writes them in the engine's words. What it writes can stand anywhere: it is a name, a
// literal, a call, a filtered one of these, or in brackets. It panics with a *SyntaxError.
type parser struct {
	scope  *scope
	tokens []token
	at     int
	line   int // of the tag
	depth  int
}

func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{line: p.line}
}

func (p *parser) next() token {
	t := p.peek()
	p.at++
	return t
}

func (p *parser) fail(t token, text string) { panic(&SyntaxError{Line: t.line, Text: text}) }

func (p *parser) unexpected(t token) {
	if t.kind == end {
		p.fail(t, "the tag ends too early")
	}
	p.fail(t, "unexpected "+t.String())
}

// word and operator go past a token if it is the given one.
func (p *parser) word(text string) bool     { return p.skip(word, text) }
func (p *parser) operator(text string) bool { return p.skip(operator, text) }

func (p *parser) skip(kind tokenKind, text string) bool {
	if p.peek().is(kind, text) {
		p.at++
		return true
	}
	return false
}

func (p *parser) need(kind tokenKind, text string) {
	if t := p.next(); !t.is(kind, text) {
		p.fail(t, "expected '"+text+"', not "+t.String())
	}
}

func (p *parser) name() string {
	t := p.next()
	if t.kind != word {
		p.fail(t, "expected a name, not "+t.String())
	}
	return t.text
}

// done checks that nothing is left.
func (p *parser) done() {
	if t := p.peek(); t.kind != end {
		p.unexpected(t)
	}
}

// enter bounds the nesting; leave it with defer p.leave().
func (p *parser) enter() {
	if p.depth++; p.depth > maxNested {
		p.fail(p.peek(), "too many brackets in brackets")
	}
}

func (p *parser) leave() { p.depth-- }

// tuple reads an expression, or several with commas between them, which are a tuple.
func (p *parser) tuple(one func() string) string {
	first := one()
	if !p.peek().is(operator, ",") {
		return first
	}
	items := []string{first}
	for p.operator(",") {
		if t := p.peek(); t.kind == end || t.is(operator, ")") || t.is(operator, "=") || t.is(operator, "]") || t.is(word, "recursive") {
			break
		}
		items = append(items, one())
	}
	return call("__tuple", items...)
}

// expression reads any expression that is no tuple: a if b else c.
func (p *parser) expression() string {
	p.enter()
	defer p.leave()
	code := p.or()
	for p.word("if") {
		code += " if " + p.or()
		if p.word("else") {
			code += " else " + p.expression()
		}
		code = "(" + code + ")"
	}
	return code
}

// or reads an expression without "if".
func (p *parser) or() string { return p.joined("or", p.and) }

func (p *parser) and() string { return p.joined("and", p.not) }

func (p *parser) joined(by string, one func() string) string {
	operands := []string{one()}
	for p.word(by) {
		operands = append(operands, one())
	}
	if len(operands) == 1 {
		return operands[0]
	}
	return "(" + strings.Join(operands, " "+by+" ") + ")"
}

func (p *parser) not() string {
	if !p.word("not") {
		return p.comparison()
	}
	p.enter()
	defer p.leave()
	return "(not " + p.not() + ")"
}

// comparison reads a < b, or a < b < c, which is a < b and b < c.
func (p *parser) comparison() string {
	left, pairs := p.sum(), []string(nil)
	for {
		t := p.peek()
		switch {
		case t.kind == operator && (t.text == "==" || t.text == "!=" || t.text == "<" || t.text == "<=" || t.text == ">" || t.text == ">="):
			p.at++
		case t.is(word, "in"):
			p.at++
		case t.is(word, "not") && p.at+1 < len(p.tokens) && p.tokens[p.at+1].is(word, "in"):
			p.at += 2
			t.text = "not in"
		case pairs == nil:
			return left
		case len(pairs) == 1:
			return pairs[0]
		default:
			return "(" + strings.Join(pairs, " and ") + ")"
		}
		right := p.sum()
		pairs = append(pairs, call("__compare", left, quoted(t.text), right))
		left = right
	}
}

func (p *parser) sum() string { return p.operation([]string{"+", "-"}, p.concatenation) }

// concatenation binds tighter than + and -.
func (p *parser) concatenation() string {
	first := p.product()
	if !p.peek().is(operator, "~") {
		return first
	}
	args := []string{first}
	for p.operator("~") {
		args = append(args, p.product())
	}
	return call("__concat", args...)
}

func (p *parser) product() string { return p.operation([]string{"*", "/", "//", "%"}, p.power) }

func (p *parser) power() string { return p.operation([]string{"**"}, p.unary) }

// operation reads operators of one rank, which are worked off from left to right.
func (p *parser) operation(operators []string, one func() string) string {
	args := []string{one()}
	for {
		t := p.peek()
		found := false
		for _, o := range operators {
			found = found || t.is(operator, o)
		}
		switch {
		case found:
			p.at++
			args = append(args, quoted(t.text), one())
		case len(args) == 1:
			return args[0]
		default:
			return call("__operate", args...)
		}
	}
}

// unary reads a signed value with its filters and tests: -x | abs filters -x.
func (p *parser) unary() string {
	p.enter()
	defer p.leave()
	return p.filters(p.signed())
}

func (p *parser) signed() string {
	t := p.peek()
	if t.is(operator, "-") || t.is(operator, "+") {
		p.at++
		p.enter()
		defer p.leave()
		return call("__sign", quoted(t.text), p.signed())
	}
	return p.postfix(p.primary())
}

func (p *parser) primary() operand {
	switch t := p.next(); {
	case t.kind == word:
		return p.named(t)
	case t.kind == literal:
		texts := []string{p.unquote(t)}
		for p.peek().kind == literal { // adjacent texts join
			texts = append(texts, p.unquote(p.next()))
		}
		return operand{code: quoted(strings.Join(texts, ""))}
	case t.kind == number:
		return operand{code: p.number(t)}
	case t.is(operator, "("):
		if p.operator(")") {
			return operand{code: "__tuple()"}
		}
		code := p.tuple(p.expression)
		p.need(operator, ")")
		return operand{code: "(" + code + ")"}
	case t.is(operator, "["):
		return operand{code: call("__list", p.items("]", func() []string { return []string{p.expression()} })...)}
	case t.is(operator, "{"):
		return operand{code: call("__dict", p.items("}", p.entry)...)}
	default:
		p.unexpected(t)
		return operand{}
	}
}

func (p *parser) entry() []string {
	key := p.expression()
	p.need(operator, ":")
	return []string{key, p.expression()}
}

// items reads a list up to its closing bracket; a comma at its end is allowed.
func (p *parser) items(shut string, one func() []string) []string {
	var items []string
	for !p.operator(shut) {
		if items != nil {
			p.need(operator, ",")
			if p.operator(shut) {
				break
			}
		}
		items = append(items, one()...)
	}
	return items
}

// operand is the code of a value, and the variable that it is, if it is nothing but one.
type operand struct{ code, variable string }

var constants = map[string]string{
	"true": "true", "True": "true", "false": "false", "False": "false", "none": "none", "None": "none",
}

// reserved are words that no variable can be called by.
var reserved = map[string]bool{"and": true, "or": true, "not": true, "in": true, "is": true, "if": true, "else": true}

func (p *parser) named(t token) operand {
	if constant, is := constants[t.text]; is {
		return operand{code: constant}
	}
	if reserved[t.text] {
		p.unexpected(t)
	}
	return operand{p.scope.use(t.text), t.text}
}

// postfix reads attributes, subscripts and calls.
func (p *parser) postfix(x operand) string {
	for {
		switch {
		case p.operator("."):
			x = operand{code: p.attribute(x.code)}
		case p.operator("["):
			x = operand{code: p.subscript(x.code)}
		case p.operator("("):
			x = operand{code: p.called(x)}
		default:
			return x.code
		}
	}
}

// attribute reads what is behind a dot, with the brackets behind it if it is a method.
func (p *parser) attribute(of string) string {
	t := p.next()
	switch {
	case t.kind == number:
		return call("__item", of, p.number(t))
	case t.kind != word:
		p.fail(t, "expected a name behind the dot, not "+t.String())
	}
	if p.operator("(") {
		if of == "loop" && t.text == "changed" {
			return call("__changed", append([]string{p.scope.changed()}, p.arguments()...)...)
		}
		return call("__method", append([]string{of, quoted(t.text)}, p.arguments()...)...)
	}
	if !isPlain(t.text) || isDigit(rune(of[0])) || reserved[t.text] || constants[t.text] != "" {
		return call("__attribute", of, quoted(t.text))
	}
	return of + "." + t.text
}

func (p *parser) subscript(of string) string {
	if !p.peek().is(operator, ":") {
		key := p.tuple(p.expression)
		if p.operator("]") {
			return call("__item", of, key)
		}
		return p.slice(of, key)
	}
	return p.slice(of, "none")
}

// slice reads the rest of of[start:stop:step].
func (p *parser) slice(of, start string) string {
	bounds := []string{of, start, "none", "none"}
	for i := 2; i < 4 && p.operator(":"); i++ {
		if t := p.peek(); !t.is(operator, ":") && !t.is(operator, "]") {
			bounds[i] = p.expression()
		}
	}
	p.need(operator, "]")
	return call("__slice", bounds...)
}

// called reads the arguments of a call, behind its bracket.
func (p *parser) called(x operand) string {
	args := p.arguments()
	switch {
	case x.variable == "super" && len(args) == 0:
		return "__costly(super())"
	case x.variable == "loop" && x.code == "loop" && len(args) == 1:
		return call("loop", call("__iterate", args[0], p.scope.wholeCost()))
	}
	return call("__call", append([]string{x.code}, args...)...)
}

// arguments reads the arguments of a call up to its closing bracket.
func (p *parser) arguments() []string {
	return p.items(")", func() []string {
		switch {
		case p.operator("*"):
			return []string{"*" + call("__iterate", p.expression(), "0")}
		case p.operator("**"):
			return []string{"**" + p.expression()}
		}
		if t := p.peek(); t.kind == word && p.at+1 < len(p.tokens) && p.tokens[p.at+1].is(operator, "=") {
			p.at += 2
			return []string{world{}.name(t.text) + "=" + p.expression()}
		}
		return []string{p.expression()}
	})
}

// filters reads filters and tests behind a value.
func (p *parser) filters(code string) string {
	for {
		switch {
		case p.operator("|"):
			code += "|" + p.filter()
		case p.word("is"):
			code = p.test(code)
		case p.operator("("):
			code = call("__call", append([]string{code}, p.arguments()...)...)
		default:
			return code
		}
	}
}

// filter reads a filter with its arguments.
func (p *parser) filter() string {
	t := p.peek()
	name := p.name()
	if filters[name] == nil {
		p.fail(t, "unknown filter '"+name+"'")
	}
	if p.operator("(") {
		return call(name, p.arguments()...)
	}
	return name
}

// test reads what is behind "is".
func (p *parser) test(of string) string {
	negated := p.word("not")
	t := p.peek()
	name := p.name()
	if tests[name] == nil {
		p.fail(t, "unknown test '"+name+"'")
	}
	args := []string{of, quoted(name)}
	switch next := p.peek(); {
	case p.operator("("):
		args = append(args, p.arguments()...)
	case next.is(word, "is"):
		p.fail(next, "a test of a test")
	case next.kind == literal, next.kind == number, next.is(operator, "["), next.is(operator, "{"),
		next.kind == word && next.text != "and" && next.text != "or" && next.text != "else" && next.text != "if" && next.text != "in" &&
			next.text != "not" && next.text != "recursive":
		args = append(args, p.postfix(p.primary()))
	}
	code := call("__test", args...)
	if negated {
		return "(not " + code + ")"
	}
	return code
}
