package prompt

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// compiler turns definitions as they were read into definitions that render.
type compiler struct {
	engine   engine
	partials map[string]string
	known    func(unitPrimitive string) bool
	checked  map[string]bool // partials whose check has begun
}

func newCompiler(partials map[string]string, known func(string) bool) *compiler {
	return &compiler{engine: newEngine(partials), partials: partials, known: known, checked: map[string]bool{}}
}

// compile checks what the schema leaves open and compiles the templates, with all partials that they name.
func (c *compiler) compile(d *Definition) error {
	path := d.Key + ".yml"
	if err := c.checkValues(d, path); err != nil {
		return err
	}
	for i := range d.messages {
		m := &d.messages[i]
		role, known := roles[m.key]
		if !known {
			return &fileError{path: path, line: m.line, key: "prompt_template." + m.key, err: errors.New("unknown role")}
		}
		m.role = role
		template, err := c.engine.compile(path, m.text)
		if err != nil {
			return &fileError{path: path, line: m.line + lineOf(err) - 1, err: err}
		}
		m.template = template
	}
	return c.read(d, path)
}

// read finds the required variables and checks everything that the templates name.
func (c *compiler) read(d *Definition, path string) error {
	variables := map[string]bool{}
	for _, m := range d.messages {
		reading := read(lineFeeds(m.text))
		if err := c.check(reading, path, m.line); err != nil {
			return err
		}
		for _, name := range reading.variables {
			variables[name] = true
		}
	}
	d.Required = slices.Sorted(maps.Keys(variables))
	return nil
}

// checkValues refuses what no call could be made with (spec/prompts.md 1.4, 1.10).
func (c *compiler) checkValues(d *Definition, path string) error {
	wrong := func(key, format string, args ...any) error {
		return &fileError{path: path, line: d.lines[key], key: key, err: fmt.Errorf(format, args...)}
	}
	for _, name := range d.UnitPrimitives {
		if !c.known(name) {
			return wrong("unit_primitives", "unknown unit primitive %q", name)
		}
	}
	p := d.Params
	switch {
	case len(d.messages) == 0:
		return wrong("prompt_template", "there is no message")
	case d.Class == LiteLLM && !within01(p.Temperature):
		return wrong("model.params.temperature", "must be between 0 and 1")
	case d.Class == LiteLLM && !within01(p.TopP):
		return wrong("model.params.top_p", "must be between 0 and 1")
	case p.TopK != nil && *p.TopK < 1:
		return wrong("model.params.top_k", "must be above 0")
	case p.MaxTokens != nil && *p.MaxTokens < 1:
		return wrong("model.params.max_tokens", "must be above 0")
	case d.Call.Timeout != nil && *d.Call.Timeout <= 0:
		return wrong("params.timeout", "must be above 0")
	}
	return nil
}

func within01(f *float64) bool { return f == nil || *f >= 0 && *f <= 1 }

// check finds names in a template that stand for nothing. The template begins on the given line of the file at path.
func (c *compiler) check(r reading, path string, line int) error {
	for _, m := range r.foreign {
		return &fileError{path: path, line: line + m.line, err: fmt.Errorf("unknown tag %q", m.name)}
	}
	for _, m := range r.filters {
		if !c.engine.has("filter", m.name) {
			return &fileError{path: path, line: line + m.line, err: fmt.Errorf("unknown filter %q", m.name)}
		}
	}
	for _, m := range r.tests {
		if !c.engine.has("test", m.name) {
			return &fileError{path: path, line: line + m.line, err: fmt.Errorf("unknown test %q", m.name)}
		}
	}
	for _, m := range r.includes {
		source, found := c.partials[m.name]
		if !found {
			return &fileError{path: path, line: line + m.line, err: fmt.Errorf("there is no partial %q", m.name)}
		}
		if err := c.checkPartial(m.name, source); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) checkPartial(path, source string) error {
	if c.checked[path] {
		return nil
	}
	c.checked[path] = true
	if err := c.engine.partial(path); err != nil {
		return &fileError{path: path, line: lineOf(err), err: err}
	}
	return c.check(read(lineFeeds(source)), path, 1)
}

// The engine's syntax errors tell their line, from 1, in their text only. Those of its lexer end in a "(line 1)" that means nothing.
var (
	lexerLine  = regexp.MustCompile(`at line (\d+), col`)
	parserLine = regexp.MustCompile(`\(line (\d+)\)$`)
)

// lineOf is the line of a syntax error, from 1.
func lineOf(err error) int {
	for _, pattern := range []*regexp.Regexp{lexerLine, parserLine} {
		if m := pattern.FindStringSubmatch(err.Error()); m != nil {
			line, _ := strconv.Atoi(m[1]) // digits
			return line
		}
	}
	return 1
}
