package template

import (
	"fmt"
	"math/big"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// globalFunctions are those that the language itself has.
var globalFunctions = map[string]*function{
	"range":     takes("*", makeRange),
	"dict":      takes("of, **", dictOf),
	"namespace": takes("of, **", makeNamespace),
	"cycler":    takes("*", makeCycler),
	"joiner":    takes("sep", func(i *invocation) value.Value { return value.FromCallable(&joiner{separator: i.textArg(0, ", ")}) }),
}

func readInteger(i *invocation) value.Value {
	n, ok := new(big.Int).SetString(textIn(i.args[0], "a number"), 0)
	if !ok {
		fail("not a number")
	}
	return integer(n)
}

// makeRange is range(stop), range(start, stop) or range(start, stop, step), of up to 100000 numbers.
func makeRange(i *invocation) value.Value {
	start, stop, step := 0, 0, 1
	switch len(i.args) {
	case 1:
		stop = integerIn(i.args[0], "a bound")
	case 2, 3:
		start, stop = integerIn(i.args[0], "a bound"), integerIn(i.args[1], "a bound")
	default:
		fail("it takes one to three arguments")
	}
	if len(i.args) == 3 {
		if step = integerIn(i.args[2], "the step"); step == 0 {
			fail("the step is 0")
		}
	}
	length := 0
	switch {
	case step > 0 && stop > start:
		length = (stop - start + step - 1) / step
	case step < 0 && stop < start:
		length = (start - stop - step - 1) / -step
	}
	if length > maxRange {
		fail("%d numbers are too many", length)
	}
	i.spend(length)
	label := fmt.Sprintf("range(%d, %d)", start, stop)
	if step != 1 {
		label = fmt.Sprintf("range(%d, %d, %d)", start, stop, step)
	}
	items := make([]value.Value, length)
	for n := range items {
		items[n] = value.FromInt(int64(start + n*step))
	}
	return value.FromObject(&list{items: items, kind: rangeList, label: label})
}

// dictOf is dict(map or pairs, name=value).
func dictOf(i *invocation) value.Value {
	d := &dict{}
	i.update(d)
	return value.FromObject(d)
}

// update adds the first argument, a map or pairs, and the keyword arguments, which have no order.
func (i *invocation) update(d *dict) {
	if i.given(0) {
		if from := dictIn(i.args[0]); from != nil {
			i.spend(len(from.entries))
			for _, e := range from.entries {
				d.set(e.key, e.value)
			}
		} else {
			for _, item := range i.elements(i.args[0]) {
				elements := i.elements(item)
				if len(elements) != 2 {
					fail("a pair has %d elements", len(elements))
				}
				d.set(elements[0], elements[1])
			}
		}
	}
	for _, name := range sortedNames(i.kwargs) {
		d.set(value.FromString(name), i.kwargs[name])
	}
}

// namespace is an object whose attributes can be set.
type namespace struct{ dict }

func makeNamespace(i *invocation) value.Value {
	n := &namespace{}
	i.update(&n.dict)
	return value.FromObject(n)
}

// SetAttr implements value.MutableObject.
func (n *namespace) SetAttr(name string, v value.Value) { n.set(value.FromString(name), v) }

// ObjectRepr implements value.ObjectWithRepr.
func (n *namespace) ObjectRepr() value.ObjectRepr { return value.ObjectReprPlain }

// ObjectIsTrue implements value.ObjectWithTruth.
func (n *namespace) ObjectIsTrue() bool { return true }

// String implements fmt.Stringer.
func (n *namespace) String() string { return "<Namespace " + n.dict.String() + ">" }

// cycler gives its items in turn.
type cycler struct {
	items []value.Value
	at    int
}

func makeCycler(i *invocation) value.Value {
	if len(i.args) == 0 {
		fail("it needs an item")
	}
	return value.FromObject(&cycler{items: i.args})
}

// GetAttr implements value.Object.
func (c *cycler) GetAttr(name string) value.Value {
	switch name {
	case "current":
		return c.items[c.at]
	case "next":
		return value.FromCallable(callable(func() value.Value {
			current := c.items[c.at]
			c.at = (c.at + 1) % len(c.items)
			return current
		}))
	case "reset":
		return value.FromCallable(callable(func() value.Value {
			c.at = 0
			return value.None()
		}))
	}
	return value.Undefined()
}

type callable func() value.Value

// Call implements value.Callable.
func (c callable) Call(value.State, []value.Value, map[string]value.Value) (value.Value, error) {
	return c(), nil
}

// joiner gives its separator, but not the first time.
type joiner struct {
	separator string
	used      bool
}

// Call implements value.Callable.
func (j *joiner) Call(value.State, []value.Value, map[string]value.Value) (value.Value, error) {
	if !j.used {
		j.used = true
		return value.FromString(""), nil
	}
	return value.FromString(j.separator), nil
}
