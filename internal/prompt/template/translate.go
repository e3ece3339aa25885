package template

import (
	"slices"
	"strings"
)

// translation is a template in the engine's words.
type translation struct {
	source    string
	variables []string
	includes  []Mention
	wants     wants
}

// translate puts a template into the engine's words. Every tag stays on its line. The error is a [*SyntaxError].
func translate(source string, w world) (result *translation, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *SyntaxError:
			result, err = nil, p
		default:
			panic(p)
		}
	}()
	source = lineFeeds(source)
	t := &translator{pieces: lex(source), scope: newScope(w, len(source)), wants: newWants()}
	body := t.body("")
	for name := range t.scope.used {
		t.wants.names[name] = true
	}
	return &translation{source: body.code, variables: t.scope.variables(), includes: t.includes, wants: *t.wants}, nil
}

type translator struct {
	pieces   []piece
	at       int
	depth    int // tags in tags
	scope    *scope
	includes []Mention
	wants    *wants
}

// body is what stands between tags that belong together, translated.
type body struct {
	code string
	size int  // of its text, that of inner loops and macros excluded
	end  *tag // the tag behind it
}

// body translates up to a statement that begins with one of the given words, or up to the end when there are none.
func (t *translator) body(opener string, ends ...string) body {
	if t.depth++; t.depth > maxNested {
		panic(&SyntaxError{Line: t.line(), Text: "too many tags in tags"})
	}
	defer func() { t.depth-- }()
	var (
		b    strings.Builder
		size int
		line = t.line()
	)
	for t.at < len(t.pieces) {
		p := t.pieces[t.at]
		t.at++
		switch {
		case p.tag == nil:
			b.WriteString(p.text)
			size += len(p.text)
		case !p.tag.statement:
			b.WriteString(t.print(p.tag))
		case slices.Contains(ends, p.tag.word()):
			return body{b.String(), size, p.tag}
		default:
			code, more := t.statement(p.tag)
			b.WriteString(code)
			size += more
		}
	}
	if ends != nil {
		panic(&SyntaxError{Line: line, Text: opener + " is not closed: " + ends[len(ends)-1] + " is missing"})
	}
	return body{b.String(), size, nil}
}

// inner translates a body in a scope of its own, which the engine is told of if it matters.
func (t *translator) inner(opener string, ends ...string) body {
	t.scope.open(newInner())
	defer t.scope.shut()
	b := t.body(opener, ends...)
	if t.scope.top().sets {
		b.code = "{% with %}" + b.code + "{% endwith %}"
	}
	return b
}

// line is the one of the last tag read.
func (t *translator) line() int {
	for i := t.at - 1; i >= 0 && i < len(t.pieces); i-- {
		if t.pieces[i].tag != nil {
			return t.pieces[i].tag.line
		}
	}
	return 1
}

// print translates {{ … }}.
func (t *translator) print(tag *tag) string {
	p := t.parser(tag)
	code := p.tuple(p.expression)
	p.done()
	return "{{" + tag.left + " " + code + strings.Repeat("\n", tag.breaks) + " " + tag.right + "}}"
}

// parser reads a tag's tokens; those of a statement from its second one on.
func (t *translator) parser(tag *tag) *parser {
	p := &parser{scope: t.scope, tokens: tag.tokens, line: tag.line}
	if tag.statement {
		p.at = 1
	}
	return p
}

// statement translates a statement, with everything up to its end if it has one. The size is that of text that belongs to the
// surrounding body.
func (t *translator) statement(tag *tag) (code string, size int) {
	p := t.parser(tag)
	switch word := tag.word(); word {
	case "for":
		return t.loop(tag, p), 0
	case "if":
		return t.condition(tag, p)
	case "set":
		return t.set(tag, p)
	case "with":
		return t.with(tag, p)
	case "macro":
		return t.macro(tag, p), 0
	case "call":
		return t.call(tag, p), 0
	case "filter":
		return t.filter(tag, p)
	case "block":
		return t.block(tag, p)
	case "autoescape":
		return t.autoescape(tag, p)
	case "include":
		return t.include(tag, p), 0
	case "import":
		return t.imports(tag, p), 0
	case "from":
		return t.from(tag, p), 0
	case "extends":
		return t.extends(tag, p), 0
	default:
		text := "unknown tag '" + word + "'"
		if word == "" {
			text = "a tag begins with " + p.tokenAt(0).String()
		} else if strings.HasPrefix(word, "end") || word == "else" || word == "elif" {
			text = "unexpected tag '" + word + "'"
		}
		panic(&SyntaxError{Line: tag.line, Text: text})
	}
}

func (p *parser) tokenAt(i int) token {
	if i < len(p.tokens) {
		return p.tokens[i]
	}
	return token{line: p.line}
}

// tags writes statements in place of one tag: what happens to white space in front of it and behind it stays, and so do its lines.
func tags(tag *tag, statements ...string) string {
	var b strings.Builder
	for i, statement := range statements {
		b.WriteString("{%")
		if i == 0 {
			b.WriteString(tag.left)
		}
		b.WriteString(" " + statement + " ")
		if i == len(statements)-1 {
			b.WriteString(strings.Repeat("\n", tag.breaks) + tag.right)
		}
		b.WriteString("%}")
	}
	return b.String()
}

// ended translates the end of a block, which may repeat the block's name.
func ended(tag *tag, name string, statements ...string) string {
	p := &parser{tokens: tag.tokens, at: 1, line: tag.line}
	if name != "" && p.word(name) || name == "" {
		p.done()
	} else if t := p.peek(); t.kind != end {
		p.fail(t, "the block is called '"+name+"'")
	}
	return tags(tag, statements...)
}

// condition translates {% if %}. What is defined in all of its branches stays defined.
func (t *translator) condition(tag *tag, p *parser) (string, int) {
	test := p.tuple(p.or)
	p.done()
	var (
		b        strings.Builder
		size     int
		branches []map[string]bool
		complete bool
	)
	for current := tag; ; {
		switch current.word() {
		case "if", "elif":
			b.WriteString(tags(current, current.word()+" "+test))
		default:
			b.WriteString(tags(current, "else"))
		}
		ends := []string{"elif", "else", "endif"}
		if complete {
			ends = ends[2:]
		}
		t.scope.open(newFrame())
		inner := t.body("if", ends...)
		branches = append(branches, t.scope.top().names)
		t.scope.shut()
		b.WriteString(inner.code)
		size += inner.size
		switch current = inner.end; current.word() {
		case "elif":
			p := t.parser(current)
			test = p.tuple(p.or)
			p.done()
		case "else":
			t.parser(current).done()
			complete = true
		default:
			if complete {
				t.defineCommon(branches)
			}
			b.WriteString(ended(current, "", "endif"))
			return b.String(), size
		}
	}
}

func (t *translator) defineCommon(branches []map[string]bool) {
	for name := range branches[0] {
		if !slices.ContainsFunc(branches, func(branch map[string]bool) bool { return !branch[name] }) {
			t.scope.define(name)
		}
	}
}

// filter translates {% filter f | g %}: the engine knows blocks of one filter only.
func (t *translator) filter(tag *tag, p *parser) (string, int) {
	chain := t.chain(p)
	p.done()
	inner := t.inner("filter", "endfilter")
	return tags(tag, filterTags(chain)...) + inner.code + ended(inner.end, "", repeat("endfilter", len(chain))...), inner.size
}

// chain reads filters with bars between them.
func (t *translator) chain(p *parser) []string {
	chain := []string{p.filter()}
	for p.operator("|") {
		chain = append(chain, p.filter())
	}
	return chain
}

// filterTags opens one block a filter, the last one outermost.
func filterTags(chain []string) []string {
	var opened []string
	for _, filter := range slices.Backward(chain) {
		opened = append(opened, "filter "+filter)
	}
	return opened
}

func repeat(statement string, times int) []string {
	return slices.Repeat([]string{statement}, times)
}

// block translates {% block name %}.
func (t *translator) block(tag *tag, p *parser) (string, int) {
	name := p.name()
	for p.word("scoped") || p.word("required") {
		continue
	}
	p.done()
	t.scope.open(newFrame())
	inner := t.body("block", "endblock")
	t.scope.shut()
	return tags(tag, "block "+world{}.name(name)) + inner.code + ended(inner.end, name, "endblock"), inner.size
}

func (t *translator) autoescape(tag *tag, p *parser) (string, int) {
	enabled := p.expression()
	p.done()
	t.scope.open(newFrame())
	inner := t.body("autoescape", "endautoescape")
	t.scope.shut()
	return tags(tag, "autoescape "+enabled) + inner.code + ended(inner.end, "", "endautoescape"), inner.size
}
