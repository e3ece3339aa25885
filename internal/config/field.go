package config

import (
	"cmp"
	"reflect"
	"strings"
	"sync"
)

// prefix begins the names of all settings in the tree of groups.
const prefix = "AIGW_"

// field is one setting with what its tags say.
type field struct {
	name  string   // AIGW_FASTAPI__API_PORT
	path  []string // ["fastapi", "api_port"]: lower-case names of its groups and its own; nil for a variable without the prefix
	index []int    // of the struct field, below Settings
	kind  reflect.Type
	title string // of its group

	fallback string // the default, as an operator would write it
	example  string // a right value, where the default doesn't show one
	doc      string
	unit     string   // of a duration: seconds, whole seconds, whole milliseconds
	aliases  []string // other names, each counts when those before it are not given
	optional bool     // there is a difference between not set and empty, even if nobody looks at it
	process  bool     // not read from .env
	lenient  bool     // a boolean that has no wrong values
}

// fields lists all settings in the order of their documentation.
var fields = sync.OnceValue(func() []field {
	return collect(reflect.TypeFor[Settings](), field{title: "General", path: []string{}})
})

// collect lists the settings of a group; above holds the path, index and title they share. Members without a doc tag are groups.
func collect(group reflect.Type, above field) []field {
	var found []field
	for i := range group.NumField() {
		member := group.Field(i)
		tag := member.Tag
		name, hasName := tag.Lookup("env")
		if !hasName {
			continue
		}
		f := field{
			index: append(append([]int{}, above.index...), i),
			title: above.title,
		}
		if above.path != nil && name != "-" {
			f.path = append(append([]string{}, above.path...), strings.ToLower(name))
		}
		doc, isLeaf := tag.Lookup("doc")
		if !isLeaf {
			if title := tag.Get("title"); title != "" {
				f.title = title
			}
			found = append(found, collect(member.Type, f)...)
			continue
		}
		f.name = name
		if f.path != nil {
			f.name = variableName(f.path)
		}
		f.kind = member.Type
		f.fallback, f.example, f.doc = tag.Get("default"), tag.Get("example"), doc
		f.unit, f.aliases = tag.Get("unit"), strings.Fields(tag.Get("alias"))
		f.optional, f.process, f.lenient = tag.Get("optional") != "", tag.Get("process") != "", tag.Get("lenient") != ""
		found = append(found, f)
	}
	return found
}

// variableName is the variable of a group or setting.
func variableName(path []string) string {
	return prefix + strings.ToUpper(strings.Join(path, "__"))
}

// levels counts how deep the JSON of a setting goes: 0 for a plain text, 1 for a list or an object of texts, 2 for an object of those.
func levels(kind reflect.Type) int {
	switch kind.Kind() {
	case reflect.Map, reflect.Slice:
		return 1 + levels(kind.Elem())
	case reflect.Struct:
		return 1
	default:
		return 0
	}
}

// isObject reports whether the value of a setting is a JSON object, so that its entries may have variables of their own.
func (f *field) isObject() bool {
	return levels(f.kind) > 0 && f.kind != reflect.TypeFor[[]string]()
}

// written is the default as an operator would write it.
func (f *field) written() string {
	switch {
	case f.fallback != "" || levels(f.kind) == 0:
		return f.fallback
	case f.isObject():
		return "{}"
	default:
		return "[]"
	}
}

// sample is a right value, for error messages and documentation.
func (f *field) sample() string {
	if sample, ok := samples[f.kind]; ok {
		return sample
	}
	return cmp.Or(f.example, f.fallback, "some text")
}

// samples shows values whose form is not obvious. Each kind of object belongs to one setting.
var samples = map[reflect.Type]string{
	reflect.TypeFor[bool]():                         `true or false`,
	reflect.TypeFor[[]string]():                     `["fix_end_block_errors"]`,
	reflect.TypeFor[map[string]string]():            `{"chat/react": "vertex"}`,
	reflect.TypeFor[map[string][]string]():          `{"self-managed": ["expanded_ai_logging"]}`,
	reflect.TypeFor[map[string]map[string]int]():    `{"anthropic": {"claude-3-haiku-20240307": 10}}`,
	reflect.TypeFor[map[string]map[string]Secret](): `{"llm.example.com": {"X-Gateway-Key": "secret"}}`,
	reflect.TypeFor[map[string]ClientCertificate](): `{"llm.example.com": {"cert_file": "/etc/ai-gateway/client.crt", "key_file": "/etc/ai-gateway/client.key"}}`,
	reflect.TypeFor[[]FireworksRegion]():            `{"us": {"endpoint": "https://api.fireworks.ai/inference/v1", "identifier": "model"}}`,
	reflect.TypeFor[FireworksEndpoint]():            `{"endpoint": "https://api.fireworks.ai/inference/v1", "identifier": "model"}`,
	reflect.TypeFor[UvicornLogger]():                `{"version": 1}`,
}
