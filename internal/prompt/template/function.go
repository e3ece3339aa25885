package template

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2"
	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// function is what a filter, test, method or global function does. It fails by panicking with a failure ([fail]), which [function.call]
// turns into an error.
type function struct {
	params   []string // names of its parameters; more arguments are an error
	variadic bool     // it takes any further arguments
	keywords bool     // it takes any further keyword arguments
	body     func(i *invocation) value.Value
}

// takes makes a function of the parameters in a list such as "width, fill". "*" at the end takes further arguments, "**" further keyword
// arguments.
func takes(list string, body func(i *invocation) value.Value) *function {
	f := &function{body: body}
	for param := range strings.SplitSeq(list, ", ") {
		switch param {
		case "":
		case "*":
			f.variadic = true
		case "**":
			f.keywords = true
		default:
			f.params = append(f.params, param)
		}
	}
	return f
}

// invocation is one call of a function.
type invocation struct {
	*budget
	state   value.State            // of the engine
	subject value.Value            // what a filter filters, a test tests, the object of a method
	args    []value.Value          // by parameter, undefined where none was given; behind them further arguments
	kwargs  map[string]value.Value // further keyword arguments
}

// call binds arguments to parameters and runs the function. The name is for errors.
func (f *function) call(state value.State, name string, subject value.Value, args []value.Value, kwargs map[string]value.Value) (
	result value.Value, err error,
) {
	defer func() {
		if p := recover(); p != nil {
			result, err = value.Undefined(), fmt.Errorf("%s: %w", name, failed(p))
		}
	}()
	i := &invocation{budget: budgetOf(state.Context()), state: state, subject: subject}
	i.bind(f, args, kwargs)
	return f.body(i), nil
}

func (i *invocation) bind(f *function, args []value.Value, kwargs map[string]value.Value) {
	i.args = slices.Grow(slices.Clone(args), max(0, len(f.params)-len(args)))
	if len(args) > len(f.params) && !f.variadic {
		fail("it takes %d arguments, not %d", len(f.params), len(args))
	}
	for len(i.args) < len(f.params) {
		i.args = append(i.args, value.Undefined())
	}
	for name, v := range kwargs {
		switch at := slices.Index(f.params, nameOf(name)); {
		case at >= len(args):
			i.args[at] = v
		case at >= 0:
			fail("it gets its argument %s twice", nameOf(name))
		case !f.keywords:
			fail("it has no argument %s", nameOf(name))
		default:
			if i.kwargs == nil {
				i.kwargs = map[string]value.Value{}
			}
			i.kwargs[nameOf(name)] = v
		}
	}
}

// given reports whether an argument was given.
func (i *invocation) given(n int) bool { return n < len(i.args) && !i.args[n].IsUndefined() }

// need is an argument that must be given.
func (i *invocation) need(n int) value.Value {
	if n >= len(i.args) {
		fail("an argument is missing")
	}
	return i.args[n]
}

// textArg, intArg and flag are arguments with a default.
func (i *invocation) textArg(n int, otherwise string) string {
	if !i.given(n) || i.args[n].IsNone() {
		return otherwise
	}
	return i.text(i.args[n])
}

func (i *invocation) intArg(n, otherwise int) int {
	if !i.given(n) || i.args[n].IsNone() {
		return otherwise
	}
	return integerIn(i.args[n], "the argument")
}

func (i *invocation) flag(n int, otherwise bool) bool {
	if !i.given(n) {
		return otherwise
	}
	return i.args[n].IsTrue()
}

// elementsIfAny are what a filter passes over where the language is lenient: nothing for null, 0 and false.
func (i *invocation) elementsIfAny(v value.Value) []value.Value {
	if !v.IsTrue() {
		return nil
	}
	return i.elements(v)
}

// registerFilters gives the engine all filters.
func registerFilters(env *minijinja.Environment) {
	for name, f := range filters {
		env.AddFilter(name, func(s minijinja.FilterState, v value.Value, args []value.Value, kwargs map[string]value.Value) (value.Value, error) {
			return f.call(s, "filter "+name, v, args, kwargs)
		})
	}
}

// registerFunctions gives the engine the functions that translations call, and those of the language.
func registerFunctions(env *minijinja.Environment) {
	add := func(name, shown string, f *function) {
		env.AddFunction(name, func(s *minijinja.State, args []value.Value, kwargs map[string]value.Value) (value.Value, error) {
			return f.call(s, shown, value.Undefined(), args, kwargs)
		})
	}
	for name, f := range operations {
		add(name, "expression", f)
	}
	for name, f := range globalFunctions {
		add(name, name, f)
	}
}

// operations are the functions that translated expressions call.
var operations map[string]*function

func init() { // tests and methods call each other through these tables
	operations = map[string]*function{
		"__operate":   takes("*", operate),
		"__compare":   takes("left, operator, right", compare),
		"__concat":    takes("*", concatenate),
		"__sign":      takes("*", sign),
		"__integer":   takes("digits", readInteger),
		"__item":      takes("of, key", item),
		"__slice":     takes("of, start, stop, step", slice),
		"__attribute": takes("of, name", func(i *invocation) value.Value { return i.attribute(i.args[0], textIn(i.args[1], "a name")) }),
		"__list":      takes("*", func(i *invocation) value.Value { return listOf(i.args...) }),
		"__tuple":     takes("*", func(i *invocation) value.Value { return tupleOf(i.args...) }),
		"__dict":      takes("*", makeDict),
		"__test":      takes("*, **", runTest),
		"__call":      takes("*, **", callValue),
		"__call_with": takes("*, **", callWith),
		"__method":    takes("*, **", callMethod),
		"__iterate":   takes("over, cost", iterate),
		"__spend":     takes("cost", spendCost),
		"__costly":    takes("result", costly),
		"__unpack":    takes("of, count", unpack),
		"__assigned":  takes("namespace, value", assigned),
		"__module":    takes("module", module),
		"__cell":      takes("", newCell),
		"__changed":   takes("*", changed),
	}
}

func makeDict(i *invocation) value.Value {
	d := &dict{}
	for n := 0; n+1 < len(i.args); n += 2 {
		d.set(i.args[n], i.args[n+1])
	}
	return value.FromObject(d)
}

// iterate is what a loop passes over. Each time costs what the loop writes.
func iterate(i *invocation) value.Value {
	over := i.args[0]
	elements := i.elements(over)
	cost := 0
	if i.given(1) {
		cost = integerIn(i.args[1], "a cost")
	}
	i.spend(len(elements) * cost)
	if l := listIn(over); l != nil {
		return over
	}
	return listOf(elements...)
}

func spendCost(i *invocation) value.Value {
	i.spend(integerIn(i.args[0], "a cost"))
	return value.Undefined()
}

// partCost is the cost of what writes a part of a template again.
const partCost = 4096

func costly(i *invocation) value.Value {
	i.spend(partCost)
	return i.args[0]
}

// unpack checks that there are as many values as names.
func unpack(i *invocation) value.Value {
	elements, want := i.elements(i.args[0]), integerIn(i.args[1], "a count")
	if len(elements) != want {
		fail("there are %d values for %d names", len(elements), want)
	}
	return listOf(elements...)
}

// assigned is the value for an attribute, which only a namespace can be given.
func assigned(i *invocation) value.Value {
	if _, isNamespace := i.args[0].Raw().(*namespace); !isNamespace {
		fail("cannot set an attribute of %s", kindOf(i.args[0]))
	}
	return i.args[1]
}

// module is what was imported, with the names that its template knows.
func module(i *invocation) value.Value {
	members, _ := i.args[0].AsMap()
	d := &dict{}
	for _, name := range sortedNames(members) {
		if !isFresh(name) {
			d.set(value.FromString(nameOf(name)), members[name])
		}
	}
	return value.FromObject(d)
}

// cell remembers what loop.changed was asked last.
type cell struct {
	asked bool
	last  value.Value
}

// GetAttr implements value.Object.
func (*cell) GetAttr(string) value.Value { return value.Undefined() }

func newCell(*invocation) value.Value { return value.FromObject(&cell{}) }

// changed reports whether its arguments differ from those of the last time.
func changed(i *invocation) value.Value {
	c, _ := i.need(0).Raw().(*cell)
	if c == nil {
		fail("loop.changed outside of a loop")
	}
	now := listOf(i.args[1:]...)
	if c.asked && i.equal(c.last, now, 0) {
		return value.False()
	}
	c.asked, c.last = true, now
	return value.True()
}

// path names a partial, or the candidates for one, for the engine's loader.
func (e *Engine) path(state *minijinja.State, args []value.Value, _ map[string]value.Value) (result value.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = value.Undefined(), failed(p)
		}
	}()
	b := budgetOf(state.Context())
	w := world{level: integerIn(args[1], "a level"), imports: integerIn(args[2], "a level")}
	if w.level > maxWorlds || w.imports > maxWorlds {
		return value.Undefined(), errTooDeep
	}
	one := func(v value.Value) value.Value {
		path := textIn(v, "the name of a partial")
		b.spend(1 + len(e.partials[path])/16)
		return value.FromString(w.load(path))
	}
	if l := listIn(args[0]); l != nil {
		paths := make([]value.Value, len(l.items))
		for i, item := range l.items {
			paths[i] = one(item)
		}
		return value.FromSlice(paths), nil
	}
	if args[0].IsUndefined() {
		return value.Undefined(), errors.New("the name of a partial is undefined")
	}
	return one(args[0]), nil
}
