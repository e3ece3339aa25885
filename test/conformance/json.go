package conformance

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// jsonPattern says what a JSON document must be. Paths are steps joined by dots: a field's name, an index, and, in ignore
// and match, * for any one step where whole documents are compared.
type jsonPattern struct {
	want   json.RawMessage   // the whole document; nil: not compared
	has    []string          // paths that must exist
	ignore []string          // paths that are not compared
	match  map[string]string // path -> regex that the text there, or its JSON, matches; "!re" must not match; a path ending in ? may be absent
}

// asksNothing tells whether there is nothing to compare.
func (p jsonPattern) asksNothing() bool {
	return p.want == nil && len(p.has) == 0 && len(p.match) == 0
}

// compare adds what differs, beginning with what the document is. Expected texts are filled first.
func (p jsonPattern) compare(d *Differences, what string, document []byte, fill func(string) string) {
	var have any
	if err := json.Unmarshal(document, &have); err != nil {
		d.add("%s is not JSON: %s", what, clip(document))
		return
	}
	for _, path := range p.has {
		if _, ok := lookup(have, path); !ok {
			d.add("%s: %s is missing in %s", what, path, clip(document))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(p.match)) {
		compareMatch(d, what, path, p.match[path], have)
	}
	if p.want == nil {
		return
	}
	var want any
	if err := json.Unmarshal([]byte(fill(string(p.want))), &want); err != nil {
		d.add("%s: bad expectation: %v", what, err)
		return
	}
	tree{d: d, what: what, skip: p.skipped()}.compare(nil, want, have)
}

func compareMatch(d *Differences, what, path, re string, have any) {
	path, optional := strings.CutSuffix(path, "?")
	value, there := lookup(have, path)
	_, forbids := strings.CutPrefix(re, "!")
	switch s := textOf(value); {
	case !there && (optional || forbids):
	case !there:
		d.add("%s: %s: want a match of %q, but it is absent", what, path, re)
	case !d.matchOrNot(re, s):
		d.add("%s: %s: want a match of %q, got %q", what, path, re, s)
	}
}

// textOf is a text as it is, and any other value as JSON.
func textOf(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(encode(v))
}

// skipped are the paths that a comparison of whole documents leaves out: those ignored, and those matched by a pattern.
func (p jsonPattern) skipped() (skip [][]string) {
	for _, path := range p.ignore {
		skip = append(skip, strings.Split(path, "."))
	}
	for path := range p.match {
		skip = append(skip, strings.Split(strings.TrimSuffix(path, "?"), "."))
	}
	return skip
}

// lookup walks down a path.
func lookup(v any, path string) (any, bool) {
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			e, ok := x[step]
			if !ok {
				return nil, false
			}
			v = e
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(x) {
				return nil, false
			}
			v = x[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// tree compares two documents node by node.
type tree struct {
	d    *Differences
	what string
	skip [][]string
}

func (t tree) compare(at []string, want, have any) {
	if slices.ContainsFunc(t.skip, func(path []string) bool { return leadsTo(path, at) }) {
		return
	}
	switch w := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			t.differ(at, want, have)
			return
		}
		t.compareFields(at, w, h)
	case []any:
		h, ok := have.([]any)
		if !ok || len(h) != len(w) {
			t.differ(at, want, have)
			return
		}
		for i := range w {
			t.compare(below(at, strconv.Itoa(i)), w[i], h[i])
		}
	default:
		if !reflect.DeepEqual(want, have) {
			t.differ(at, want, have)
		}
	}
}

func (t tree) compareFields(at []string, want, have map[string]any) {
	names := maps.Clone(want)
	maps.Copy(names, have)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		t.compare(below(at, name), field(want, name), field(have, name))
	}
}

func (t tree) differ(at []string, want, have any) {
	t.d.add("%s: want %s, got %s", strings.TrimSpace(t.what+" "+strings.Join(at, ".")), encode(want), encode(have))
}

// leadsTo tells whether a path, in which * is any one step, is the place.
func leadsTo(path, at []string) bool {
	return slices.EqualFunc(path, at, func(step, have string) bool { return step == "*" || step == have })
}

func below(at []string, step string) []string {
	return append(slices.Clip(at), step)
}

// absent stands for a field that is not there, which differs from one that is null.
type absent struct{}

// MarshalJSON shows an absent field in a difference.
func (absent) MarshalJSON() ([]byte, error) { return []byte(`"(absent)"`), nil }

func field(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return absent{}
}
