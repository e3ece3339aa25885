package schema

import (
	"fmt"
	"reflect"
	"slices"
)

// compiler turns Go types into rules.
type compiler struct {
	secrets secrets
	within  []reflect.Type // the structs that are being compiled, to find one in itself
}

var (
	valueType       = reflect.TypeFor[Value]()
	objectType      = reflect.TypeFor[Object]()
	taggedType      = reflect.TypeFor[Tagged]()
	unionType       = reflect.TypeFor[Union]()
	enumerationType = reflect.TypeFor[Enumeration]()
	checkerType     = reflect.TypeFor[FieldChecker]()
	normalizerType  = reflect.TypeFor[Normalizer]()
)

// compile returns the rule for a type under the options of its field. It takes the options that it knows.
func (c *compiler) compile(t reflect.Type, opt options) (rule, error) {
	switch {
	case t == valueType:
		return anyRule{}, nil
	case t == objectType:
		return anyObjectRule{}, nil
	case t.Implements(enumerationType) && t.Kind() == reflect.String:
		return newEnumerationRule(t), nil
	}
	switch t.Kind() {
	case reflect.String:
		return compileString(opt)
	case reflect.Int, reflect.Int64:
		return newNumberRule[int64](opt, decodeInt)
	case reflect.Float64:
		return newNumberRule[float64](opt, decodeFloat)
	case reflect.Bool:
		return boolRule{}, nil
	case reflect.Struct:
		return c.compileStruct(t)
	}
	return nil, fmt.Errorf("values of type %s have no rule", t)
}

func compileString(opt options) (rule, error) {
	if _, given := opt["url"]; given {
		return newURLRule(opt)
	}
	for _, kind := range []string{"enum", "literal"} {
		if _, given := opt[kind]; given {
			return newChoiceRule(kind, opt)
		}
	}
	return newStringRule(opt)
}

func (c *compiler) compileStruct(t reflect.Type) (rule, error) {
	if slices.Contains(c.within, t) {
		return nil, fmt.Errorf("type %s contains itself", t)
	}
	c.within = append(c.within, t)
	defer func() { c.within = c.within[:len(c.within)-1] }()

	if t.NumField() > 0 && t.Field(0).Anonymous {
		switch t.Field(0).Type {
		case taggedType:
			return c.newTaggedRule(t)
		case unionType:
			return c.newUnionRule(t)
		}
	}
	return c.newStructRule(t)
}

// compileField returns the rule for the value of a field of a struct, whose options may stand in several of its tags. A pointer's rule
// is that of what it points to.
func (c *compiler) compileField(f reflect.StructField, opt options) (rule, error) {
	switch t := f.Type; {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Slice, t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Map:
		return nil, fmt.Errorf("a %s needs no pointer, see option optional", t.Elem().Kind())
	case t.Kind() == reflect.Pointer:
		return c.compile(t.Elem(), opt)
	case t.Kind() == reflect.Slice:
		return c.newListRule(f, opt)
	case t.Kind() == reflect.Map:
		return c.newMapRule(f)
	default:
		return c.compile(t, opt)
	}
}

// compileTag compiles a type under the options of one of a field's tags, all of which must mean something.
func (c *compiler) compileTag(t reflect.Type, tag string) (rule, error) {
	opt, err := parseOptions(tag)
	if err != nil {
		return nil, err
	}
	r, err := c.compile(t, opt)
	if err != nil {
		return nil, err
	}
	return r, opt.leftover()
}
