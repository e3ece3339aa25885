package schema

import (
	"fmt"
	"reflect"
	"slices"
	"unicode"
	"unicode/utf8"
)

// structRule takes objects and puts the values under the keys that it knows into the fields of a struct.
type structRule struct {
	name    string // in OpenAPI
	doc     string
	fields  []field
	byKey   map[string]int
	checked bool // the struct is a FieldChecker
	lenient bool // the struct is a Normalizer
}

func (c *compiler) newStructRule(t reflect.Type) (*structRule, error) {
	r := &structRule{
		name: exportedName(t.Name()), byKey: map[string]int{},
		checked: reflect.PointerTo(t).Implements(checkerType), lenient: reflect.PointerTo(t).Implements(normalizerType),
	}
	if err := c.addFields(r, t, nil); err != nil {
		return nil, err
	}
	for i, f := range r.fields {
		if _, twice := r.byKey[f.key]; twice {
			return nil, fmt.Errorf("type %s has two fields for key %q", t, f.key)
		}
		r.byKey[f.key] = i
	}
	return r, nil
}

// addFields adds the fields of t, which is found at path in the struct of the rule.
func (c *compiler) addFields(r *structRule, t reflect.Type, path []int) error {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(path), i)
		key := f.Tag.Get("json")
		switch {
		case f.Name == "_":
			if err := r.describeSelf(f); err != nil {
				return fmt.Errorf("%s._: %w", t, err)
			}
		case key == "-":
		case f.Type == taggedType || f.Type == unionType:
			return fmt.Errorf("%s.%s: it must be the first field", t, f.Name)
		case f.Anonymous && key == "":
			if f.Type.Kind() != reflect.Struct {
				return fmt.Errorf("%s.%s: only a struct can be embedded", t, f.Name)
			}
			if reflect.PointerTo(f.Type).Implements(checkerType) && !r.checked {
				return fmt.Errorf("%s.%s: CheckField is not promoted", t, f.Name)
			}
			if err := c.addFields(r, f.Type, at); err != nil {
				return err
			}
		default:
			compiled, err := c.newField(f, key)
			if err != nil {
				return fmt.Errorf("%s.%s: %w", t, f.Name, err)
			}
			compiled.path = at
			r.fields = append(r.fields, compiled)
		}
	}
	return nil
}

// describeSelf reads the tags of the field named _.
func (r *structRule) describeSelf(f reflect.StructField) error {
	opt, err := parseOptions(f.Tag.Get("schema"))
	if err != nil {
		return err
	}
	if name, given := opt.take("name"); given {
		r.name = name
	}
	r.doc = f.Tag.Get("doc")
	return opt.leftover()
}

// exportedName is how a Go type is called where Go does not matter.
func exportedName(name string) string {
	if name == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

func (r *structRule) decode(d *decoder, v Value, into reflect.Value) {
	if v.Kind() != KindObject {
		d.report(notAnObject, v)
		return
	}
	in := v // what is decoded; errors show v
	if r.lenient {
		in = into.Addr().Interface().(Normalizer).Normalize(v.Object()).Value()
	}
	var few [32]uint32 // nodes of the values of the fields; 0, where no member can be, for none
	given := few[:]
	if len(r.fields) > len(few) {
		given = make([]uint32, len(r.fields))
	}
	for key := range in.Object().keys() {
		if i, known := r.byKey[key.Text()]; known {
			given[i] = key.node().next
		}
	}
	for i := range r.fields {
		f := &r.fields[i]
		d.enter(named(f.key))
		if given[i] == 0 {
			f.decodeAbsent(d, v, into)
		} else {
			f.decode(d, Value{in.doc, given[i]}, into, r.checked)
		}
		d.leave()
	}
}

func (r *structRule) describe(components Components) keywords {
	return components.add(r.name, func() keywords { return r.schema(components, nil) })
}

// schema describes the object; with tag, as the case of a union that a field of that name selects.
func (r *structRule) schema(components Components, tag *tagValue) keywords {
	var properties, required []any
	if tag != nil {
		if _, declared := r.byKey[tag.name]; !declared {
			properties = append(properties, tag.name, NewObject("type", tag.jsonType, "enum", []any{tag.value}))
			required = append(required, tag.name)
		}
	}
	for i := range r.fields {
		f := &r.fields[i]
		properties = append(properties, f.key, f.describe(components).object())
		if f.required {
			required = append(required, f.key)
		}
	}
	k := keywords{"type", "object"}
	if r.doc != "" {
		k = append(k, "description", r.doc)
	}
	k = append(k, "properties", NewObject(properties...))
	if len(required) > 0 {
		k = append(k, "required", required)
	}
	return k
}
