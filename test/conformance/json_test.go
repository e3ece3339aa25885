package conformance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// same is a filler that replaces nothing.
func same(s string) string { return s }

func TestDocumentsAreCompared(t *testing.T) {
	for _, tc := range []struct {
		name, want, have string
		pattern          jsonPattern
		differences      []string
	}{
		{name: "numbers by value", want: `{"a":1}`, have: `{"a":1.0}`},
		{name: "another value", want: `{"a":"x"}`, have: `{"a":"y"}`, differences: []string{`body a: want "x", got "y"`}},
		{name: "another type", want: `{"a":1}`, have: `{"a":"1"}`, differences: []string{`body a: want 1, got "1"`}},
		{name: "an extra field", want: `{"a":1}`, have: `{"a":1,"b":2}`, differences: []string{`body b: want "(absent)", got 2`}},
		{name: "a missing field is not null", want: `{"a":null}`, have: `{}`, differences: []string{`body a: want null, got "(absent)"`}},
		{name: "a shorter list", want: `{"a":[1,2]}`, have: `{"a":[1]}`, differences: []string{`body a: want [1,2], got [1]`}},
		{name: "another order", want: `[1,2]`, have: `[2,1]`, differences: []string{`body 0: want 1, got 2`, `body 1: want 2, got 1`}},
		{name: "an object for a list", want: `{"a":[]}`, have: `{"a":{}}`, differences: []string{`body a: want [], got {}`}},
		{name: "no JSON at all", want: `{}`, have: `<html>`, differences: []string{`body is not JSON: <html>`}},
		{name: "an expectation that is no JSON", want: `{`, have: `{}`, differences: []string{`body: bad expectation: unexpected end of JSON input`}},
		{
			name: "an ignored path, with any step", want: `{"a":[{"t":1},{"t":2}]}`, have: `{"a":[{"t":3},{"t":4}]}`,
			pattern: jsonPattern{ignore: []string{"a.*.t"}},
		},
		{
			name: "an ignored path that has other neighbours", want: `{"a":{"t":1,"u":1}}`, have: `{"a":{"t":2,"u":2}}`,
			pattern: jsonPattern{ignore: []string{"a.t"}}, differences: []string{`body a.u: want 1, got 2`},
		},
		{
			name: "an ignored path hides nothing above it", want: `{"a":{"t":1}}`, have: `{}`,
			pattern: jsonPattern{ignore: []string{"a.t"}}, differences: []string{`body a: want {"t":1}, got "(absent)"`},
		},
		{name: "a matched path", want: `{"id":"x"}`, have: `{"id":"r-17"}`, pattern: jsonPattern{match: map[string]string{"id": `^r-\d+$`}}},
		{name: "a matched path of a number", have: `{"at":17}`, pattern: jsonPattern{match: map[string]string{"at": `^17$`}}},
		{name: "a matched path of a list", have: `{"at":["<"]}`, pattern: jsonPattern{match: map[string]string{"at": `^\["<"\]$`}}},
		{
			name: "a matched path with another text", have: `{"id":"r-x"}`, pattern: jsonPattern{match: map[string]string{"id": `^r-\d+$`}},
			differences: []string{`body: id: want a match of "^r-\\d+$", got "r-x"`},
		},
		{
			name: "a matched path that is absent", have: `{}`, pattern: jsonPattern{match: map[string]string{"id": `.*`}},
			differences: []string{`body: id: want a match of ".*", but it is absent`},
		},
		{name: "an optional path that is absent", want: `{}`, have: `{}`, pattern: jsonPattern{match: map[string]string{"id?": `^r`}}},
		{name: "an optional path that is there", want: `{}`, have: `{"id":"r"}`, pattern: jsonPattern{match: map[string]string{"id?": `^r`}}},
		{
			name: "an optional path that is there and wrong", want: `{}`, have: `{"id":"s"}`, pattern: jsonPattern{match: map[string]string{"id?": `^r`}},
			differences: []string{`body: id: want a match of "^r", got "s"`},
		},
		{name: "a forbidden match that is not there", have: `{"id":"s"}`, pattern: jsonPattern{match: map[string]string{"id": `!^r`}}},
		{name: "a forbidden match of an absent path", have: `{}`, pattern: jsonPattern{match: map[string]string{"id": `!^r`}}},
		{
			name: "a forbidden match", have: `{"id":"r"}`, pattern: jsonPattern{match: map[string]string{"id": `!^r`}},
			differences: []string{`body: id: want a match of "!^r", got "r"`},
		},
		{
			name: "a pattern with a slip", have: `{"id":"r"}`, pattern: jsonPattern{match: map[string]string{"id": `(`}},
			differences: []string{"bad pattern: error parsing regexp: missing closing ): `(`", `body: id: want a match of "(", got "r"`},
		},
		{
			name: "a forbidding pattern with a slip", have: `{"id":"r"}`, pattern: jsonPattern{match: map[string]string{"id": `!(`}},
			differences: []string{"bad pattern: error parsing regexp: missing closing ): `(`", `body: id: want a match of "!(", got "r"`},
		},
		{name: "a path that exists", have: `{"a":[{"b":null}]}`, pattern: jsonPattern{has: []string{"a.0.b"}}},
		{
			name: "a path that does not exist", have: `{"a":[{}]}`, pattern: jsonPattern{has: []string{"a.0.b", "a.1", "a.-1"}},
			differences: []string{
				`body: a.0.b is missing in {"a":[{}]}`, `body: a.1 is missing in {"a":[{}]}`, `body: a.-1 is missing in {"a":[{}]}`,
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.want != "" {
				tc.pattern.want = []byte(tc.want)
			}
			var d Differences
			tc.pattern.compare(&d, "body", []byte(tc.have), same)
			if diff := cmp.Diff(tc.differences, []string(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExpectedDocumentsAreFilled(t *testing.T) {
	var d Differences
	fill := func(s string) string { return strings.ReplaceAll(s, "${FAKES}", "http://x") }
	jsonPattern{want: []byte(`{"url":"${FAKES}/v1"}`)}.compare(&d, "body", []byte(`{"url":"http://x/v1"}`), fill)
	if len(d) > 0 {
		t.Error(d)
	}
}

func TestRespaceKeepsAllButSpacesBetweenTokens(t *testing.T) {
	for in, want := range map[string]string{
		"{\"type\":\"action\",\"data\":{\"a\":[1,2]}}\n": "{\"type\": \"action\", \"data\": {\"a\": [1, 2]}}\n",
		"data: {\"a\":\"x: y, \\\"z\\\"\"}\r\n\r\n":      "data: {\"a\": \"x: y, \\\"z\\\"\"}\r\n\r\n",
		"{\"a\":\"\\\\\",\"b\":1}":                       "{\"a\": \"\\\\\", \"b\": 1}",
		"def f(a,b):\n":                                  "def f(a,b):\n",
		"{not json:1}\n":                                 "{not json:1}\n",
		"data: \n\n":                                     "data: \n\n",
		"{\"a\": \"\\u00e9\"}":                           "{\"a\": \"\\u00e9\"}",
	} {
		if got := respace(in); got != want {
			t.Errorf("respace(%q) = %q, want %q", in, got, want)
		}
		if got := respace(want); got != want {
			t.Errorf("respace is not stable on %q: %q", want, got)
		}
	}
}
