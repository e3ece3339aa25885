package schema

import "fmt"

// Components collects the schemas of an OpenAPI 3.1 document by name, for its "components" and there "schemas".
type Components map[string]Object

// OpenAPI adds the schema of the body, and those it uses, to components, and returns a reference to it. It panics when a name is taken
// by another schema; the option "name" of a field named _ gives a struct another one.
func (b *Body[T]) OpenAPI(components Components) Object {
	return b.root.describe(components).object()
}

// add adds a schema, unless it is there already, and returns a reference to it. What has no name is returned itself.
func (c Components) add(name string, schema func() keywords) keywords {
	if name == "" {
		return schema()
	}
	described := schema().object()
	if other, taken := c[name]; taken && !other.Equal(described) {
		panic(fmt.Sprintf("schema: two different OpenAPI schemas are named %q", name))
	}
	c[name] = described
	return keywords{"$ref", "#/components/schemas/" + name}
}

// keywords are keys and values in turn of a JSON schema.
type keywords []any

func (k keywords) object() Object { return NewObject(k...) }

// orNull allows null as well. Where the schema is about one type that means another type, else an alternative.
func (k keywords) orNull() keywords {
	null := NewObject("type", "null")
	switch {
	case len(k) == 0:
		return k // it allows anything
	case k[0] == "type" && !k.has("enum"):
		return append(keywords{"type", []any{k[1], "null"}}, k[2:]...)
	case k[0] == "anyOf":
		return keywords{"anyOf", append(k[1].([]any), null)}
	default:
		return keywords{"anyOf", []any{k.object(), null}}
	}
}

func (k keywords) has(name string) bool {
	for i := 0; i < len(k); i += 2 {
		if k[i] == name {
			return true
		}
	}
	return false
}
