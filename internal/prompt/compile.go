package prompt

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ai-gateway/ai-gateway/internal/prompt/template"
)

// compiler turns definitions as they were read into definitions that render.
type compiler struct {
	engine  *template.Engine
	files   *files
	known   func(unitPrimitive string) bool
	checked map[string]bool // partials whose check has begun
}

func newCompiler(files *files, known func(string) bool) *compiler {
	return &compiler{engine: template.New(files.partials), files: files, known: known, checked: map[string]bool{}}
}

// compile checks what the schema leaves open and compiles the templates, with all partials that they name.
func (c *compiler) compile(d *Definition) error {
	if err := c.checkValues(d); err != nil {
		return err
	}
	required, optional := map[string]bool{}, map[string]bool{}
	for i := range d.messages {
		m := &d.messages[i]
		role, known := roles[m.key]
		if !known {
			return d.wrong("prompt_template."+m.key, "unknown role")
		}
		m.role = role
		compiled, err := c.engine.Compile(d.path, m.text)
		if err != nil {
			return syntaxError(d.path, m.line, err)
		}
		m.template = compiled
		if err := c.checkIncludes(compiled, d.path, m.line); err != nil {
			return err
		}
		for _, name := range compiled.Variables {
			required[name] = true
		}
		for _, name := range compiled.Optional {
			optional[name] = true
		}
	}
	d.Required = sortedKeys(required)
	maps.DeleteFunc(optional, func(name string, _ bool) bool { return required[name] })
	d.Optional = sortedKeys(optional)
	if i := slices.Index(d.Required, "stop"); i >= 0 {
		return d.wrong("prompt_template", "a variable of a call cannot be named stop")
	}
	return nil
}

// checkValues refuses what no call could be made with (spec/prompts.md 1.4, 1.10).
func (c *compiler) checkValues(d *Definition) error {
	for _, name := range d.UnitPrimitives {
		if !c.known(name) {
			return d.wrong("unit_primitives", "unknown unit primitive %q", name)
		}
	}
	p := d.Params
	switch {
	case len(d.messages) == 0:
		return d.wrong("prompt_template", "there is no message")
	case d.Class == LiteLLM && !within01(p.Temperature):
		return d.wrong("model.params.temperature", "must be between 0 and 1")
	case d.Class == LiteLLM && !within01(p.TopP):
		return d.wrong("model.params.top_p", "must be between 0 and 1")
	case p.TopK != nil && *p.TopK < 1:
		return d.wrong("model.params.top_k", "must be above 0")
	case p.MaxTokens != nil && *p.MaxTokens < 1:
		return d.wrong("model.params.max_tokens", "must be above 0")
	case p.MaxRetries != nil && (*p.MaxRetries < 0 || *p.MaxRetries > maxRetries):
		return d.wrong("model.params.max_retries", "must be between 0 and %d", maxRetries)
	case d.Call.Timeout != nil && *d.Call.Timeout <= 0:
		return d.wrong("params.timeout", "must be above 0")
	case d.Class == Anthropic && d.Call.VertexLocation != "":
		return d.wrong("params.vertex_location", "is for class litellm only")
	}
	return nil
}

// maxRetries bounds max_retries: what a definition asks for is a wait of several seconds each.
const maxRetries = 20

func within01(f *float64) bool { return f == nil || *f >= 0 && *f <= 1 }

// wrong is what is wrong with the value of a key.
func (d *Definition) wrong(key, format string, args ...any) error {
	return &fileError{path: d.path, line: d.lines[key], key: key, err: fmt.Errorf(format, args...)}
}

// checkIncludes compiles the partials that a template names. The template begins on the given line of the file at path.
func (c *compiler) checkIncludes(t *template.Template, path string, line int) error {
	for _, include := range t.Includes {
		if _, found := c.files.partials[include.Name]; !found {
			return &fileError{path: path, line: line + include.Line - 1, err: fmt.Errorf("there is no partial %q", include.Name)}
		}
		if c.checked[include.Name] {
			continue
		}
		c.checked[include.Name] = true
		partial, err := c.engine.Partial(include.Name)
		if err != nil {
			return syntaxError(c.files.shown[include.Name], 1, err)
		}
		if err := c.checkIncludes(partial, c.files.shown[include.Name], 1); err != nil {
			return err
		}
	}
	return nil
}

// syntaxError puts a template's error where it is in the file at path, in which the template begins on the given line.
func syntaxError(path string, line int, err error) error {
	var wrong *template.SyntaxError
	if errors.As(err, &wrong) {
		line += wrong.Line - 1
	}
	return &fileError{path: path, line: line, err: err}
}
