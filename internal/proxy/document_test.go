package proxy

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestABodyTellsItsModelAndWhetherItStreams(t *testing.T) {
	for _, tc := range []struct {
		name, body, model string
		stream            bool
	}{
		{"both, between others", `{"max_tokens":1,"model":"claude-2.1","stream":true,"messages":[{"role":"user"}]}`, "claude-2.1", true},
		{"blanks everywhere", " \t{ \"model\" :\n\"claude-2.1\" , \"stream\" : 1 }\r\n", "claude-2.1", true},
		{"no stream", `{"model":"claude-2.1"}`, "claude-2.1", false},
		{"the last of two counts", `{"stream":true,"model":"a","stream":false}`, "a", false},
		{"the same model twice is one", `{"model":"a","model":"a"}`, "a", false},
		{"two models are none", `{"model":"b","model":"a","model":"a"}`, "", false},
		{"members further inside are others", `{"metadata":{"model":"a","stream":true},"list":[{"model":"b"}]}`, "", false},
		{"names are exact", `{"Model":"a","STREAM":true," model":"b"}`, "", false},
		{"a name may be escaped", `{"mo\u0064el":"a","\u0073tream":1}`, "a", true},
		{"a model may be escaped", `{"model":"claude\u002d2.1"}`, "claude-2.1", false},
		{"a model that is a number is no name", `{"model":7}`, "", false},
		{"a model that is a list is no name", `{"model":["claude-2.1"]}`, "", false},
		{"stream false", `{"stream":false}`, "", false},
		{"stream null", `{"stream":null}`, "", false},
		{"stream 0", `{"stream":0}`, "", false},
		{"stream -0.0", `{"stream":-0.0}`, "", false},
		{"stream 0e5", `{"stream":0e5}`, "", false},
		{"stream too small to be told from 0", `{"stream":1e-999}`, "", false},
		{"stream 0.5", `{"stream":0.5}`, "", true},
		{"stream too large for a number", `{"stream":-1e999}`, "", true},
		{"stream, an empty text", `{"stream":""}`, "", false},
		{"stream, a blank", `{"stream":" "}`, "", true},
		{"stream, the text false", `{"stream":"false"}`, "", true},
		{"stream, an empty list", `{"stream":[ ]}`, "", false},
		{"stream, a list of nothing", `{"stream":[null]}`, "", true},
		{"stream, an empty object", "{\"stream\":{\n}}", "", false},
		{"stream, an object", `{"stream":{"a":0}}`, "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, ok := readDocument([]byte(tc.body))
			if !ok || !d.object || d.modelName() != tc.model || d.wantsStream() != tc.stream {
				t.Errorf("got %v, object %v, model %q, stream %v", ok, d.object, d.modelName(), d.wantsStream())
			}
		})
	}
}

func TestOnlyJSONIsForwarded(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":                     "",
		"blanks":                      " \n",
		"half an object":              `{"model":`,
		"a comma too many":            `{"model":"claude-2.1",}`,
		"a word without quotes":       `{"model": gpt}`,
		"something behind":            `{} x`,
		"two values":                  `{}{}`,
		"NaN":                         `{"temperature":NaN}`,
		"an infinity":                 `[-Infinity]`,
		"a number with a leading 0":   `[01]`,
		"a number that ends early":    `[1.]`,
		"a control character":         "\"a\nb\"",
		"an unknown escape":           `"\x41"`,
		"an escape that ends early":   `"\u12"`,
		"a text without an end":       `"abc`,
		"a bracket of another kind":   `[1}`,
		"a key that is no text":       `{1:2}`,
		"a byte order mark":           "\ufeff{}",
		"UTF-16":                      "{\x00}\x00",
		"bytes that are no UTF-8":     "\"\xff\"",
		"half a surrogate in UTF-8":   "\"\xed\xa0\x80\"",
		"too many arrays one another": strings.Repeat("[", 951) + strings.Repeat("]", 951),
	} {
		t.Run(name, func(t *testing.T) {
			if _, ok := readDocument([]byte(body)); ok {
				t.Errorf("%.40q was taken for JSON", body)
			}
		})
	}
	for name, body := range map[string]string{
		"a number":                   `-1.5E+3`,
		"a text":                     `"claude-2.1"`,
		"a list":                     `[1, "a", null, true, false, {}, []]`,
		"half a surrogate, escaped":  `"\ud800"`,
		"a number beyond any double": `1e999`,
		"950 arrays in each other":   strings.Repeat("[", 950) + strings.Repeat("]", 950),
	} {
		t.Run(name, func(t *testing.T) {
			if d, ok := readDocument([]byte(body)); !ok || d.object {
				t.Errorf("%.40q was not taken for JSON that is no object", body)
			}
		})
	}
}

// FuzzReadDocument holds the scanner against the standard library.
func FuzzReadDocument(f *testing.F) {
	for _, seed := range []string{
		`{"model":"claude-2.1","stream":true,"messages":[{"role":"user","content":"a\n\"b\"\u00e9é"}]}`,
		`{"mo\u0064el":[1,2.5e-7,-0],"model":null}`, `[[],{},"",0,true]`, " 1 ", "{\"a\":NaN}", "\"\xff\"", `{"stream":0.0}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, ok := readDocument(body)
		if bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) > maxDepth {
			return
		}
		if want := json.Valid(body) && utf8.Valid(body); ok != want {
			t.Fatalf("valid: want %v, got %v", want, ok)
		}
		if !ok {
			return
		}
		var members map[string]json.RawMessage
		if json.Unmarshal(body, &members) != nil {
			members = nil
		}
		if !bytes.Equal(d.model, members["model"]) || !bytes.Equal(d.stream, members["stream"]) {
			t.Fatalf("want %s and %s, got %s and %s", members["model"], members["stream"], d.model, d.stream)
		}
		d.modelName()
		d.wantsStream()
	})
}

func BenchmarkReadDocument(b *testing.B) {
	code := strings.Repeat("    def total(self):\n        return self.price * self.quantity\n\n", 3072/64)
	body, err := json.Marshal(map[string]any{
		"model": "claude-3-5-sonnet-20240620", "max_tokens": 2048, "messages": []any{map[string]any{"role": "user", "content": code}},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		readDocument(body)
	}
}
