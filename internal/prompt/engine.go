package prompt

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2"
	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// Limits of one rendering. What clients send does not reach them, a definition that loops does.
const (
	maxSteps  = 1_000_000 // statements and expressions, in all partials together; about a fifth of a second
	maxOutput = 8 << 20   // bytes of a message
)

// engine is the template language of spec/prompts.md 1.5. It sees its partials and nothing else.
type engine struct {
	env *minijinja.Environment
}

// newEngine makes an engine whose templates include the given partials by path.
func newEngine(partials map[string]string) engine {
	env := minijinja.NewEnvironment()
	env.SetAutoEscapeFunc(func(string) minijinja.AutoEscape { return minijinja.AutoEscapeNone })
	env.SetFormatter(func(_ *minijinja.State, v value.Value, _ func(string) string) string { return printed(v) })
	env.SetLoader(func(path string) (string, error) {
		source, found := partials[path]
		if !found {
			return "", minijinja.NewError(minijinja.ErrTemplateNotFound, fmt.Sprintf("there is no partial %q", path))
		}
		return lineFeeds(source), nil
	})
	steps := uint64(maxSteps)
	env.SetFuel(&steps)
	return engine{env: env}
}

// compile makes a template of a text that is no partial. The name is for errors.
func (e engine) compile(name, text string) (template, error) {
	compiled, err := e.env.TemplateFromNamedString(name, lineFeeds(text))
	if err != nil {
		return template{}, err
	}
	return template{compiled: compiled}, nil
}

// partial compiles a partial, or finds it compiled.
func (e engine) partial(path string) error {
	_, err := e.env.GetTemplate(path)
	return err
}

// has reports whether the language has a filter or test (kind "filter" or "test") of the given name.
func (e engine) has(kind, name string) bool {
	probe, err := e.compile("probe", "{{ name is "+kind+" }}")
	if err != nil {
		return false
	}
	answer, err := probe.render(map[string]value.Value{"name": value.FromString(name)})
	return err == nil && answer == "True"
}

// lineFeeds turns the line ends of a template source into line feeds.
func lineFeeds(source string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source)
}

// template is a compiled text, safe for concurrent use.
type template struct {
	compiled *minijinja.Template
}

// render gives an error for whatever the engine cannot do with the values, and never more than [maxOutput] bytes.
func (t template) render(values map[string]value.Value) (text string, err error) {
	defer func() {
		// The engine's arithmetic panics for some operands: 'xx' * 9223372036854775807.
		if p := recover(); p != nil {
			text, err = "", fmt.Errorf("template engine: %v", p)
		}
	}()
	var out output
	if err := t.compiled.RenderToWrite(value.FromMap(values), &out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// output takes what a template writes, up to [maxOutput].
type output struct {
	strings.Builder
}

var errTooLong = errors.New("the message is too long")

func (o *output) WriteString(s string) (int, error) {
	if o.Len()+len(s) > maxOutput {
		return 0, errTooLong
	}
	return o.Builder.WriteString(s)
}
