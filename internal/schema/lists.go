package schema

import "reflect"

// maxRoom is for how many elements a slice or a map is made before they are seen. In JSON a worthless element is smaller than in Go, so
// a list must not get memory on its word.
const maxRoom = 256

// listRule takes lists.
type listRule struct {
	each     rule
	min, max int // -1 for no limit
}

// newListRule compiles a field that is a slice. The tag "each" has the options of its elements.
func (c *compiler) newListRule(f reflect.StructField, opt options) (rule, error) {
	each, err := c.compileTag(f.Type.Elem(), f.Tag.Get("each"))
	if err != nil {
		return nil, err
	}
	r := &listRule{each: each}
	if r.min, err = opt.length("min"); err != nil {
		return nil, err
	}
	r.max, err = opt.length("max")
	return r, err
}

// decode counts before it looks at elements: of a list that is too long nothing else is told, and of one that is too short only if its
// elements are valid.
func (r *listRule) decode(d *decoder, v Value, into reflect.Value) {
	length := v.Len()
	switch {
	case v.Kind() != KindArray:
		d.report(notAList, v)
		return
	case r.max >= 0 && length > r.max:
		d.report(tooManyItems(r.max, length), v)
		return
	}
	before := d.count
	into.Set(reflect.MakeSlice(into.Type(), 0, min(length, maxRoom)))
	i := 0
	for element := range v.Elements() {
		if i == into.Cap() {
			into.Grow(1)
		}
		into.SetLen(i + 1)
		d.enter(numbered(int64(i)))
		r.each.decode(d, element, into.Index(i))
		d.leave()
		if i++; d.full() {
			break
		}
	}
	if d.count == before && length < r.min {
		d.report(tooFewItems(r.min, length), v)
	}
	if d.count > before {
		into.SetZero()
	}
}

func (r *listRule) describe(components Components) keywords {
	k := keywords{"type", "array", "items", r.each.describe(components).object()}
	if r.min >= 0 {
		k = append(k, "minItems", r.min)
	}
	if r.max >= 0 {
		k = append(k, "maxItems", r.max)
	}
	return k
}

// mapRule takes objects whose keys are data.
type mapRule struct {
	key, each rule
}

// newMapRule compiles a field that is a map. The tags "keys" and "each" have the options of its keys and values.
func (c *compiler) newMapRule(f reflect.StructField) (rule, error) {
	key, err := c.compileTag(f.Type.Key(), f.Tag.Get("keys"))
	if err != nil {
		return nil, err
	}
	each, err := c.compileTag(f.Type.Elem(), f.Tag.Get("each"))
	return &mapRule{key, each}, err
}

func (r *mapRule) decode(d *decoder, v Value, into reflect.Value) {
	if v.Kind() != KindObject {
		d.report(notADict, v)
		return
	}
	before := d.count
	entries := reflect.MakeMapWithSize(into.Type(), min(v.Len(), maxRoom))
	for key := range v.Object().keys() {
		name, value := reflect.New(into.Type().Key()).Elem(), reflect.New(into.Type().Elem()).Elem()
		d.enter(named(key.Text()))
		d.enter(named("[key]"))
		r.key.decode(d, key, name)
		d.leave()
		r.each.decode(d, Value{v.doc, key.node().next}, value)
		d.leave()
		if d.full() {
			return
		}
		entries.SetMapIndex(name, value)
	}
	if d.count == before {
		into.Set(entries)
	}
}

func (r *mapRule) describe(components Components) keywords {
	return keywords{
		"type", "object",
		"propertyNames", r.key.describe(components).object(),
		"additionalProperties", r.each.describe(components).object(),
	}
}

// anyRule takes any value.
type anyRule struct{}

func (anyRule) decode(_ *decoder, v Value, into reflect.Value) { into.Set(reflect.ValueOf(v)) }
func (anyRule) describe(Components) keywords                   { return keywords{} }

// anyObjectRule takes any object.
type anyObjectRule struct{}

func (anyObjectRule) decode(d *decoder, v Value, into reflect.Value) {
	if v.Kind() != KindObject {
		d.report(notADict, v)
		return
	}
	into.Set(reflect.ValueOf(v.Object()))
}

func (anyObjectRule) describe(Components) keywords {
	return keywords{"type", "object", "additionalProperties", true}
}
