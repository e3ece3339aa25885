package template

import (
	"strconv"
	"strings"
)

// include translates {% include %}.
func (t *translator) include(tag *tag, p *parser) string {
	start := p.at
	name := p.expression()
	withContext, optional := true, false
	for {
		switch {
		case p.word("ignore"):
			p.need(word, "missing")
			optional = true
			continue
		case p.peek().is(word, "with") || p.peek().is(word, "without"):
			withContext = t.context(p, true)
			continue
		}
		break
	}
	p.done()
	t.mention(p, start, optional, !withContext)
	code := "include " + path(name, t.scope.world.included(withContext))
	if optional {
		code += " ignore missing"
	}
	return tags(tag, code)
}

// mention takes down the partial that an expression names outright.
func (t *translator) mention(p *parser, at int, optional, apart bool) {
	outright := p.tokenAt(at).kind == literal
	if next := p.tokenAt(at + 1); next.kind != end && !next.is(operator, "|") && next.kind != word {
		outright = false
	}
	switch {
	case outright && !optional:
		t.includes = append(t.includes, Mention{Name: p.unquote(p.tokens[at]), Line: p.tokens[at].line, bound: t.scope.bound(), apart: apart})
	default:
		t.wants.all = true
	}
}

// context reads "with context" or "without context".
func (t *translator) context(p *parser, otherwise bool) bool {
	switch {
	case p.word("with"):
		otherwise = true
	case p.word("without"):
		otherwise = false
	default:
		return otherwise
	}
	p.need(word, "context")
	return otherwise
}

// path is the code for the name of a partial in its world.
func path(name string, w world) string {
	return call("__path", name, strconv.Itoa(w.level), strconv.Itoa(w.imports))
}

// imports translates {% import … as x %}.
func (t *translator) imports(tag *tag, p *parser) string {
	start := p.at
	name := p.expression()
	p.need(word, "as")
	target := t.target(p)
	withContext := t.context(p, false)
	w := t.scope.world.imported(withContext)
	p.done()
	t.mention(p, start, false, !withContext)
	own := t.scope.fresh("module")
	return tags(tag, "import "+path(name, w)+" as "+own, "set "+target+" = "+call("__module", own))
}

// from translates {% from … import x, y as z %}.
func (t *translator) from(tag *tag, p *parser) string {
	start := p.at
	name := p.expression()
	p.need(word, "import")
	type pair struct{ theirs, ours string }
	var pairs []pair
	for p.peek().kind != end && !t.atContext(p) {
		if pairs != nil {
			p.need(operator, ",")
			if p.peek().kind == end || t.atContext(p) {
				break
			}
		}
		theirs := p.name()
		ours := theirs
		if p.word("as") {
			ours = p.name()
		}
		pairs = append(pairs, pair{theirs, ours})
	}
	if pairs == nil {
		p.unexpected(p.peek())
	}
	withContext := t.context(p, false)
	w := t.scope.world.imported(withContext)
	p.done()
	t.mention(p, start, false, !withContext)
	var items []string
	for _, pair := range pairs {
		items = append(items, w.name(pair.theirs)+" as "+t.scope.define(pair.ours))
	}
	return tags(tag, "from "+path(name, w)+" import "+strings.Join(items, ", "))
}

// atContext reports whether "with context" or its opposite follows; a name may be called "with", too.
func (t *translator) atContext(p *parser) bool {
	return (p.peek().is(word, "with") || p.peek().is(word, "without")) && p.tokenAt(p.at+1).is(word, "context")
}

// extends translates {% extends %}.
func (t *translator) extends(tag *tag, p *parser) string {
	start := p.at
	name := p.expression()
	p.done()
	t.mention(p, start, false, false)
	return tags(tag, "extends "+path(name, t.scope.world))
}
