package template

import (
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// item is x[key]: an element of a list, a value of a map, a character of a text. What is not there is undefined.
func item(i *invocation) value.Value {
	of, key := i.args[0], i.args[1]
	if of.IsUndefined() {
		fail("an undefined value has no elements")
	}
	if d := dictIn(of); d != nil {
		v, found := d.get(key)
		if name, ok := key.AsString(); ok && !found && !strings.HasPrefix(name, "_") && dictMethods[name] != nil {
			return value.FromCallable(&boundMethod{of, name})
		}
		return v
	}
	if name, ok := key.AsString(); ok {
		return i.attribute(of, name)
	}
	n, ok := numberOf(key)
	if !ok || n.isFloat || n.large != nil {
		return value.Undefined()
	}
	if l := listIn(of); l != nil {
		if at := fromEnd(n.small, len(l.items)); at >= 0 {
			return l.items[at]
		}
		return value.Undefined()
	}
	if text, ok := of.AsString(); ok {
		i.read(len(text))
		characters := []rune(text)
		if at := fromEnd(n.small, len(characters)); at >= 0 {
			return value.FromString(string(characters[at]))
		}
	}
	return value.Undefined()
}

// fromEnd is the place that an index means, which counts from the end when it is negative; -1 is none.
func fromEnd(index int64, length int) int {
	if index < 0 {
		index += int64(length)
	}
	if index < 0 || index >= int64(length) {
		return -1
	}
	return int(index)
}

// slice is x[start:stop:step].
func slice(i *invocation) value.Value {
	of := i.args[0]
	if text, ok := of.AsString(); ok {
		i.read(len(text))
		characters := []rune(text)
		var b strings.Builder
		for _, at := range i.places(len(characters)) {
			b.WriteRune(characters[at])
		}
		return value.FromString(b.String())
	}
	l := listIn(of)
	if l == nil {
		fail("cannot take a part of %s", kindOf(of))
	}
	items := []value.Value{}
	for _, at := range i.places(len(l.items)) {
		items = append(items, l.items[at])
	}
	return sequence(items, l.kind)
}

// places are the indexes that the bounds of a slice mean.
func (i *invocation) places(length int) []int {
	bound := func(v value.Value, otherwise int) int {
		if v.IsNone() || v.IsUndefined() {
			return otherwise
		}
		return integerIn(v, "a bound")
	}
	step := bound(i.args[3], 1)
	if step == 0 {
		fail("the step of a slice is 0")
	}
	low, high := 0, length
	if step < 0 {
		low, high = -1, length-1
	}
	clamp := func(v value.Value, otherwise int) int {
		at := bound(v, otherwise)
		if at < 0 && !v.IsNone() && !v.IsUndefined() {
			at += length
		}
		return min(max(at, low), high)
	}
	start, stop := clamp(i.args[1], low), clamp(i.args[2], high)
	if step < 0 {
		start, stop = clamp(i.args[1], high), clamp(i.args[2], low)
	}
	var places []int
	for at := start; step > 0 && at < stop || step < 0 && at > stop; at += step {
		places = append(places, at)
	}
	i.spend(len(places))
	return places
}
