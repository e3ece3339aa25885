package template

import (
	"slices"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// callValue calls a variable: a macro or a function.
func callValue(i *invocation) value.Value {
	return i.invoke(i.need(0), i.args[1:], i.kwargs, value.Undefined())
}

// callWith calls a macro with another one as its caller: a call block.
func callWith(i *invocation) value.Value {
	return i.invoke(i.need(0), i.args[2:], i.kwargs, i.need(1))
}

// maxCalls bounds calls inside calls.
const maxCalls = 100

// invoke calls a value. A caller is undefined except in call blocks.
func (i *invocation) invoke(callee value.Value, args []value.Value, kwargs map[string]value.Value, caller value.Value) value.Value {
	callable, ok := callee.AsCallable()
	if !ok {
		fail("%s cannot be called", kindOf(callee))
	}
	if i.depth++; i.depth > maxCalls {
		panic(failure{errTooDeep})
	}
	defer func() { i.depth-- }()
	if parameters := parametersOf(callee); parameters != nil {
		args, kwargs = i.macroArguments(parameters, args, kwargs, caller)
	} else if !caller.IsUndefined() {
		fail("it takes no caller")
	} else {
		i.spend(partCost) // a block, or a loop that calls itself
	}
	result, err := callable.Call(i.state, args, kwargs)
	if err != nil {
		panic(failure{err})
	}
	return result
}

// parametersOf are the translated names of a macro's parameters, nil for what is no macro.
func parametersOf(callee value.Value) []string {
	object, ok := callee.Raw().(value.Object)
	if !ok {
		return nil
	}
	var names []string
	for _, name := range object.GetAttr("arguments").Iter() {
		text, _ := name.AsString()
		names = append(names, text)
	}
	if len(names) == 0 || names[len(names)-1] != costParameter {
		return nil
	}
	return names[:len(names)-1]
}

// macroArguments sorts what a macro is called with into its parameters and into varargs, kwargs and caller, if it uses these.
func (i *invocation) macroArguments(parameters []string, args []value.Value, kwargs map[string]value.Value, caller value.Value) (
	[]value.Value, map[string]value.Value,
) {
	extras := map[string]string{} // translated names by their own
	for len(parameters) > 0 {
		last := parameters[len(parameters)-1]
		name := nameOf(last)
		if name != "varargs" && name != "kwargs" && name != "caller" || extras[name] != "" {
			break
		}
		extras[name] = last
		parameters = parameters[:len(parameters)-1]
	}
	bound, rest := map[string]value.Value{}, &dict{}
	for name, v := range kwargs {
		at := slices.IndexFunc(parameters, func(p string) bool { return nameOf(p) == name })
		switch {
		case at >= len(args):
			bound[parameters[at]] = v
		case at >= 0:
			fail("the macro gets its argument %s twice", name)
		case extras["kwargs"] == "":
			fail("the macro has no argument %s", name)
		default:
			rest.set(value.FromString(name), v)
		}
	}
	if translated := extras["kwargs"]; translated != "" {
		bound[translated] = value.FromObject(rest)
	}
	if translated := extras["varargs"]; translated != "" {
		bound[translated] = tupleOf(args[min(len(args), len(parameters)):]...)
	} else if len(args) > len(parameters) {
		fail("the macro takes %d arguments, not %d", len(parameters), len(args))
	}
	if translated := extras["caller"]; translated != "" && !caller.IsUndefined() {
		bound[translated] = caller
	} else if !caller.IsUndefined() {
		fail("the macro takes no caller")
	}
	return args[:min(len(args), len(parameters))], bound
}

// callMethod calls x.name(…): a method of text, a list or a map, else what the attribute holds.
func callMethod(i *invocation) value.Value {
	of, name, args := i.need(0), textIn(i.need(1), "a name"), i.args[2:]
	if of.IsUndefined() {
		fail("an undefined value has no %s", name)
	}
	if f := methodOf(of, name); f != nil {
		return i.method(f, of, name, args, i.kwargs)
	}
	attribute := i.attribute(of, name)
	if attribute.IsUndefined() {
		fail("%s has no method %s", kindOf(of), name)
	}
	return i.invoke(attribute, args, i.kwargs, value.Undefined())
}

func (i *invocation) method(f *function, of value.Value, name string, args []value.Value, kwargs map[string]value.Value) value.Value {
	result, err := f.call(i.state, name, of, args, kwargs)
	if err != nil {
		panic(failure{err})
	}
	return result
}

// methodOf finds a method of text, a list, a tuple or a map; nil is none.
func methodOf(of value.Value, name string) *function {
	switch l := listIn(of); {
	case of.Kind() == value.KindString:
		return textMethods[name]
	case dictIn(of) != nil:
		return dictMethods[name]
	case l != nil && l.kind == plainList:
		return listMethods[name]
	case l != nil && (name == "count" || name == "index"):
		return listMethods[name]
	}
	return nil
}

// attribute is x.name. What begins with an underscore is there in maps only.
func (i *invocation) attribute(of value.Value, name string) value.Value {
	if of.IsUndefined() {
		fail("an undefined value has no attribute %s", name)
	}
	if strings.HasPrefix(name, "_") && dictIn(of) == nil {
		return value.Undefined()
	}
	return of.GetAttr(name)
}

// boundMethod is a method that is not called yet.
type boundMethod struct {
	of   value.Value
	name string
}

// Call implements value.Callable.
func (m *boundMethod) Call(state value.State, args []value.Value, kwargs map[string]value.Value) (value.Value, error) {
	return methodOf(m.of, m.name).call(state, m.name, m.of, args, kwargs)
}
