package asciijson

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarshal(t *testing.T) {
	for _, tc := range []struct {
		name            string
		value           any
		spaced, compact string
	}{
		{"a blank behind each comma and colon", map[string]any{"a": 1, "b": []int{1, 2}}, `{"a": 1, "b": [1, 2]}`, `{"a":1,"b":[1,2]}`},
		{"none inside texts", "a:b,c\"d:e\\", `"a:b,c\"d:e\\"`, `"a:b,c\"d:e\\"`},
		{"nothing but ASCII", "é日🎉\u007f\n\t", `"\u00e9\u65e5\ud83c\udf89\u007f\n\t"`, `"\u00e9\u65e5\ud83c\udf89\u007f\n\t"`},
		{"nothing is escaped for HTML", "<&>", `"<&>"`, `"<&>"`},
		{"members in their order", Object{{"b", nil}, {"a", Object{}}}, `{"b": null, "a": {}}`, `{"b":null,"a":{}}`},
		{"numbers with their fraction", []any{Float(1), Float(0.2), Float(1e16), Float(0.00001), Float(math.Inf(1))}, `[1.0, 0.2, 1e+16, 1e-05, null]`, `[1.0,0.2,1e+16,1e-05,null]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			spaced, err := Marshal(tc.value)
			if err != nil || string(spaced) != tc.spaced {
				t.Errorf("want %s, got %s, %v", tc.spaced, spaced, err)
			}
			compact, err := MarshalCompact(tc.value)
			if err != nil || string(compact) != tc.compact {
				t.Errorf("compact: want %s, got %s, %v", tc.compact, compact, err)
			}
		})
	}
	if _, err := Marshal(Object{{"f", func() {}}}); err == nil {
		t.Error("a function was encoded")
	}
}

func FuzzMarshalKeepsTheValue(f *testing.F) {
	f.Add(`{"a": ["é🎉", "\\\"", {"b:": ", "}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		out, err := Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range out {
			if c >= 0x7f || c < ' ' {
				t.Fatalf("not printable ASCII: %q", out)
			}
		}
		var again, plain any
		expected, _ := json.Marshal(value)
		if err := json.Unmarshal(out, &again); err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		if err := json.Unmarshal(expected, &plain); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plain, again); diff != "" {
			t.Error(diff)
		}
	})
}
