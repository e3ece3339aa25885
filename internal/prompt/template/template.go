// Package template is the template language of prompt definitions: Jinja2 as spec/prompts.md 1.5 has it.
//
// The work of a template engine (white space around tags, blocks, scopes, includes, macros, inheritance) is done by minijinja, untouched.
// What that engine sees otherwise than Jinja2 is put right from outside, with the means that it offers:
//
//   - A template is translated before it is compiled (translate.go, expression.go). The translation has the same text, tags and line
//     numbers; expressions become calls of functions of ours: "{{ a ~ b }}" is "{{ __concat(a, b) }}", "{{ x.join(y) }}" is
//     "{{ __method(x, "join", y) }}". So what operators and methods mean is decided here, and each of them can be counted.
//   - Lists, tuples and maps are objects of ours (values.go), numbers and text the engine's.
//   - All filters, tests and global functions are ours (filters_*.go, tests.go, globals.go); the engine's are not even registered.
//   - A formatter prints values (print.go).
//
// A template sees its inputs and the partials of its [Engine], nothing else: no files, no methods of Go values. Its work is bounded by
// the limits in limits.go; a template that exceeds one fails, it neither hangs nor fills the memory.
package template

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2"
	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// Engine compiles templates that include the partials it was made with. It is safe for concurrent use.
type Engine struct {
	env      *minijinja.Environment
	partials map[string]string

	mu       sync.Mutex
	compiled map[string]*Template // partials, by path
}

// New makes an engine whose templates include the given partials by path. Partials are compiled when they are needed.
func New(partials map[string]string) *Engine {
	e := &Engine{env: minijinja.EmptyEnvironment(), partials: partials, compiled: map[string]*Template{}}
	e.env.SetFormatter(formatted)
	e.env.SetLoader(e.load)
	e.env.SetRecursionLimit(maxDepth)
	steps := uint64(maxSteps)
	e.env.SetFuel(&steps)
	registerFilters(e.env)
	registerFunctions(e.env)
	e.env.AddFunction("__path", e.path)
	return e
}

// Template is a compiled text, safe for concurrent use.
type Template struct {
	// Variables are the names that the text uses and does not define itself, those of its partials excluded (spec/prompts.md 1.7).
	// Sorted.
	Variables []string

	// Optional are further names that its partials use and nobody defines. Sorted; only for templates that are no partials.
	Optional []string

	// Includes are the partials that the text names outright and cannot do without.
	Includes []Mention

	engine *minijinja.Template
	own    *wants // inputs that the text itself may look at
	wants  *wants // those that its partials may look at, too; of partials nil
}

// Mention is a name in a template and the line, from 1, on which it stands.
type Mention struct {
	Name string
	Line int

	bound map[string]bool // names that are defined where it stands
	apart bool            // what it names does not see the names around it
}

// SyntaxError says what is wrong with a template, and on which line, from 1.
type SyntaxError struct {
	Line int
	Text string
}

func (e *SyntaxError) Error() string { return "syntax error: " + e.Text }

// Compile makes a template of a text that is no partial. The name is for errors of rendering. The error is a [*SyntaxError].
func (e *Engine) Compile(name, source string) (*Template, error) {
	t, err := e.compile(name, source)
	if err != nil {
		return nil, err
	}
	t.wants = newWants()
	e.collect(t, t.wants, nil, nil)
	for name := range t.wants.names {
		if !slices.Contains(t.Variables, name) {
			t.Optional = append(t.Optional, name)
		}
	}
	slices.Sort(t.Optional)
	return t, nil
}

// Partial compiles a partial, or finds it compiled. The error is a [*SyntaxError], or says that there is none.
func (e *Engine) Partial(path string) (*Template, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if t := e.compiled[path]; t != nil {
		return t, nil
	}
	source, found := e.partials[path]
	if !found {
		return nil, fmt.Errorf("there is no partial %q", path)
	}
	t, err := e.compile(path, source)
	if err != nil {
		return nil, err
	}
	e.compiled[path] = t
	return t, nil
}

func (e *Engine) compile(name, source string) (*Template, error) {
	translated, err := translate(source, world{})
	if err != nil {
		return nil, err
	}
	engine, err := e.env.TemplateFromNamedString(name, translated.source)
	if err != nil {
		return nil, &SyntaxError{Line: 1, Text: err.Error()} // the translation would have found it
	}
	return &Template{
		Variables: slices.Clone(translated.variables), Includes: translated.includes, engine: engine, own: &translated.wants,
	}, nil
}

// collect adds what a template and its partials may look at. Bound are names that are defined around the template; path are the partials
// around it, which a partial may include again.
func (e *Engine) collect(t *Template, all *wants, bound map[string]bool, path []string) {
	all.all = all.all || t.own.all
	for name := range t.own.names {
		if !bound[name] {
			all.names[name] = true
		}
	}
	for _, include := range t.Includes {
		if include.apart || slices.Contains(path, include.Name) {
			continue
		}
		partial, err := e.Partial(include.Name)
		if all.followed++; err != nil || all.followed > maxPartials {
			all.all = true
			return
		}
		inner := maps.Clone(include.bound)
		maps.Copy(inner, bound)
		e.collect(partial, all, inner, append(path, include.Name))
	}
}

// load gives the engine the translation of a partial, under a name made by [Engine.path].
func (e *Engine) load(name string) (string, error) {
	path, w := worldOf(name)
	source, found := e.partials[path]
	if !found {
		return "", minijinja.NewError(minijinja.ErrTemplateNotFound, fmt.Sprintf("there is no partial %q", path))
	}
	translated, err := translate(source, w)
	if err != nil {
		return "", err
	}
	return translated.source, nil
}

// Render fills a template. The inputs are JSON as encoding/json decodes it, [Object]s, and lists and maps of these.
//
// The error says what the language cannot do with the inputs, or which limit was exceeded. It may quote an input.
func (t *Template) Render(inputs map[string]any) (text string, err error) {
	defer func() {
		if p := recover(); p != nil {
			text, err = "", failed(p)
		}
	}()
	ctx := context.WithValue(context.Background(), budgetKey{}, newBudget())
	var out output
	if err := t.engine.RenderToWriteCtx(ctx, value.FromMap(t.wants.of(inputs)), &out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// wants are the names of inputs that templates may look at, so that the others need not be handed over.
type wants struct {
	all      bool // a partial is chosen at run time: it may look at anything
	names    map[string]bool
	followed int // partials on the way
}

func newWants() *wants { return &wants{names: map[string]bool{}} }

// of are the wanted ones of the given inputs, under the names that they have in translated templates.
func (w *wants) of(inputs map[string]any) map[string]value.Value {
	values := make(map[string]value.Value, len(w.names))
	if w.all {
		for name, input := range inputs {
			values[world{}.name(name)] = valueOf(input, 0)
		}
		return values
	}
	for name := range w.names {
		if input, given := inputs[name]; given {
			values[world{}.name(name)] = valueOf(input, 0)
		}
	}
	return values
}

// lineFeeds turns the line ends of a template source into line feeds.
func lineFeeds(source string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source)
}
