package schema

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Tagged makes a struct that embeds it first a union of objects: a field of the object selects which.
//
//	type event struct {
//		schema.Tagged `tag:"source"` // or `tag:"version,int"`
//		Issue         *issueEvent `case:"issue"`
//		MergeRequest  *mergeRequestEvent `case:"merge_request"`
//	}
//
// The other fields of the struct are its cases, of which decoding sets exactly one. A case may have a tag "spelled" with the name that
// its value has in errors (spec/http-api.md 8.4).
type Tagged struct{}

// taggedRule takes objects with a field that selects how the rest is read.
type taggedRule struct {
	name     string // in OpenAPI
	tag      string
	cases    []unionCase
	expected string // the cases, as errors spell them
}

type unionCase struct {
	tagValue
	field int
	rule  *structRule
}

// tagValue is a value of a union's tag.
type tagValue struct {
	name     string // of the tag
	value    any    // string or int64
	jsonType string
}

func (c *compiler) newTaggedRule(t reflect.Type) (rule, error) {
	tag, kind, _ := strings.Cut(t.Field(0).Tag.Get("tag"), ",")
	if tag == "" || kind != "" && kind != "int" {
		return nil, fmt.Errorf("%s.Tagged: its tag must be `tag:\"NAME\"` or `tag:\"NAME,int\"`", t)
	}
	r := &taggedRule{name: exportedName(t.Name()), tag: tag}
	var spellings []string
	for i := 1; i < t.NumField(); i++ {
		f := t.Field(i)
		value := tagValue{tag, f.Tag.Get("case"), "string"}
		spelling := spell(f.Tag.Get("case"), f.Tag.Get("spelled"))
		if kind == "int" {
			n, err := strconv.ParseInt(f.Tag.Get("case"), 10, 64)
			if err != nil {
				return nil, fmt.Errorf("%s.%s: case %q is no integer", t, f.Name, f.Tag.Get("case"))
			}
			value = tagValue{tag, n, "integer"}
			spelling = f.Tag.Get("case")
		}
		if f.Type.Kind() != reflect.Pointer || f.Type.Elem().Kind() != reflect.Struct || !f.IsExported() {
			return nil, fmt.Errorf("%s.%s: a case is an exported pointer to a struct", t, f.Name)
		}
		object, err := c.newStructRule(f.Type.Elem())
		if err != nil {
			return nil, err
		}
		if object.name == "" {
			return nil, fmt.Errorf("%s.%s: the struct of a case needs a name", t, f.Name)
		}
		r.cases = append(r.cases, unionCase{value, i, object})
		spellings = append(spellings, spelling)
	}
	r.expected = strings.Join(spellings, ", ")
	return r, nil
}

func (r *taggedRule) decode(d *decoder, v Value, into reflect.Value) {
	if v.Kind() != KindObject {
		d.report(notAnObject, v)
		return
	}
	tag, given := v.Object().Get(r.tag)
	if !given {
		d.report(noTag(r.tag), v)
		return
	}
	for i := range r.cases {
		if marker, ok := r.cases[i].match(tag); ok {
			d.enter(marker)
			d.decodePointer(r.cases[i].rule, v, into.Field(r.cases[i].field))
			d.leave()
			return
		}
	}
	shown := d.hidden.redact(tag)
	text := shown.Text()
	if shown.Kind() != KindString {
		text = string(shown.appendLiteral(nil))
	}
	d.report(unknownTag(r.tag, text, r.expected), v)
}

// match tells whether the tag selects this case, and what then stands in places. For an integer true and 1.0 are as good as 1; the
// latter shows (spec/http-api.md 8.4).
func (c *unionCase) match(tag Value) (marker step, ok bool) {
	want, isInt := c.value.(int64)
	switch {
	case !isInt:
		return named(tag.Text()), tag.Kind() == KindString && tag.Text() == c.value
	case tag.Kind() == KindInt:
		return numbered(want), tag.Int() == want
	case tag.Kind() == KindBool:
		return numbered(want), tag.Bool() && want == 1
	case tag.Kind() == KindFloat:
		return named(tag.numberText()), tag.Float() == float64(want)
	}
	return step{}, false
}

func (r *taggedRule) describe(components Components) keywords {
	return components.add(r.name, func() keywords {
		var cases, mapping []any
		for i := range r.cases {
			c := &r.cases[i]
			ref := components.add(c.rule.name, func() keywords { return c.rule.schema(components, &c.tagValue) })
			cases = append(cases, ref.object())
			mapping = append(mapping, fmt.Sprint(c.value), ref[1])
		}
		return keywords{"oneOf", cases, "discriminator", NewObject("propertyName", r.tag, "mapping", NewObject(mapping...))}
	})
}

// Union makes a struct that embeds it first a union of different kinds of value.
//
//	type content struct {
//		schema.Union
//		Text     *string   `variant:"constrained-str" schema:"max=400000"`
//		Messages []message `variant:"list[Message]" schema:"min=1,max=100"`
//	}
//
// The other fields of the struct are its variants, pointers or slices, of which decoding sets the first that takes the value. If none
// does, each reports its errors, with its name in their places.
type Union struct{}

// unionRule takes what one of several rules takes.
type unionRule struct {
	variants []variant
}

type variant struct {
	name  string
	field int
	rule  rule
}

func (c *compiler) newUnionRule(t reflect.Type) (rule, error) {
	r := &unionRule{}
	for i := 1; i < t.NumField(); i++ {
		f := t.Field(i)
		opt, err := parseOptions(f.Tag.Get("schema"))
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		name := f.Tag.Get("variant")
		if name == "" || !f.IsExported() || f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.Slice {
			return nil, fmt.Errorf("%s.%s: a variant is an exported pointer or a slice with the tag \"variant\"", t, f.Name)
		}
		compiled, err := c.compileField(f, opt)
		if err == nil {
			err = opt.leftover()
		}
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		r.variants = append(r.variants, variant{name, i, compiled})
	}
	return r, nil
}

func (r *unionRule) decode(d *decoder, v Value, into reflect.Value) {
	before := d.count
	var failures []finding
	for _, variant := range r.variants {
		target := into.Field(variant.field)
		d.enter(named(variant.name))
		if target.Kind() == reflect.Pointer {
			d.decodePointer(variant.rule, v, target)
		} else {
			variant.rule.decode(d, v, target)
		}
		d.leave()
		if d.count == before {
			return
		}
		failures = append(failures, d.takeBack(before)...)
	}
	for _, f := range failures {
		d.add(f)
	}
}

func (r *unionRule) describe(components Components) keywords {
	variants := make([]any, len(r.variants))
	for i, variant := range r.variants {
		variants[i] = variant.rule.describe(components).object()
	}
	return keywords{"anyOf", variants}
}
