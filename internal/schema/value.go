package schema

import (
	"bytes"
	"iter"
	"math/big"
	"strconv"
)

// Value is a JSON value. It keeps what other trees lose: the order of keys, whether a number is 1 or 1.0, and integers of any size.
// The zero Value is null. A Value never changes, copying it is cheap, and it keeps alive the whole body that it was read from.
type Value struct {
	doc *document
	at  uint32
}

// Kind is a kind of JSON value.
type Kind uint8

// The kinds of JSON values. A number is a Float when it is written with a fraction or an exponent, or is NaN or infinite.
const (
	KindNull Kind = iota
	KindBool
	KindInt
	KindFloat
	KindString
	KindArray
	KindObject
)

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.node().kind }

// Bool tells whether v is true.
func (v Value) Bool() bool { return v.Kind() == KindBool && v.node().a == 1 }

// Text returns the text of a string, and "" for anything else. It is valid UTF-8: half a surrogate pair has become U+FFFD.
func (v Value) Text() string {
	if v.Kind() != KindString {
		return ""
	}
	return v.doc.textOf(v.at)
}

// Int returns an integer, and 0 for anything else. One that does not fit is the nearest that does.
func (v Value) Int() int64 {
	if v.Kind() != KindInt {
		return 0
	}
	n, _ := strconv.ParseInt(v.doc.textOf(v.at), 10, 64) // out of range: the limit, which is what we want
	return n
}

// Float returns a number, integers included, and 0 for anything else. One that does not fit is an infinity.
func (v Value) Float() float64 {
	if k := v.Kind(); k != KindInt && k != KindFloat {
		return 0
	}
	f, _ := strconv.ParseFloat(v.doc.textOf(v.at), 64)
	return f
}

// Len is the number of elements of an array or of keys of an object, and 0 for anything else.
func (v Value) Len() int {
	if k := v.Kind(); k != KindArray && k != KindObject {
		return 0
	}
	return int(v.node().a)
}

// Elements yields the elements of an array, and nothing for anything else.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != KindArray {
			return
		}
		for at := v.at + 1; at < v.node().next; at = v.doc.nodes[at].next {
			if !yield(Value{v.doc, at}) {
				return
			}
		}
	}
}

// Object returns v as an object; the zero Object when it is none.
func (v Value) Object() Object {
	if v.Kind() != KindObject {
		return Object{}
	}
	return Object{v}
}

// Plain returns v as plain Go: nil, bool, int64, *big.Int for integers beyond that, float64, string, []any, map[string]any.
func (v Value) Plain() any {
	switch v.Kind() {
	case KindBool:
		return v.Bool()
	case KindInt:
		if n, err := strconv.ParseInt(v.doc.textOf(v.at), 10, 64); err == nil {
			return n
		}
		n, _ := new(big.Int).SetString(v.doc.textOf(v.at), 10)
		return n
	case KindFloat:
		return v.Float()
	case KindString:
		return v.Text()
	case KindArray:
		list := make([]any, 0, v.Len())
		for element := range v.Elements() {
			list = append(list, element.Plain())
		}
		return list
	case KindObject:
		return v.Object().Plain()
	}
	return nil
}

// Equal tells whether two values are the same, the order of keys included; 1 and 1.0 are not, 1.0 and 1e0 are.
func (v Value) Equal(other Value) bool {
	return bytes.Equal(v.AppendJSON(nil), other.AppendJSON(nil))
}

func (v Value) node() node {
	if v.doc == nil {
		return node{}
	}
	return v.doc.nodes[v.at]
}

// unpaired tells whether v is a string with half a surrogate pair in it.
func (v Value) unpaired() bool { return v.node().flags&unpaired != 0 }

// Object is a JSON object, its keys in the order in which they were first given. The zero Object is none at all; it is empty.
type Object struct{ value Value }

// Value returns o as a value; null for the zero Object.
func (o Object) Value() Value { return o.value }

// IsZero tells whether there is no object, which is not the same as an empty one.
func (o Object) IsZero() bool { return o.value.doc == nil }

// Len is the number of keys.
func (o Object) Len() int { return o.value.Len() }

// Get returns the value under key and whether there is one. It looks at one key after another.
func (o Object) Get(key string) (Value, bool) {
	for k, v := range o.All() {
		if k == key {
			return v, true
		}
	}
	return Value{}, false
}

// All yields keys and values.
func (o Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for key := range o.keys() {
			if !yield(o.value.doc.textOf(key.at), Value{o.value.doc, key.node().next}) {
				return
			}
		}
	}
}

// keys yields the keys as values of their own; a key's node says where its value is.
func (o Object) keys() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		doc := o.value.doc
		if doc == nil {
			return
		}
		for at := o.value.at + 1; at < o.value.node().next; at = doc.nodes[at+1].next {
			if doc.nodes[at].flags&repeated == 0 && !yield(Value{doc, at}) {
				return
			}
		}
	}
}

// Plain returns o as a map, see [Value.Plain]; nil for the zero Object.
func (o Object) Plain() map[string]any {
	if o.IsZero() {
		return nil
	}
	plain := make(map[string]any, o.Len())
	for key, value := range o.All() {
		plain[key] = value.Plain()
	}
	return plain
}

// Equal tells whether two objects are the same, see [Value.Equal].
func (o Object) Equal(other Object) bool { return o.value.Equal(other.value) }
