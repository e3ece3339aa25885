package schema_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

func TestSyntaxErrorsNameTheCharacter(t *testing.T) {
	const (
		value    = "Expecting value"
		property = "Expecting property name enclosed in double quotes"
		colon    = "Expecting ':' delimiter"
		comma    = "Expecting ',' delimiter"
		extra    = "Extra data"
		endless  = "Unterminated string starting at"
		control  = "Invalid control character at"
		escape   = `Invalid \escape`
		unicode  = `Invalid \uXXXX escape`
	)
	for _, tc := range []struct {
		text   string
		reason string
		offset int
	}{
		{`nul`, value, 0},
		{`   `, value, 3},
		{`[1,]`, value, 3},
		{`{"a":`, value, 5},
		{`{"a":.5}`, value, 5},
		{`[`, value, 1},
		{`-`, value, 0},
		{`[-]`, value, 1},
		{`-a`, value, 0},
		{`+1`, value, 0},
		{`-Infinit`, value, 0},
		{`nan`, value, 0},
		{"\xEF\xBB\xBF", value, 0},
		{"\xEF\xBB\xBF\xEF\xBB\xBF1", value, 0},
		{"\v1", value, 0},
		{`True`, value, 0},
		{`]`, value, 0},
		{`{`, property, 1},
		{`{'a':1}`, property, 1},
		{`{"a":1,}`, property, 7},
		{`{"a":1,`, property, 7},
		{`{1:2}`, property, 1},
		{`{"a" 1}`, colon, 5},
		{`{"a"`, colon, 4},
		{`{"a";1}`, colon, 4},
		{`[1 2]`, comma, 3},
		{`{"a":1`, comma, 6},
		{`{"a":1]`, comma, 6},
		{`[1`, comma, 2},
		{`[1}`, comma, 2},
		{`{"a":01}`, comma, 6},
		{`{"a":1} x`, extra, 8},
		{`01`, extra, 1},
		{`1.`, extra, 1},
		{`1e`, extra, 1},
		{`1e+`, extra, 1},
		{`1.5.`, extra, 3},
		{`null1`, extra, 4},
		{`-Infinityx`, extra, 9},
		{"{}\x00", extra, 2},
		{`""""`, extra, 2},
		{`{"type":"abc`, endless, 8},
		{`"`, endless, 0},
		{`"\`, endless, 0},
		{`"a\"`, endless, 0},
		{`{"a`, endless, 1},
		{`["é", "é`, endless, 6},
		{"{\"a\":\"\n\"}", control, 6},
		{"\"\x00\"", control, 1},
		{"\"é\x1f\"", control, 2},
		{"\"0123456789\t\"", control, 11},
		{`{"a":"\x"}`, escape, 6},
		{`"é\é"`, escape, 2},
		{`"\n\U0041"`, escape, 3},
		{`{"a":"\u12g4"}`, unicode, 7},
		{`"\u12"`, unicode, 2},
		{`"\u1234`, unicode, 2},
		{`"\ud83d\u12g4"`, unicode, 8},
		{`"\ud83d\u`, unicode, 8},
		{`"é\u+123"`, unicode, 3},
		{`"\u 123"`, unicode, 2},
		{`["😀", x]`, value, 6},
		{`{"日本": tru}`, value, 7},
	} {
		t.Run(tc.text, func(t *testing.T) {
			_, err := search.Decode([]byte(tc.text), "")
			want := fmt.Sprintf(`{"detail":[{"type":"json_invalid","loc":["body",%d],"msg":"JSON decode error","input":{},"ctx":{"error":%s}}]}`,
				tc.offset, quote(tc.reason))
			if got := answer(t, err); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestTolerantJSON(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"the last of equal keys wins, at the place of the first", `{"a":1,"b":2,"a":{"c":3}}`, `{"a":{"c":3},"b":2}`},
		{"objects under equal keys are not merged", `{"a":{"b":1},"a":{"c":2}}`, `{"a":{"c":2}}`},
		{"a key given three times", `{"a":1,"a":2,"a":3,"b":0}`, `{"a":3,"b":0}`},
		{"keys are equal after their escapes", `{"\u0061":1,"a":2}`, `{"a":2}`},
		{"keys are case-sensitive", `{"a":1,"A":2}`, `{"a":1,"A":2}`},
		{"an empty key", `{"":1}`, `{"":1}`},
		{"numbers that JSON lacks", `[NaN,Infinity,-Infinity,1e999,-1e999]`, `[null,null,null,null,null]`},
		{"1 and 1.0 differ", `[1,1.0,1e0,-0,-0.0]`, `[1,1.0,1.0,0,-0.0]`},
		{
			"floats in their shortest form", `[1.10,1E5,1e15,1e16,0.0001,0.00001,123456789012345678.0,5e-324]`,
			`[1.1,100000.0,1000000000000000.0,1e+16,0.0001,1e-05,1.2345678901234568e+17,5e-324]`,
		},
		{"integers of any size", `[123456789012345678901234567890]`, `[123456789012345678901234567890]`},
		{"escapes", `"\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00\u0000"`, `"\"\\/\b\f\n\r\té€😀\u0000"`},
		{"half a surrogate pair", `["\ud800","\ude00x","\ud800\ud83d\ude00","\ud800\u0041"]`, `["�","�x","�😀","�A"]`},
		{"blanks", " [ 1 ,\t2\r\n] ", `[1,2]`},
		{"UTF-8 with byte order mark", "\xEF\xBB\xBF[1]", `[1]`},
		{"an encoded half of a surrogate pair", "[\"\xED\xA0\x80a\",\"\\n\xED\xB0\x80\"]", `["�a","\n�"]`},
		{"characters that need no escape", "\"\u007f\u2028<>&\"", "\"\u007f\u2028<>&\""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v, err := schema.Parse([]byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(v.AppendJSON(nil)); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestOtherEncodings(t *testing.T) {
	const text = `{"type":"é😀","metadata":{"source":"s","version":"1"},"payload":{"query":"q"}}`
	for _, tc := range []struct {
		name string
		raw  []byte
	}{
		{"UTF-16, little end first", encode(text, 2, binary.LittleEndian, false)},
		{"UTF-16, big end first", encode(text, 2, binary.BigEndian, false)},
		{"UTF-16 with byte order mark, little end first", encode(text, 2, binary.LittleEndian, true)},
		{"UTF-16 with byte order mark, big end first", encode(text, 2, binary.BigEndian, true)},
		{"UTF-32, little end first", encode(text, 4, binary.LittleEndian, false)},
		{"UTF-32, big end first", encode(text, 4, binary.BigEndian, false)},
		{"UTF-32 with byte order mark, little end first", encode(text, 4, binary.LittleEndian, true)},
		{"UTF-32 with byte order mark, big end first", encode(text, 4, binary.BigEndian, true)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			req, err := search.Decode(tc.raw, "application/json")
			if err != nil {
				t.Fatal(err)
			}
			if req.Type != "é😀" {
				t.Errorf("type is %q", req.Type)
			}
		})
	}
	if v, err := schema.Parse([]byte("1\x00")); err != nil || v.Int() != 1 {
		t.Errorf("one character of UTF-16 is %v, %v", v, err)
	}
	if _, err := schema.Parse(encode(`["😀" x`, 2, binary.LittleEndian, true)); !strings.Contains(answer(t, err), `["body",5]`) {
		t.Error("offsets in UTF-16 are not in characters:", answer(t, err))
	}
}

func encode(s string, unit int, order binary.AppendByteOrder, mark bool) []byte {
	if mark {
		s = "\uFEFF" + s
	}
	var raw []byte
	if unit == 4 {
		for _, r := range s {
			raw = order.AppendUint32(raw, uint32(r))
		}
		return raw
	}
	for _, u := range utf16.Encode([]rune(s)) {
		raw = order.AppendUint16(raw, u)
	}
	return raw
}

func TestUnreadableBodies(t *testing.T) {
	for _, tc := range []struct {
		name, body, contentType string
	}{
		{"bytes that are no UTF-8", "{\"a\":\"caf\xe9\"}", ""},
		{"bytes that are no UTF-8 behind a syntax error", "{x\xff", ""},
		{"a cut character", "\"\xe2\x82", ""},
		{"an overlong surrogate", "\"\xED\xA0\"", ""},
		{"half a unit of UTF-16", "\xFF\xFE1\x00\"", ""},
		{"no character of UTF-32", "\x00\x00\xFE\xFF\x00\x11\x00\x00", ""},
		{"an integer of 4301 digits", "[-1" + strings.Repeat("0", 4300) + "]", ""},
		{"951 levels", strings.Repeat("[", 951) + strings.Repeat("]", 951), ""},
		{"951 levels of objects", strings.Repeat(`{"a":`, 951), ""},
		{"a million levels", strings.Repeat("[", 1e6), ""},
		{"text that is no UTF-8", "\xff", "text/plain"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := search.Decode([]byte(tc.body), tc.contentType)
			var unreadable *schema.UnreadableError
			if !errors.As(err, &unreadable) {
				t.Fatalf("the error is %v", err)
			}
			if !strings.HasPrefix(err.Error(), "unreadable body: it") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestTheLastReadableBodies(t *testing.T) {
	deep := strings.Repeat(`{"a":[`, 475) + strings.Repeat("]}", 475)
	long := "[-" + strings.Repeat("9", 4300) + "]"
	for _, body := range []string{deep, long} {
		v, err := schema.Parse([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(v.AppendJSON(nil)); got != body {
			t.Errorf("%.20s… became %.20s…", body, got)
		}
	}
}

func TestContentTypes(t *testing.T) {
	for contentType, isJSON := range map[string]bool{
		"": true, "application/json": true, "Application/JSON; charset=utf-8": true, "application/problem+json": true,
		" application/vnd.api+JSON ;a=b": true,
		"text/plain":                     false, "text/json": false, "application/x-www-form-urlencoded": false, "application/jsonx": false,
		"application": false, "json": false, "application/json, text/plain": false, "application/a/json": false, "application/json/x": false,
		"; application/json": false,
	} {
		_, err := search.Decode([]byte(`{}`), contentType)
		asText := strings.HasSuffix(answer(t, err), `"input":"{}"}]}`)
		if asText == isJSON {
			t.Errorf("%q: %s", contentType, answer(t, err))
		}
	}
}

func TestManyKeys(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"k0":"first"`)
	for i := range 50_000 {
		fmt.Fprintf(&b, `,"k%d":%d`, i, i)
	}
	b.WriteString("}")
	v, err := schema.Parse([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if v.Len() != 50_000 {
		t.Errorf("%d keys", v.Len())
	}
	for key, first := range v.Object().All() {
		if key != "k0" || first.Int() != 0 {
			t.Errorf("the first is %s: %v", key, first.Plain())
		}
		break
	}
}

// FuzzParse compares with the standard library: what that takes, we take, and read the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5e3,"x\u00e9\ud83d\ude00\n"],"b":{"c":null,"a":true},"b":false}`, `"\ud800"`, `[NaN]`, "\xEF\xBB\xBF1", "1\x00",
		`{"a":1,"a":2,"b":3}`, `[[[]]]`, `-0.0e-1`, "\"\\u12", strings.Repeat(`{"a":`, 20),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		original := bytes.Clone(raw)
		got, err := schema.Parse(raw)
		if !bytes.Equal(raw, original) {
			t.Fatal("parsing changed the text")
		}
		var invalid *schema.ValidationError
		var unreadable *schema.UnreadableError
		if err != nil && !errors.As(err, &invalid) && !errors.As(err, &unreadable) {
			t.Fatalf("unexpected error %v", err)
		}
		if err == nil {
			if written := got.AppendJSON(nil); !json.Valid(written) || !utf8.Valid(written) {
				t.Fatalf("%q was written as %q", raw, written)
			}
		}
		var want any
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		if !utf8.Valid(raw) || !json.Valid(raw) || decoder.Decode(&want) != nil {
			return
		}
		if err != nil {
			if unreadable != nil {
				return // beyond our limits
			}
			t.Fatalf("%q is refused: %v", raw, err)
		}
		sameInteger := cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 })
		if diff := cmp.Diff(plain(want), got.Plain(), sameInteger); diff != "" {
			t.Fatalf("%q: %s", raw, diff)
		}
	})
}

// plain is what the standard library has read, with numbers as [schema.Value.Plain] gives them.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if strings.ContainsAny(string(v), ".eE") {
			f, _ := strconv.ParseFloat(string(v), 64)
			return f
		}
		if n, err := v.Int64(); err == nil {
			return n
		}
		n, _ := new(big.Int).SetString(string(v), 10)
		return n
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	}
	return v
}

// answer is the body of the answer to an invalid request.
func answer(t *testing.T, err error) string {
	t.Helper()
	var invalid *schema.ValidationError
	if !errors.As(err, &invalid) {
		t.Fatalf("the error is %v, not a validation error", err)
	}
	return string(invalid.AppendJSON(nil))
}

func quote(s string) string {
	quoted, _ := json.Marshal(s)
	return string(quoted)
}
