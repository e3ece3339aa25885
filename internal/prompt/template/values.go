package template

import (
	"slices"
	"strconv"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// list is a list, or what the language has beside it: a tuple, a range, the keys of a map, what a filter yields.
type list struct {
	items []value.Value
	kind  listKind
	names []string // of the items of a tuple, if they have any
	label string   // how a range prints
}

type listKind int

const (
	plainList listKind = iota
	tupleList
	rangeList
	lazyList // yielded by a filter: true even when empty, prints as a list
	keysList
	valuesList
	itemsList
)

// listOf makes a list. Another one may share the items: appending to a list never writes into those of another.
func listOf(items ...value.Value) value.Value { return sequence(items, plainList) }

func tupleOf(items ...value.Value) value.Value { return sequence(items, tupleList) }

func sequence(items []value.Value, kind listKind) value.Value {
	return value.FromObject(&list{items: slices.Clip(items), kind: kind})
}

// GetAttr implements value.Object.
func (l *list) GetAttr(name string) value.Value {
	if i := slices.Index(l.names, name); i >= 0 {
		return l.items[i]
	}
	return value.Undefined()
}

// ObjectRepr implements value.ObjectWithRepr.
func (l *list) ObjectRepr() value.ObjectRepr { return value.ObjectReprSeq }

// ObjectIsTrue implements value.ObjectWithTruth.
func (l *list) ObjectIsTrue() bool { return l.kind == lazyList || len(l.items) > 0 }

// Iter implements value.Iterable. It is never nil, which would mean that there is nothing to iterate over.
func (l *list) Iter() []value.Value {
	if l.items == nil {
		return []value.Value{}
	}
	return l.items
}

// String implements fmt.Stringer.
func (l *list) String() string { return printed(value.FromObject(l)) }

// dict is a map that keeps the order of its keys.
type dict struct {
	entries []entry
	at      map[string]int // of entries, by hash of their keys; nil while there are few
}

type entry struct{ key, value value.Value }

// manyEntries is how many entries a map has when looking at one after another takes longer than hashing.
const manyEntries = 8

// find is the place of a key, or -1.
func (d *dict) find(key value.Value) int {
	if key.IsUndefined() {
		return -1
	}
	if !canBeKey(key) {
		fail("%s cannot be a key", kindOf(key))
	}
	if d.at != nil {
		if i, found := d.at[hash(key)]; found {
			return i
		}
		return -1
	}
	text, isText := key.AsString()
	for i, e := range d.entries {
		if isText {
			if other, ok := e.key.AsString(); ok && other == text {
				return i
			}
		} else if hash(e.key) == hash(key) {
			return i
		}
	}
	return -1
}

func (d *dict) get(key value.Value) (value.Value, bool) {
	if i := d.find(key); i >= 0 {
		return d.entries[i].value, true
	}
	return value.Undefined(), false
}

func (d *dict) set(key, v value.Value) {
	if i := d.find(key); i >= 0 {
		d.entries[i].value = v
		return
	}
	d.entries = append(d.entries, entry{key, v})
	if d.at != nil {
		d.at[hash(key)] = len(d.entries) - 1
	} else if len(d.entries) > manyEntries {
		d.index()
	}
}

// canBeKey reports whether a value is text, a number, null or a tuple of these.
func canBeKey(v value.Value) bool {
	if l := listIn(v); l != nil {
		return l.kind == tupleList && !slices.ContainsFunc(l.items, func(item value.Value) bool { return !isScalar(item) })
	}
	return isScalar(v)
}

func isScalar(v value.Value) bool {
	switch v.Kind() {
	case value.KindNone, value.KindBool, value.KindNumber, value.KindString:
		return true
	}
	return false
}

func (d *dict) index() {
	d.at = make(map[string]int, len(d.entries))
	for i, e := range d.entries {
		d.at[hash(e.key)] = i
	}
}

func (d *dict) remove(i int) value.Value {
	v := d.entries[i].value
	d.entries = slices.Delete(d.entries, i, i+1)
	if d.at != nil {
		d.index()
	}
	return v
}

// hash is the same for equal keys: 1, 1.0 and true are.
func hash(key value.Value) string {
	if text, ok := key.AsString(); ok {
		return "t" + text
	}
	if n, ok := numberOf(key); ok {
		if n.isWhole() {
			return "n" + n.whole().String()
		}
		return "f" + strconv.FormatFloat(n.float, 'g', -1, 64)
	}
	return "o" + printed(key)
}

// GetAttr implements value.Object.
func (d *dict) GetAttr(name string) value.Value {
	v, _ := d.get(value.FromString(name))
	return v
}

// ObjectRepr implements value.ObjectWithRepr.
func (d *dict) ObjectRepr() value.ObjectRepr { return value.ObjectReprMap }

// ObjectIsTrue implements value.ObjectWithTruth.
func (d *dict) ObjectIsTrue() bool { return len(d.entries) > 0 }

// Iter implements value.Iterable.
func (d *dict) Iter() []value.Value { return d.column(func(e entry) value.Value { return e.key }) }

// Map implements value.MapGetter: keyword arguments.
func (d *dict) Map() map[string]value.Value {
	m := make(map[string]value.Value, len(d.entries))
	for _, e := range d.entries {
		if name, ok := e.key.AsString(); ok {
			m[name] = e.value
		}
	}
	return m
}

// String implements fmt.Stringer.
func (d *dict) String() string { return printed(value.FromObject(d)) }

func (d *dict) column(of func(entry) value.Value) []value.Value {
	items := make([]value.Value, len(d.entries))
	for i, e := range d.entries {
		items[i] = of(e)
	}
	return items
}

func pair(e entry) value.Value { return tupleOf(e.key, e.value) }

// listIn and dictIn are the list or map that a value is, or nil.
func listIn(v value.Value) *list { l, _ := v.Raw().(*list); return l }

func dictIn(v value.Value) *dict { d, _ := v.Raw().(*dict); return d }

// textIn is a text, or fails saying what needs one.
func textIn(v value.Value, what string) string {
	text, ok := v.AsString()
	if !ok {
		fail("%s must be text, not %s", what, kindOf(v))
	}
	return text
}

// kindOf names a value's kind in errors.
func kindOf(v value.Value) string {
	switch v.Kind() {
	case value.KindUndefined:
		return "an undefined value"
	case value.KindNone:
		return "null"
	case value.KindBool:
		return "a boolean"
	case value.KindNumber:
		return "a number"
	case value.KindString:
		return "text"
	case value.KindSeq:
		return "a list"
	case value.KindMap:
		return "a map"
	}
	return "an object"
}

// elements are what a loop or filter passes over: elements of a list, keys of a map, characters of a text, nothing of what is undefined.
func (b *budget) elements(v value.Value) []value.Value {
	if text, ok := v.AsString(); ok {
		b.spend(len(text))
		characters := make([]value.Value, 0, len(text))
		for _, r := range text {
			characters = append(characters, value.FromString(string(r)))
		}
		return characters
	}
	if v.IsUndefined() {
		return nil
	}
	if l := listIn(v); l != nil {
		b.spend(len(l.items))
		return l.items
	}
	if d := dictIn(v); d != nil {
		b.spend(len(d.entries))
		return d.Iter()
	}
	if m, ok := v.AsMap(); ok { // a module
		b.spend(len(m))
		return v.Iter()
	}
	fail("cannot iterate over %s", kindOf(v))
	return nil
}

// text is a value as it prints, taken off the budget.
func (b *budget) text(v value.Value) string {
	if v.IsUndefined() {
		return ""
	}
	text := printed(v)
	b.read(len(text))
	return text
}
