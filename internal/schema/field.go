package schema

import (
	"errors"
	"fmt"
	"reflect"
)

// field is a field of a struct.
type field struct {
	key      string
	path     []int // where it is in the struct
	rule     rule
	required bool
	nullable bool   // null is allowed, and leaves the field as it is or
	defaults bool   // counts as the default
	fallback *Value // the default; nil if there is none
	secret   bool
	doc      string
}

func (c *compiler) newField(f reflect.StructField, key string) (field, error) {
	if !f.IsExported() {
		return field{}, errors.New("it is not exported")
	}
	if key == "" {
		return field{}, errors.New("it has no json tag")
	}
	opt, err := parseOptions(f.Tag.Get("schema"))
	if err != nil {
		return field{}, err
	}
	if names, given := f.Tag.Lookup("spelled"); given {
		opt["spelled"] = names
	}
	compiled := field{key: key, doc: f.Tag.Get("doc")}
	if compiled.secret, err = opt.flag("secret"); err != nil {
		return field{}, err
	}
	if compiled.secret {
		c.secrets = append(c.secrets, key)
	}
	fallback, err := compiled.readPresence(f.Type, opt)
	if err != nil {
		return field{}, err
	}
	if compiled.rule, err = c.compileField(f, opt); err != nil {
		return field{}, err
	}
	if err := opt.leftover(); err != nil {
		return field{}, err
	}
	return compiled, compiled.setDefault(f.Type, fallback)
}

// readPresence takes the options that say what it means if the field is absent or null. It returns the text of the default, nil if there
// is none.
func (f *field) readPresence(t reflect.Type, opt options) (fallback *string, err error) {
	if text, given := opt.take("default"); given {
		fallback = &text
	}
	optional, err1 := opt.flag("optional")
	required, err2 := opt.flag("required")
	nullable, err3 := opt.flag("nullable")
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	pointer := t.Kind() == reflect.Pointer
	nilable := t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t == objectType || t == valueType
	switch {
	case optional && !nilable:
		return nil, errors.New("option \"optional\" is for slices, maps, Objects and Values; a pointer makes other types optional")
	case required && !pointer:
		return nil, errors.New("option \"required\" is for pointers; other types are required anyway")
	case nullable && (fallback == nil || pointer || optional):
		return nil, errors.New("option \"nullable\" is for fields that have a default and no nil")
	}
	f.required = required || !pointer && !optional && fallback == nil
	f.nullable = pointer || optional || nullable
	f.defaults = nullable
	return fallback, nil
}

// setDefault reads a default, which is JSON or bare text. It must be a value that the field takes.
func (f *field) setDefault(t reflect.Type, fallback *string) error {
	if fallback == nil {
		return nil
	}
	base := t
	if t.Kind() == reflect.Pointer {
		base = t.Elem()
	}
	v, err := Parse([]byte(*fallback))
	if err != nil || base.Kind() == reflect.String && v.Kind() != KindString {
		v = ValueOf(*fallback)
	}
	d := decoder{}
	f.store(&d, v, reflect.New(t).Elem())
	if d.count > 0 {
		return fmt.Errorf("the default %q is refused: %s", *fallback, d.found[0].problem.msg)
	}
	f.fallback = &v
	return nil
}

func (f *field) decode(d *decoder, v Value, parent reflect.Value, checked bool) {
	if f.secret {
		d.secret++
		defer func() { d.secret-- }()
	}
	before := d.count
	into := parent.FieldByIndex(f.path)
	switch {
	case v.Kind() != KindNull || !f.nullable:
		f.store(d, v, into)
	case f.defaults:
		f.store(d, *f.fallback, into)
	}
	if checked && d.count == before {
		if err := parent.Addr().Interface().(FieldChecker).CheckField(f.key); err != nil {
			d.report(brokenRule(err), v)
		}
	}
}

// decodeAbsent is for a field that object does not have.
func (f *field) decodeAbsent(d *decoder, object Value, parent reflect.Value) {
	switch {
	case f.required:
		d.report(missing, object)
	case f.fallback != nil:
		f.store(d, *f.fallback, parent.FieldByIndex(f.path))
	}
}

func (f *field) store(d *decoder, v Value, into reflect.Value) {
	if into.Kind() == reflect.Pointer {
		d.decodePointer(f.rule, v, into)
	} else {
		f.rule.decode(d, v, into)
	}
}

func (f *field) describe(components Components) keywords {
	k := f.rule.describe(components)
	if f.nullable {
		k = k.orNull()
	}
	if f.secret {
		k = append(k, "format", "password", "writeOnly", true)
	}
	if f.doc != "" {
		k = append(k, "description", f.doc)
	}
	if f.fallback != nil {
		k = append(k, "default", *f.fallback)
	}
	return k
}
