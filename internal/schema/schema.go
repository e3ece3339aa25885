// Package schema describes the JSON body of a request once, as a Go struct, and uses the description three times: to decode a body
// into the struct, to report everything that is wrong with it in the form the contract has (spec/http-api.md 7 and 8), and to write
// the body's part of the OpenAPI document.
//
//	type currentFile struct {
//		FileName string  `json:"file_name" schema:"strip,max=255" doc:"Path of the file as the editor shows it."`
//		Language *string `json:"language_identifier" schema:"max=255"`
//	}
//
//	var body = schema.MustCompile[currentFile]()
//
//	req, err := body.Decode(raw, r.Header.Get("Content-Type"))
//
// # Fields
//
// A plain Go type is required and not null. A pointer is optional and may be null; so is a slice, a map or an [Object] with the option
// "optional", as these have a nil of their own. Unknown keys are ignored. Fields are checked in the order of the struct, and an
// embedded struct contributes its fields in place.
//
//	Go type               JSON                                     options
//	string                string                                   strip, max=N (code points)
//	string                URL, normalised                          url, max=N (bytes)
//	string                one of some strings                      enum=a|b or literal=a|b
//	[Enumeration]         one of its values
//	int64, int            integer, or what passes for one          ge=N, le=N
//	float64               number, or what passes for one           ge=X, le=X
//	bool                  boolean, or what passes for one
//	[]T, T no slice       list; options of T in the tag "each"     min=N, max=N (elements)
//	map[string]T          object; options of T in the tag "each",
//	                      those of its keys in the tag "keys"
//	struct                object
//	[Object], [Value]     any object, any value
//	struct with [Tagged]  object whose variant a field selects
//	struct with [Union]   one of several kinds of value
//
// Options of any field, beside those of its type:
//
//	default=V   it may be absent, which counts as V (JSON or bare text); null is still refused, unless the type allows it
//	nullable    null counts as the default
//	optional    of a slice, a map, an Object, a Value: may be absent or null, and is nil then
//	required    of a pointer: may be null but not absent
//	secret      the value never appears in an error; neither does any other value under this key
//
// The tag "doc" of a field goes into the OpenAPI document. A field named _ speaks for its struct: `schema:"name=X" doc:"..."`.
// A struct with a rule that no option expresses implements [FieldChecker].
//
// A mistake in a description panics when it is compiled, which is at program start, and names the type and the field.
//
// # JSON
//
// The package has a parser of its own, because the contract has its own idea of JSON: UTF-16 is fine, NaN is a number, 1 and 1.0
// differ, integers have thousands of digits, the order of keys counts, and an error is told with its offset in characters. What it
// reads is a [Value].
package schema

import "reflect"

// Body is a compiled description of a request body. It is safe for concurrent use.
type Body[T any] struct {
	root    rule
	secrets secrets
}

// MustCompile compiles the description that T is: a struct, or a struct with [Tagged]. It panics when a tag is wrong.
func MustCompile[T any]() *Body[T] {
	c := compiler{}
	root, err := c.compile(reflect.TypeFor[T](), options{})
	if err != nil {
		panic("schema: " + err.Error())
	}
	return &Body[T]{root: root, secrets: c.secrets}
}

// Decode reads a request's body (spec/http-api.md 7 and 8). contentType is the header's value, empty when there is none.
//
// The result shares raw's memory: don't change raw afterwards. The error is a [*ValidationError] with everything that is wrong, or an
// [*UnreadableError].
func (b *Body[T]) Decode(raw []byte, contentType string) (*T, error) {
	value, err := read(raw, contentType)
	if err != nil {
		return nil, err
	}
	d := decoder{loc: make([]step, 0, 16), hidden: b.secrets}
	d.enter(named("body"))
	if value.Kind() == KindNull {
		d.report(missing, Value{})
		return nil, d.failure()
	}
	return b.decode(&d, value)
}

// Check decodes a value that is no request's body, such as an [Object] put together in Go. Places in its errors don't begin with
// "body" (spec/http-api.md 8.6). The error is a [*ValidationError].
func (b *Body[T]) Check(v Value) (*T, error) {
	return b.decode(&decoder{hidden: b.secrets}, v)
}

func (b *Body[T]) decode(d *decoder, v Value) (*T, error) {
	into := new(T)
	b.root.decode(d, v, reflect.ValueOf(into).Elem())
	if d.count > 0 {
		return nil, d.failure()
	}
	return into, nil
}

// FieldChecker is a struct with a rule of its own for some of its fields.
type FieldChecker interface {
	// CheckField is called when the field under key was given, null included, and was found valid, just before the fields after it are
	// looked at. A field before it that was invalid is zero. An error is reported at the field, as "Value error, " and its text.
	CheckField(key string) error
}

// Normalizer is a struct that takes objects which it does not describe, by what they mean in its terms.
type Normalizer interface {
	// Normalize returns the object whose fields are decoded in place of o's. It is called on a zero struct and may return o.
	Normalize(o Object) Object
}

// Enumeration is a string type that knows what values it may have, which saves listing them in tags.
type Enumeration interface {
	Values() []string
}
