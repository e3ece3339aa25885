package template

import (
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// compare is a < b and its like.
func compare(i *invocation) value.Value {
	operator, _ := i.args[1].AsString()
	return value.FromBool(i.holds(i.args[0], operator, i.args[2]))
}

func (b *budget) holds(x value.Value, operator string, y value.Value) bool {
	switch operator {
	case "==":
		return b.equal(x, y, 0)
	case "!=":
		return !b.equal(x, y, 0)
	case "in":
		return b.contains(y, x)
	case "not in":
		return !b.contains(y, x)
	}
	order := b.compare(x, y, 0)
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default:
		return order >= 0
	}
}

func (b *budget) equal(x, y value.Value, depth int) bool {
	b.spend(1)
	if depth > maxValues {
		fail("a list is too deep to compare")
	}
	if n, ok := numberOf(x); ok {
		m, ok := numberOf(y)
		return ok && n.compare(m) == 0
	}
	if text, ok := x.AsString(); ok {
		other, ok := y.AsString()
		b.read(len(text))
		return ok && text == other
	}
	if l := listIn(x); l != nil {
		m := listIn(y)
		if m == nil || (l.kind == tupleList) != (m.kind == tupleList) || len(l.items) != len(m.items) {
			return false
		}
		for i := range l.items {
			if !b.equal(l.items[i], m.items[i], depth+1) {
				return false
			}
		}
		return true
	}
	if d := dictIn(x); d != nil {
		return b.equalDicts(d, dictIn(y), depth)
	}
	return x.Equal(y) || x.Kind() == y.Kind() && x.SameAs(y)
}

func (b *budget) equalDicts(d, e *dict, depth int) bool {
	if e == nil || len(d.entries) != len(e.entries) {
		return false
	}
	for _, entry := range d.entries {
		other, found := e.get(entry.key)
		if !found || !b.equal(entry.value, other, depth+1) {
			return false
		}
	}
	return true
}

// compare orders numbers, texts, and lists of these; anything else has no order.
func (b *budget) compare(x, y value.Value, depth int) int {
	b.spend(1)
	if n, ok := numberOf(x); ok {
		if m, ok := numberOf(y); ok {
			return n.compare(m)
		}
	}
	if text, ok := x.AsString(); ok {
		if other, ok := y.AsString(); ok {
			b.read(len(text))
			return strings.Compare(text, other)
		}
	}
	l, m := listIn(x), listIn(y)
	if l == nil || m == nil || depth > maxValues {
		fail("cannot compare %s and %s", kindOf(x), kindOf(y))
	}
	for i := range min(len(l.items), len(m.items)) {
		if !b.equal(l.items[i], m.items[i], depth+1) {
			return b.compare(l.items[i], m.items[i], depth+1)
		}
	}
	return len(l.items) - len(m.items)
}

// contains is the language's "in".
func (b *budget) contains(in, what value.Value) bool {
	if text, ok := in.AsString(); ok {
		part := textIn(what, "what is looked for in a text")
		b.read(len(text))
		return strings.Contains(text, part)
	}
	if d := dictIn(in); d != nil {
		_, found := d.get(what)
		return found
	}
	for _, item := range b.elements(in) {
		if b.equal(item, what, 0) {
			return true
		}
	}
	return false
}
