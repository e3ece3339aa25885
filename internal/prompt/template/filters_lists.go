package template

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

func length(i *invocation) value.Value {
	var n int
	text, isText := i.subject.AsString()
	l, d := listIn(i.subject), dictIn(i.subject)
	switch {
	case isText:
		i.read(len(text))
		n = utf8.RuneCountInString(text)
	case l != nil:
		n = len(l.items)
	case d != nil:
		n = len(d.entries)
	default:
		n = len(i.elements(i.subject))
	}
	return value.FromInt(int64(n))
}

func first(i *invocation) value.Value {
	if elements := i.elements(i.subject); len(elements) > 0 {
		return elements[0]
	}
	return value.Undefined()
}

func last(i *invocation) value.Value {
	if elements := i.elements(i.subject); len(elements) > 0 {
		return elements[len(elements)-1]
	}
	return value.Undefined()
}

// join joins values as they print.
func join(i *invocation) value.Value {
	separator, elements := i.textArg(0, ""), i.elements(i.subject)
	of := i.attributeOf(1)
	parts := make([]string, len(elements))
	size := len(separator) * len(elements)
	for n, element := range elements {
		parts[n] = i.text(of(element))
		size += len(parts[n])
	}
	i.read(size)
	return value.FromString(strings.Join(parts, separator))
}

func reverse(i *invocation) value.Value {
	elements := slices.Clone(i.elements(i.subject))
	slices.Reverse(elements)
	if _, isText := i.subject.AsString(); isText {
		var b strings.Builder
		for _, character := range elements {
			s, _ := character.AsString()
			b.WriteString(s)
		}
		return value.FromString(b.String())
	}
	return sequence(elements, lazyList)
}

// attributeOf is a function that takes an attribute of a value: that of the n-th argument, such as "a.b.0". Without one it is the value
// itself.
func (i *invocation) attributeOf(n int) func(value.Value) value.Value {
	if !i.given(n) || i.args[n].IsNone() {
		return func(v value.Value) value.Value { return v }
	}
	return i.attributeNamed(i.args[n], value.Undefined())
}

func (i *invocation) attributeNamed(attribute, otherwise value.Value) func(value.Value) value.Value {
	var keys []value.Value
	if text, ok := attribute.AsString(); ok {
		for part := range strings.SplitSeq(text, ".") {
			if n, err := strconv.Atoi(part); err == nil && n >= 0 {
				keys = append(keys, value.FromInt(int64(n)))
			} else {
				keys = append(keys, value.FromString(part))
			}
		}
	} else {
		keys = []value.Value{value.FromInt(int64(integerIn(attribute, "the attribute")))}
	}
	return func(v value.Value) value.Value {
		for _, key := range keys {
			v = item(&invocation{budget: i.budget, state: i.state, args: []value.Value{v, key}})
			if v.IsUndefined() && !otherwise.IsUndefined() {
				v = otherwise
			}
		}
		return v
	}
}

// caseless makes texts small, so that they are compared without regard to case.
func caseless(of func(value.Value) value.Value, caseSensitive bool) func(value.Value) value.Value {
	if caseSensitive {
		return of
	}
	return func(v value.Value) value.Value {
		v = of(v)
		if text, ok := v.AsString(); ok {
			return value.FromString(strings.ToLower(text))
		}
		return v
	}
}

// sort sorts by keys, keeping the order of what is equal.
func (i *invocation) sort(items []value.Value, key func(value.Value) value.Value, reversed bool) {
	type keyed struct{ key, item value.Value }
	list := make([]keyed, len(items))
	for n, item := range items {
		list[n] = keyed{key(item), item}
	}
	slices.SortStableFunc(list, func(a, b keyed) int {
		if reversed {
			return i.compare(b.key, a.key, 0)
		}
		return i.compare(a.key, b.key, 0)
	})
	for n := range list {
		items[n] = list[n].item
	}
}

func sorted(i *invocation) value.Value {
	items := slices.Clone(i.elements(i.subject))
	key := caseless(i.attributeOf(2), i.flag(1, false))
	if attributes := i.attributeList(2); attributes != nil {
		key = func(v value.Value) value.Value {
			parts := make([]value.Value, len(attributes))
			for n, of := range attributes {
				parts[n] = caseless(of, i.flag(1, false))(v)
			}
			return tupleOf(parts...)
		}
	}
	i.sort(items, key, i.flag(0, false))
	return listOf(items...)
}

// attributeList reads "a,b.c": one attribute or several.
func (i *invocation) attributeList(n int) (list []func(value.Value) value.Value) {
	text, ok := i.args[n].AsString()
	if !ok {
		return nil
	}
	for name := range strings.SplitSeq(text, ",") {
		list = append(list, i.attributeNamed(value.FromString(name), value.Undefined()))
	}
	return list
}

func unique(i *invocation) value.Value {
	key := caseless(i.attributeOf(1), i.flag(0, false))
	var items []value.Value
	seen := &dict{}
	for _, item := range i.elements(i.subject) {
		if k := key(item); seen.find(k) < 0 {
			seen.set(k, value.None())
			items = append(items, item)
		}
	}
	return sequence(items, lazyList)
}

// extreme is the smallest (-1) or largest (1) element, the first one of several.
func (i *invocation) extreme(want int) value.Value {
	key := caseless(i.attributeOf(1), i.flag(0, false))
	best, bestKey := value.Undefined(), value.Undefined()
	for n, item := range i.elements(i.subject) {
		if k := key(item); n == 0 || i.compare(k, bestKey, 0)*want > 0 {
			best, bestKey = item, k
		}
	}
	return best
}

func sum(i *invocation) value.Value {
	total := value.FromInt(0)
	if i.given(1) {
		total = i.args[1]
	}
	of := i.attributeOf(0)
	for _, item := range i.elements(i.subject) {
		total = i.operation(total, "+", of(item))
	}
	return total
}

// batch makes lists of so many elements, the last one filled up if there is something to fill it with.
func batch(i *invocation) value.Value {
	size := integerIn(i.need(0), "the size")
	if size < 1 {
		fail("the size must be above 0")
	}
	var lists []value.Value
	for chunk := range slices.Chunk(i.elements(i.subject), size) {
		chunk = slices.Clone(chunk)
		for i.given(1) && !i.args[1].IsNone() && len(chunk) < size {
			i.spend(1)
			chunk = append(chunk, i.args[1])
		}
		lists = append(lists, listOf(chunk...))
	}
	return sequence(lists, lazyList)
}

// columns makes so many lists of about the same size.
func columns(i *invocation) value.Value {
	count := integerIn(i.need(0), "the count")
	if count < 1 {
		fail("the count must be above 0")
	}
	i.spend(count)
	elements := i.elements(i.subject)
	per, more := len(elements)/count, len(elements)%count
	var lists []value.Value
	for n, at := 0, 0; n < count; n++ {
		size := per
		if n < more {
			size++
		}
		part := slices.Clone(elements[at : at+size])
		if n >= more && more > 0 && i.given(1) && !i.args[1].IsNone() {
			part = append(part, i.args[1])
		}
		lists, at = append(lists, listOf(part...)), at+size
	}
	return sequence(lists, lazyList)
}

// groupBy sorts by an attribute and makes pairs of its values and the elements that have them.
func groupBy(i *invocation) value.Value {
	otherwise := value.Undefined()
	if i.given(1) {
		otherwise = i.args[1]
	}
	of := i.attributeNamed(i.need(0), otherwise)
	key := caseless(of, i.flag(2, false))
	elements := slices.Clone(i.elements(i.subject))
	i.sort(elements, key, false)
	var groups []value.Value
	for at := 0; at < len(elements); {
		from := at
		for at++; at < len(elements) && i.equal(key(elements[at]), key(elements[from]), 0); {
			at++
		}
		groups = append(groups, value.FromObject(&list{
			items: []value.Value{of(elements[from]), listOf(elements[from:at]...)}, kind: tupleList, names: []string{"grouper", "list"},
		}))
	}
	return listOf(groups...)
}

func dictSort(i *invocation) value.Value {
	d := dictIn(i.subject)
	if d == nil {
		fail("it needs a map, not %s", kindOf(i.subject))
	}
	at := 0
	switch by := i.textArg(1, "key"); by {
	case "key":
	case "value":
		at = 1
	default:
		fail("it sorts by key or value, not by %s", by)
	}
	i.spend(len(d.entries))
	pairs := d.column(pair)
	i.sort(pairs, caseless(func(v value.Value) value.Value { return listIn(v).items[at] }, i.flag(0, false)), i.flag(2, false))
	return listOf(pairs...)
}

func items(i *invocation) value.Value {
	if i.subject.IsUndefined() {
		return sequence(nil, lazyList)
	}
	d := dictIn(i.subject)
	if d == nil {
		fail("it needs a map, not %s", kindOf(i.subject))
	}
	i.spend(len(d.entries))
	return sequence(d.column(pair), lazyList)
}

// mapFilter takes an attribute of every element, or passes every element through a filter.
func mapFilter(i *invocation) value.Value {
	elements := i.elementsIfAny(i.subject)
	mapped := make([]value.Value, len(elements))
	if attribute, given := i.kwargs["attribute"]; given && len(i.args) == 0 {
		of := i.attributeNamed(attribute, i.keyword("default"))
		for n, element := range elements {
			mapped[n] = of(element)
		}
		return sequence(mapped, lazyList)
	}
	name := textIn(i.need(0), "the name of a filter")
	filter := filters[name]
	if filter == nil {
		fail("there is no filter %s", name)
	}
	for n, element := range elements {
		mapped[n] = i.method(filter, element, "filter "+name, i.args[1:], i.kwargs)
	}
	return sequence(mapped, lazyList)
}

func (i *invocation) keyword(name string) value.Value {
	if v, given := i.kwargs[name]; given {
		return v
	}
	return value.Undefined()
}

// selected keeps the elements that pass (or do not pass) a test, the one that the first argument names. Without one it is whether they
// are true.
func (i *invocation) selected(wanted bool) value.Value {
	return i.filtered(func(v value.Value) value.Value { return v }, i.args, wanted)
}

// selectedBy tests an attribute of the elements, the one that the first argument names.
func (i *invocation) selectedBy(wanted bool) value.Value {
	return i.filtered(i.attributeNamed(i.need(0), value.Undefined()), i.args[1:], wanted)
}

func (i *invocation) filtered(of func(value.Value) value.Value, args []value.Value, wanted bool) value.Value {
	passes := value.Value.IsTrue
	if len(args) > 0 {
		name := textIn(args[0], "the name of a test")
		test := tests[name]
		if test == nil {
			fail("there is no test %s", name)
		}
		passes = func(v value.Value) bool { return i.method(test, v, "test "+name, args[1:], i.kwargs).IsTrue() }
	}
	var items []value.Value
	for _, element := range i.elementsIfAny(i.subject) {
		if passes(of(element)) == wanted {
			items = append(items, element)
		}
	}
	return sequence(items, lazyList)
}
