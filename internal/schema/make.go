package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// NewObject makes an object of keys and values in turn: NewObject("name", name, "size", 3). For values see [ValueOf].
func NewObject(pairs ...any) Object {
	doc := &document{}
	doc.addPairs(pairs)
	return Object{Value{doc, 0}}
}

// ValueOf makes a value of plain Go: nil, booleans, integers, floats, strings, pointers to these, slices, maps with string keys
// (sorted), Values and Objects. It panics for other types.
func ValueOf(v any) Value {
	doc := &document{}
	doc.addGo(v)
	return Value{doc, 0}
}

func (d *document) addPairs(pairs []any) {
	self := d.add(node{kind: KindObject})
	for i := 0; i+1 < len(pairs); i += 2 {
		d.addOwn(KindString, pairs[i].(string), 0)
		d.addGo(pairs[i+1])
	}
	d.close(self, len(pairs)/2)
	d.dropRepeated(self)
}

func (d *document) addGo(v any) {
	switch v := v.(type) {
	case nil:
		d.add(node{})
	case Value:
		d.addCopy(v, nil)
	case Object:
		d.addCopy(v.value, nil)
	case string:
		d.addOwn(KindString, strings.ToValidUTF8(v, "\uFFFD"), 0)
	default:
		d.addReflected(reflect.ValueOf(v))
	}
}

func (d *document) addReflected(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		n := node{kind: KindBool}
		if v.Bool() {
			n.a = 1
		}
		d.add(n)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.addOwn(KindInt, strconv.FormatInt(v.Int(), 10), 0)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.addOwn(KindInt, strconv.FormatUint(v.Uint(), 10), 0)
	case reflect.Float32, reflect.Float64:
		d.addOwn(KindFloat, formatFloat(v.Float()), 0)
	case reflect.String:
		d.addGo(v.String())
	case reflect.Pointer:
		if v.IsNil() {
			d.addGo(nil)
		} else {
			d.addGo(v.Elem().Interface())
		}
	case reflect.Slice, reflect.Array:
		self := d.add(node{kind: KindArray})
		for i := range v.Len() {
			d.addGo(v.Index(i).Interface())
		}
		d.close(self, v.Len())
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		pairs := make([]any, 0, 2*len(keys))
		for _, key := range keys {
			pairs = append(pairs, key.String(), v.MapIndex(key).Interface())
		}
		d.addPairs(pairs)
	default:
		panic(fmt.Sprintf("schema: no JSON value can be made of a %s", v.Type()))
	}
}

// addCopy adds a value of another document. Where hide says so of a value or the key that it stands under, stars stand instead.
func (d *document) addCopy(v Value, hide func(key string, v Value) bool) {
	switch n := v.node(); n.kind {
	case KindNull, KindBool:
		d.add(n)
	case KindInt, KindFloat:
		d.addOwn(n.kind, v.doc.textOf(v.at), 0)
	case KindString:
		d.addOwn(n.kind, v.Text(), n.flags&unpaired)
	case KindArray:
		self := d.add(n)
		for element := range v.Elements() {
			d.addCopyOrStars("", element, hide)
		}
		d.close(self, v.Len())
	case KindObject:
		self := d.add(n)
		for key, member := range v.Object().All() {
			d.addOwn(KindString, key, 0)
			d.addCopyOrStars(key, member, hide)
		}
		d.close(self, v.Len())
	}
}

func (d *document) addCopyOrStars(key string, v Value, hide func(key string, v Value) bool) {
	if hide != nil && hide(key, v) {
		d.addOwn(KindString, stars, 0)
		return
	}
	d.addCopy(v, hide)
}
