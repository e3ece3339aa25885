package schema_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// kinds has a field of every kind, all optional, so that a test can look at one at a time.
type kinds struct {
	String   *string           `json:"string"`
	Short    *string           `json:"short" schema:"strip,max=3"`
	One      *string           `json:"one" schema:"max=1"`
	Integer  *int64            `json:"integer"`
	Page     *int64            `json:"page" schema:"ge=1,le=20"`
	Number   *float64          `json:"number"`
	Share    *float64          `json:"share" schema:"ge=0,le=1"`
	Half     *float64          `json:"half" schema:"le=0.5"`
	Boolean  *bool             `json:"boolean"`
	Enum     *string           `json:"enum" schema:"enum=a|b|c"`
	Literal  *string           `json:"literal" schema:"literal=a|b"`
	Single   *string           `json:"single" schema:"literal=a"`
	Spelled  *string           `json:"spelled" schema:"literal=a|b" spelled:"Kind.A|Kind.B"`
	URL      *string           `json:"url" schema:"url,max=30"`
	List     []int64           `json:"list" schema:"optional,min=1,max=3" each:"ge=0"`
	Pair     []int64           `json:"pair" schema:"optional,min=2"`
	Map      map[string]string `json:"map" schema:"optional" keys:"max=3" each:"max=3"`
	Object   schema.Object     `json:"object" schema:"optional"`
	Any      schema.Value      `json:"any" schema:"optional"`
	Struct   *inner            `json:"struct"`
	IntTag   *intTagged        `json:"int_tag"`
	TextTag  *textTagged       `json:"text_tag"`
	Union    *union            `json:"union"`
	Checked  *string           `json:"checked"`
	Unbroken bool              `json:"unbroken" schema:"default=false"`
}

func (k *kinds) CheckField(key string) error {
	if key == "checked" {
		text := "nothing"
		if k.Checked != nil {
			text = *k.Checked
		}
		return fmt.Errorf("%s is wrong", text)
	}
	return nil
}

type inner struct {
	A string `json:"a"`
	B string `json:"b"`
}

type intTagged struct {
	schema.Tagged `tag:"version,int"`
	One           *caseOne `case:"1"`
	Two           *caseTwo `case:"2"`
}

type textTagged struct {
	schema.Tagged `tag:"type"`
	X             *caseX `case:"x"`
	Y             *caseY `case:"y" spelled:"Kind.Y"`
}

type (
	caseOne struct{ inner }
	caseTwo struct{ inner }
	caseX   struct{ inner }
	caseY   struct{ inner }
)

type union struct {
	schema.Union
	Text  *string `variant:"constrained-str" schema:"max=3"`
	Inner []inner `variant:"list[Inner]" schema:"min=1,max=2"`
}

var kindsBody = schema.MustCompile[kinds]()

// TestTheErrorsOfTheContract has a row for each row of spec/http-api.md 8.3 and 8.4, and those of 8.2 that are errors. want is "loc: type:
// msg: ctx" of each entry; a loc within the field begins with a dot, the field's own is left out.
func TestTheErrorsOfTheContract(t *testing.T) {
	const (
		integer     = "int_parsing: Input should be a valid integer, unable to parse string as an integer"
		boolType    = "bool_type: Input should be a valid boolean"
		boolParsing = "bool_parsing: Input should be a valid boolean, unable to interpret input"
		floating    = "float_parsing: Input should be a valid number, unable to parse string as a number"
		unicode     = "string_unicode: Input should be a valid string, unable to parse raw data as a unicode string"
		huge        = "int_parsing_size: Unable to parse input string as an integer, exceeded maximum size"
		object      = "model_attributes_type: Input should be a valid dictionary or object to extract fields from"
		urlParsing  = "url_parsing: Input should be a valid URL, "
	)
	for _, tc := range []struct {
		field, input string
		want         []string
	}{
		{"string", `1`, []string{"string_type: Input should be a valid string"}},
		{"string", `true`, []string{"string_type: Input should be a valid string"}},
		{"string", `"\ud800"`, []string{unicode}},
		{"short", `"abcd"`, []string{`string_too_long: String should have at most 3 characters: {"max_length":3}`}},
		{"short", `"éééé"`, []string{`string_too_long: String should have at most 3 characters: {"max_length":3}`}},
		{"short", `"\u200babc"`, []string{`string_too_long: String should have at most 3 characters: {"max_length":3}`}},
		{"one", `"ab"`, []string{`string_too_long: String should have at most 1 character: {"max_length":1}`}},

		{"integer", `[]`, []string{"int_type: Input should be a valid integer"}},
		{"integer", `{}`, []string{"int_type: Input should be a valid integer"}},
		{"integer", `1.5`, []string{"int_from_float: Input should be a valid integer, got a number with a fractional part"}},
		{"integer", `1e20`, []string{huge}},
		{"integer", `9.3e18`, []string{huge}},
		{"integer", quote(strings.Repeat("9", 4301)), []string{huge}},
		{"integer", `NaN`, []string{"finite_number: Input should be a finite number"}},
		{"integer", `1e999`, []string{"finite_number: Input should be a finite number"}},
		{"integer", `"1e2"`, []string{integer}},
		{"integer", `"1."`, []string{integer}},
		{"integer", `".0"`, []string{integer}},
		{"integer", `""`, []string{integer}},
		{"integer", `"1__0"`, []string{integer}},
		{"integer", `"_1"`, []string{integer}},
		{"integer", `"1_"`, []string{integer}},
		{"integer", `"-_1"`, []string{integer}},
		{"integer", `"1.0_0"`, []string{integer}},
		{"integer", `"1.5"`, []string{integer}},
		{"integer", `"- 1"`, []string{integer}},
		{"integer", `"+-1"`, []string{integer}},
		{"integer", `"0x1"`, []string{integer}},
		{"integer", `"\u0661"`, []string{integer}},
		{"integer", `"\ud800"`, []string{unicode}},
		{"page", `0`, []string{`greater_than_equal: Input should be greater than or equal to 1: {"ge":1}`}},
		{"page", `21`, []string{`less_than_equal: Input should be less than or equal to 20: {"le":20}`}},
		{"page", strings.Repeat("9", 30), []string{`less_than_equal: Input should be less than or equal to 20: {"le":20}`}},
		{"page", "-" + strings.Repeat("9", 30), []string{`greater_than_equal: Input should be greater than or equal to 1: {"ge":1}`}},
		{"page", `false`, []string{`greater_than_equal: Input should be greater than or equal to 1: {"ge":1}`}},

		{"number", `[]`, []string{"float_type: Input should be a valid number"}},
		{"number", "1" + strings.Repeat("0", 400), []string{"float_type: Input should be a valid number"}},
		{"number", `""`, []string{floating}},
		{"number", `"."`, []string{floating}},
		{"number", `"1__0"`, []string{floating}},
		{"number", `"0x1p-2"`, []string{floating}},
		{"number", `"1,0"`, []string{floating}},
		{"number", `"\ud800"`, []string{unicode}},
		{"share", `1.01`, []string{`less_than_equal: Input should be less than or equal to 1: {"le":1.0}`}},
		{"share", `-1`, []string{`greater_than_equal: Input should be greater than or equal to 0: {"ge":0.0}`}},
		{"share", `"nan"`, []string{`less_than_equal: Input should be less than or equal to 1: {"le":1.0}`}},
		{"share", `NaN`, []string{`less_than_equal: Input should be less than or equal to 1: {"le":1.0}`}},
		{"share", `"-inf"`, []string{`greater_than_equal: Input should be greater than or equal to 0: {"ge":0.0}`}},
		{"half", `1`, []string{`less_than_equal: Input should be less than or equal to 0.5: {"le":0.5}`}},

		{"boolean", `[]`, []string{boolType}},
		{"boolean", `{}`, []string{boolType}},
		{"boolean", `0.5`, []string{boolType}},
		{"boolean", `NaN`, []string{boolType}},
		{"boolean", `9223372036854775808`, []string{boolType}},
		{"boolean", `1e20`, []string{boolType}},
		{"boolean", `9223372036854775807`, []string{boolParsing}},
		{"boolean", `2`, []string{boolParsing}},
		{"boolean", `-1`, []string{boolParsing}},
		{"boolean", `2.0`, []string{boolParsing}},
		{"boolean", `" true"`, []string{boolParsing}},
		{"boolean", `""`, []string{boolParsing}},
		{"boolean", `"maybe"`, []string{boolParsing}},
		{"boolean", `"\ud800"`, []string{unicode}},

		{"enum", `"d"`, []string{`enum: Input should be 'a', 'b' or 'c': {"expected":"'a', 'b' or 'c'"}`}},
		{"enum", `1`, []string{`enum: Input should be 'a', 'b' or 'c': {"expected":"'a', 'b' or 'c'"}`}},
		{"literal", `"A"`, []string{`literal_error: Input should be 'a' or 'b': {"expected":"'a' or 'b'"}`}},
		{"single", `[]`, []string{`literal_error: Input should be 'a': {"expected":"'a'"}`}},
		{"spelled", `"c"`, []string{
			`literal_error: Input should be <Kind.A: 'a'> or <Kind.B: 'b'>: {"expected":"<Kind.A: 'a'> or <Kind.B: 'b'>"}`,
		}},

		{"url", `1`, []string{"url_type: URL input should be a string or URL"}},
		{"url", `"x"`, []string{urlParsing + `relative URL without a base: {"error":"relative URL without a base"}`}},
		{"url", `""`, []string{urlParsing + `input is empty: {"error":"input is empty"}`}},
		{"url", `"mailto:x"`, []string{urlParsing + `empty host: {"error":"empty host"}`}},
		{"url", `"http://h:x"`, []string{urlParsing + `invalid port number: {"error":"invalid port number"}`}},
		{"url", `"http://[1]"`, []string{urlParsing + `invalid IPv6 address: {"error":"invalid IPv6 address"}`}},
		{"url", `"http://a b"`, []string{urlParsing + `invalid domain character: {"error":"invalid domain character"}`}},
		{"url", `"http://h/ééééééééééé"`, []string{`url_too_long: URL should have at most 30 characters: {"max_length":30}`}},

		{"list", `{}`, []string{"list_type: Input should be a valid list"}},
		{"list", `"ab"`, []string{"list_type: Input should be a valid list"}},
		{"list", `[]`, []string{
			`too_short: List should have at least 1 item after validation, not 0: {"field_type":"List","min_length":1,"actual_length":0}`,
		}},
		{"list", `[1,2,"x",4]`, []string{
			`too_long: List should have at most 3 items after validation, not 4: {"field_type":"List","max_length":3,"actual_length":4}`,
		}},
		{"list", `[-1,1,"x"]`, []string{
			`.0: greater_than_equal: Input should be greater than or equal to 0: {"ge":0}`, ".2: " + integer,
		}},
		{"pair", `["x"]`, []string{".0: " + integer}},
		{"pair", `[1]`, []string{
			`too_short: List should have at least 2 items after validation, not 1: {"field_type":"List","min_length":2,"actual_length":1}`,
		}},
		{"map", `[]`, []string{"dict_type: Input should be a valid dictionary"}},
		{"map", `{"a":1,"abcd":"efgh","b":"b"}`, []string{
			".a: string_type: Input should be a valid string",
			`.abcd.[key]: string_too_long: String should have at most 3 characters: {"max_length":3}`,
			`.abcd: string_too_long: String should have at most 3 characters: {"max_length":3}`,
		}},
		{"map", `{"\ud800":"b"}`, []string{".�.[key]: " + unicode}},
		{"object", `"{}"`, []string{"dict_type: Input should be a valid dictionary"}},
		{"struct", `[]`, []string{object}},
		{"struct", `"{}"`, []string{object}},
		{"struct", `{"b":1}`, []string{".a: missing: Field required", ".b: string_type: Input should be a valid string"}},

		{"int_tag", `[]`, []string{object}},
		{"int_tag", `{}`, []string{`union_tag_not_found: Unable to extract tag using discriminator 'version': {"discriminator":"'version'"}`}},
		{"int_tag", `{"version":1,"a":"x"}`, []string{".1.b: missing: Field required"}},
		{"int_tag", `{"version":true,"a":"x"}`, []string{".1.b: missing: Field required"}},
		{"int_tag", `{"version":2.0,"a":"x"}`, []string{".2.0.b: missing: Field required"}},
		{"int_tag", `{"version":2e0,"a":"x"}`, []string{".2.0.b: missing: Field required"}},
		{"int_tag", `{"version":4}`, []string{badTag("version", "4", "1, 2")}},
		{"int_tag", `{"version":"1"}`, []string{badTag("version", "1", "1, 2")}},
		{"int_tag", `{"version":null}`, []string{badTag("version", "None", "1, 2")}},
		{"int_tag", `{"version":false}`, []string{badTag("version", "False", "1, 2")}},
		{"int_tag", `{"version":[1]}`, []string{badTag("version", "[1]", "1, 2")}},
		{"int_tag", `{"version":{"a":1}}`, []string{badTag("version", "{'a': 1}", "1, 2")}},
		{"int_tag", `{"version":NaN}`, []string{badTag("version", "nan", "1, 2")}},
		{"int_tag", `{"version":1e16}`, []string{badTag("version", "1e+16", "1, 2")}},
		{"text_tag", `{"type":"x","b":"x"}`, []string{".x.a: missing: Field required"}},
		{"text_tag", `{"type":"it's"}`, []string{badTag("type", "it's", "'x', <Kind.Y: 'y'>")}},
		{"text_tag", `{"type":1}`, []string{badTag("type", "1", "'x', <Kind.Y: 'y'>")}},

		{"union", `5`, []string{
			".constrained-str: string_type: Input should be a valid string", ".list[Inner]: list_type: Input should be a valid list",
		}},
		{"union", `"abcd"`, []string{
			`.constrained-str: string_too_long: String should have at most 3 characters: {"max_length":3}`,
			".list[Inner]: list_type: Input should be a valid list",
		}},
		{"union", `[{"a":"x"},1]`, []string{
			".constrained-str: string_type: Input should be a valid string",
			".list[Inner].0.b: missing: Field required", ".list[Inner].1: " + object,
		}},
		{"checked", `"x"`, []string{`value_error: Value error, x is wrong: {"error":{}}`}},
		{"checked", `null`, []string{`value_error: Value error, nothing is wrong: {"error":{}}`}},
		{"checked", `1`, []string{"string_type: Input should be a valid string"}},
		{"unbroken", `null`, []string{boolType}},
	} {
		t.Run(tc.field+" from "+fmt.Sprintf("%.40s", tc.input), func(t *testing.T) {
			_, err := kindsBody.Decode(fmt.Appendf(nil, `{%q:%s}`, tc.field, tc.input), "")
			want := make([]string, len(tc.want))
			for i := range tc.want {
				want[i] = "body." + tc.field
				if !strings.HasPrefix(tc.want[i], ".") {
					want[i] += ": "
				}
				want[i] += tc.want[i]
			}
			if diff := cmp.Diff(want, lines(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func badTag(field, tag, expected string) string {
	return fmt.Sprintf("union_tag_invalid: Input tag '%[2]s' found using '%[1]s' does not match any of the expected tags: %[3]s: "+
		`{"discriminator":"'%[1]s'","tag":"%[2]s","expected_tags":"%[3]s"}`, field, tag, expected)
}

// lines are the entries of a validation error as "loc: type: msg: ctx".
func lines(t *testing.T, err error) []string {
	t.Helper()
	var invalid *schema.ValidationError
	if !errors.As(err, &invalid) {
		t.Fatalf("the error is %v, not a validation error", err)
	}
	var lines []string
	for _, e := range invalid.Entries {
		var loc []string
		for _, step := range e.Loc {
			loc = append(loc, fmt.Sprint(step))
		}
		line := strings.Join(loc, ".") + ": " + e.Type + ": " + e.Msg
		if !e.Ctx.IsZero() {
			line += ": " + string(e.Ctx.Value().AppendJSON(nil))
		}
		lines = append(lines, line)
	}
	return lines
}

// TestWhatIsAccepted has the values of spec/http-api.md 8.2 that pass for others.
func TestWhatIsAccepted(t *testing.T) {
	get := map[string]func(*kinds) any{
		"string":  func(k *kinds) any { return *k.String },
		"short":   func(k *kinds) any { return *k.Short },
		"integer": func(k *kinds) any { return *k.Integer },
		"number":  func(k *kinds) any { return *k.Number },
		"boolean": func(k *kinds) any { return *k.Boolean },
		"url":     func(k *kinds) any { return *k.URL },
		"list":    func(k *kinds) any { return k.List },
		"map":     func(k *kinds) any { return k.Map },
		"object":  func(k *kinds) any { return k.Object.Plain() },
		"any":     func(k *kinds) any { return k.Any.Plain() },
		"union":   func(k *kinds) any { return *k.Union },
		"int_tag": func(k *kinds) any { return k.IntTag.One.inner },
	}
	text := "abc"
	for _, tc := range []struct {
		field, input string
		want         any
	}{
		{"string", `"a\u00e9"`, "aé"},
		{"string", `""`, ""},
		{"short", `" \u00a0\tabc\u2003\u0085"`, "abc"},
		{"short", `"😀😀😀"`, "😀😀😀"},
		{"short", `"   "`, ""},
		{"integer", `12`, int64(12)},
		{"integer", `-0`, int64(0)},
		{"integer", `3.0`, int64(3)},
		{"integer", `1e2`, int64(100)},
		{"integer", `true`, int64(1)},
		{"integer", `false`, int64(0)},
		{"integer", `" 12 "`, int64(12)},
		{"integer", `"+1"`, int64(1)},
		{"integer", `"-1_000.00"`, int64(-1000)},
		{"integer", `"1.00"`, int64(1)},
		{"integer", `"007"`, int64(7)},
		{"integer", `"-0"`, int64(0)},
		{"integer", `"\u00a012\u2003"`, int64(12)},
		{"integer", `9223372036854775808`, int64(math.MaxInt64)},
		{"integer", `-99999999999999999999`, int64(math.MinInt64)},
		{"integer", `"99999999999999999999"`, int64(math.MaxInt64)},
		{"integer", quote("-" + strings.Repeat("9", 4300)), int64(math.MinInt64)},
		{"integer", quote(strings.Repeat("0", 5000) + "1"), int64(1)},
		{"number", `1`, 1.0},
		{"number", `true`, 1.0},
		{"number", `false`, 0.0},
		{"number", `" 1.5 "`, 1.5},
		{"number", `"1e5"`, 1e5},
		{"number", `".5"`, 0.5},
		{"number", `"5."`, 5.0},
		{"number", `"1_0.0_1"`, 10.01},
		{"number", `"inf"`, math.Inf(1)},
		{"number", `"-Infinity"`, math.Inf(-1)},
		{"number", `"NaN"`, math.NaN()},
		{"number", `"1e999"`, math.Inf(1)},
		{"number", `NaN`, math.NaN()},
		{"boolean", `true`, true},
		{"boolean", `0`, false},
		{"boolean", `1`, true},
		{"boolean", `-0.0`, false},
		{"boolean", `1.0`, true},
		{"boolean", `"TRUE"`, true},
		{"boolean", `"y"`, true},
		{"boolean", `"Yes"`, true},
		{"boolean", `"on"`, true},
		{"boolean", `"T"`, true},
		{"boolean", `"1"`, true},
		{"boolean", `"0"`, false},
		{"boolean", `"off"`, false},
		{"boolean", `"F"`, false},
		{"boolean", `"false"`, false},
		{"boolean", `"n"`, false},
		{"boolean", `"NO"`, false},
		{"url", `" HTTP://Host:80 "`, "http://host/"},
		{"list", `[1,"2",3.0]`, []int64{1, 2, 3}},
		{"map", `{"a":"b","":"","a":"c"}`, map[string]string{"a": "c", "": ""}},
		{"map", `{}`, map[string]string{}},
		{"object", `{"a":[1,1.0,null,{}],"b":"\ud800"}`, map[string]any{"a": []any{int64(1), 1.0, nil, map[string]any{}}, "b": "�"}},
		{"object", `{}`, map[string]any{}},
		{"object", `null`, map[string]any(nil)},
		{"any", `[true]`, []any{true}},
		{"any", `null`, nil},
		{"union", `"abc"`, union{Text: &text}},
		{"union", `[{"a":"x","b":"y"}]`, union{Inner: []inner{{"x", "y"}}}},
		{"int_tag", `{"version":1,"a":"x","b":"y"}`, inner{"x", "y"}},
		{"int_tag", `{"version":true,"a":"x","b":"y"}`, inner{"x", "y"}},
		{"int_tag", `{"version":1.0,"a":"x","b":"y"}`, inner{"x", "y"}},
	} {
		t.Run(tc.field+" from "+fmt.Sprintf("%.40s", tc.input), func(t *testing.T) {
			req, err := kindsBody.Decode(fmt.Appendf(nil, `{"unknown":{},%q:%s}`, tc.field, tc.input), "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, get[tc.field](req), cmpopts.EquateNaNs()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAbsentAndNull(t *testing.T) {
	type body struct {
		Optional *string       `json:"optional"`
		Nullable *string       `json:"nullable" schema:"required"`
		Choices  *int64        `json:"choices" schema:"default=3"`
		Stream   bool          `json:"stream" schema:"default=true,nullable"`
		Size     int64         `json:"size" schema:"default=4"`
		Name     string        `json:"name" schema:"default=\"it's, \\\"quoted\\\"\""`
		List     []string      `json:"list" schema:"default=[\"a, b\",\"c\"]"`
		Empty    []string      `json:"empty" schema:"default=[]"`
		Loose    []string      `json:"loose" schema:"optional,default=[\"x\"]"`
		None     []string      `json:"none" schema:"optional"`
		Object   schema.Object `json:"object" schema:"optional"`
	}
	compiled := schema.MustCompile[body]()
	three := int64(3)

	absent, err := compiled.Decode([]byte(`{"nullable":null}`), "")
	if err != nil {
		t.Fatal(err)
	}
	want := &body{
		Choices: &three, Stream: true, Size: 4, Name: `it's, "quoted"`, List: []string{"a, b", "c"}, Empty: []string{}, Loose: []string{"x"},
	}
	if diff := cmp.Diff(want, absent); diff != "" {
		t.Error("absent:", diff)
	}

	null, err := compiled.Decode([]byte(
		`{"optional":null,"nullable":null,"choices":null,"stream":null,"loose":null,"none":null,"object":null}`), "")
	if err != nil {
		t.Fatal(err)
	}
	want.Choices, want.Loose = nil, nil
	if diff := cmp.Diff(want, null); diff != "" {
		t.Error("null:", diff)
	}

	absent.List[0] = "changed" // a default is made anew for each body
	if again, _ := compiled.Decode([]byte(`{"nullable":null}`), ""); again.List[0] != "a, b" {
		t.Error("a default was changed")
	}

	_, err = compiled.Decode([]byte(`{"size":null,"name":null,"list":null,"empty":null}`), "")
	wantLines := []string{
		"body.nullable: missing: Field required",
		"body.size: int_type: Input should be a valid integer",
		"body.name: string_type: Input should be a valid string",
		"body.list: list_type: Input should be a valid list",
		"body.empty: list_type: Input should be a valid list",
	}
	if diff := cmp.Diff(wantLines, lines(t, err)); diff != "" {
		t.Error("refused null:", diff)
	}
}

// TestExamplesOfTheSpec has the exact answers of spec/http-api.md 8.5.
func TestExamplesOfTheSpec(t *testing.T) {
	const notAnObject = `"msg":"Input should be a valid dictionary or object to extract fields from"`
	for _, tc := range []struct{ name, path, body, contentType, want string }{
		{
			"empty body", "/v2/chat/agent", ``, "application/json",
			`[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]`,
		},
		{
			"null", "/v2/completions", ` null `, "",
			`[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]`,
		},
		{
			"empty body that is no JSON", "/v2/completions", ``, "text/plain",
			`[{"type":"missing","loc":["body"],"msg":"Field required","input":null}]`,
		},
		{
			"a list", "/v1/chat/agent", `[]`, "",
			`[{"type":"model_attributes_type","loc":["body"],` + notAnObject + `,"input":[]}]`,
		},
		{
			"a list for a tagged union", "/v2/completions", `[]`, "",
			`[{"type":"model_attributes_type","loc":["body"],` + notAnObject + `,"input":[]}]`,
		},
		{
			"text", "/v1/chat/agent", `{}`, "text/plain",
			`[{"type":"model_attributes_type","loc":["body"],` + notAnObject + `,"input":"{}"}]`,
		},
		{
			"no components", "/v1/chat/agent", `{"prompt_components":[]}`, "",
			`[{"type":"too_short","loc":["body","prompt_components"],"msg":"List should have at least 1 item after validation, not 0",` +
				`"input":[],"ctx":{"field_type":"List","min_length":1,"actual_length":0}}]`,
		},
		{
			"no tag", "/v2/code/completions", `{}`, "",
			`[{"type":"union_tag_not_found","loc":["body"],"msg":"Unable to extract tag using discriminator 'prompt_version'",` +
				`"input":{},"ctx":{"discriminator":"'prompt_version'"}}]`,
		},
		{
			"tag as text", "/v2/code/completions", `{"prompt_version":"1"}`, "",
			`[{"type":"union_tag_invalid","loc":["body"],"msg":"Input tag '1' found using 'prompt_version' does not match any of the expected ` +
				`tags: 1, 2, 3","input":{"prompt_version":"1"},"ctx":{"discriminator":"'prompt_version'","tag":"1","expected_tags":"1, 2, 3"}}]`,
		},
		{
			"model not for this provider", "/v2/code/completions", `{"prompt_version":2,"model_provider":"codestral","model_name":" dummy_model ",` +
				`"current_file":{"file_name":"a","content_above_cursor":"","content_below_cursor":""}}`, "",
			`[{"type":"value_error","loc":["body",2,"model_name"],"msg":"Value error, model dummy_model is not supported by use case code ` +
				`completions and provider codestral","input":" dummy_model ","ctx":{"error":{}}}]`,
		},
		{
			"missing parts", "/v1/chat/agent", `{"prompt_components":[{"type":"prompt","metadata":{"source":"gitlab-rails-sm"},` +
				`"payload":{"provider":"anthropic","model":"claude-2.0"}}]}`, "",
			`[{"type":"missing","loc":["body","prompt_components",0,"metadata","version"],"msg":"Field required",` +
				`"input":{"source":"gitlab-rails-sm"}},` +
				`{"type":"missing","loc":["body","prompt_components",0,"payload","content"],"msg":"Field required",` +
				`"input":{"provider":"anthropic","model":"claude-2.0"}}]`,
		},
		{
			"input as it was understood", "/v1/search/gitlab-docs",
			`{ "type": 1.50, "metadata": {"a":1e2,"b":"\u00e9\n","a":NaN}, "payload": [true, 1E400] }`, "",
			`[{"type":"string_type","loc":["body","type"],"msg":"Input should be a valid string","input":1.5},` +
				`{"type":"missing","loc":["body","metadata","source"],"msg":"Field required","input":{"a":null,"b":"é\n"}},` +
				`{"type":"missing","loc":["body","metadata","version"],"msg":"Field required","input":{"a":null,"b":"é\n"}},` +
				`{"type":"model_attributes_type","loc":["body","payload"],"msg":"Input should be a valid dictionary or object to extract fields ` +
				`from","input":[true,null]}]`,
		},
		{
			"the check is skipped where the provider is wrong", "/v2/completions", `{"prompt_version":1,"model_provider":"x","model_name":"y",` +
				`"current_file":{"file_name":"a","content_above_cursor":"","content_below_cursor":""}}`, "",
			`[{"type":"enum","loc":["body",1,"model_provider"],"msg":"Input should be 'anthropic', 'vertex-ai', 'litellm', 'codestral' or ` +
				`'fireworks_ai'","input":"x","ctx":{"expected":"'anthropic', 'vertex-ai', 'litellm', 'codestral' or 'fireworks_ai'"}}]`,
		},
		{
			"too much metadata", "/v1/x-ray/libraries", `{"prompt_components":[{` +
				`"payload":{"prompt":"p","provider":"anthropic","model":"claude-2.1"},"metadata":` +
				`{"1":"","2":"","3":"","4":"","5":"","6":"","7":"","8":"","9":"","10":"","11":""}}]}`, "",
			`[{"type":"value_error","loc":["body","prompt_components",0,"metadata"],"msg":"Value error, metadata cannot has more than 10 elements",` +
				`"input":{"1":"","2":"","3":"","4":"","5":"","6":"","7":"","8":"","9":"","10":"","11":""},"ctx":{"error":{}}}]`,
		},
		{
			"messages", "/v3/code/completions", `{"prompt_components":[{"type":"code_editor_completion","payload":{"file_name":"a",` +
				`"content_above_cursor":"","content_below_cursor":"","prompt":[{"role":"user"}]}}]}`, "",
			`[{"type":"string_type","loc":["body","prompt_components",0,"code_editor_completion","payload","prompt","str"],` +
				`"msg":"Input should be a valid string","input":[{"role":"user"}]},` +
				`{"type":"missing","loc":["body","prompt_components",0,"code_editor_completion","payload","prompt","list[Message]",0,"content"],` +
				`"msg":"Field required","input":{"role":"user"}}]`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := decodeFor(tc.path, []byte(tc.body), tc.contentType)
			if diff := cmp.Diff(`{"detail":`+tc.want+`}`, answer(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACompletionIsDecoded(t *testing.T) {
	req, err := completions.Decode([]byte(`{"prompt_version":3,"project_path":" group/app ","project_id":7,
		"current_file":{"file_name":"main.py","content_above_cursor":"def f(","content_below_cursor":"","language_identifier":"python"},
		"model_provider":"anthropic","model_name":"claude-2.1","stream":null,"choices_count":1,"telemetry":[],"intent":"completion",
		"context":[{"type":"file","name":"a.py","content":"x = 1"}],"prompt":[{"role":"user","content":"hi"}]}`), "application/json")
	if err != nil {
		t.Fatal(err)
	}
	path, id, language, provider, model, choices := "group/app", int64(7), "python", "anthropic", "claude-2.1", int64(1)
	want := &completionsRequest{V3: &completionV3{
		completionBody: completionBody{suggestionBody{
			ProjectPath: &path, ProjectID: &id, Provider: &provider, Model: &model, Choices: &choices, Telemetry: []telemetry{},
			File:    currentFile{FileName: "main.py", Language: &language, Above: "def f("},
			Context: []snippet{{"file", "a.py", "x = 1"}},
		}},
		Prompt: []message{{"user", "hi"}},
	}}
	if diff := cmp.Diff(want, req, cmp.AllowUnexported(completionBody{}, completionV3{})); diff != "" {
		t.Error(diff)
	}
}

func TestChecksInLiteralNotation(t *testing.T) {
	text := func(s string) *string { return &s }
	for _, tc := range []struct {
		name                        string
		model, endpoint, key, ident *string
		want                        string
	}{
		{
			"no endpoint", text("codestral"), nil, nil, nil,
			`[{'type': 'url_type', 'loc': ('endpoint',), 'msg': 'URL input should be a string or URL', 'input': None, ` +
				`'url': 'https://errors.pydantic.dev/2.10/v/url_type'}]`,
		},
		{
			"no host", text("codestral"), text("localhost:4000"), nil, nil,
			`[{'type': 'url_parsing', 'loc': ('endpoint',), 'msg': 'Input should be a valid URL, empty host', 'input': 'localhost:4000', ` +
				`'ctx': {'error': 'empty host'}, 'url': 'https://errors.pydantic.dev/2.10/v/url_parsing'}]`,
		},
		{
			"no name, and quotes", nil, text("it's \n\\ é\u200b\r\t\x7f\U000e0001"), nil, nil,
			`[{'type': 'string_type', 'loc': ('name',), 'msg': 'Input should be a valid string', 'input': None, ` +
				`'url': 'https://errors.pydantic.dev/2.10/v/string_type'}, ` +
				`{'type': 'url_parsing', 'loc': ('endpoint',), 'msg': 'Input should be a valid URL, relative URL without a base', ` +
				`'input': "it's \n\\ é\u200b\r\t\x7f\U000e0001", 'ctx': {'error': 'relative URL without a base'}, ` +
				`'url': 'https://errors.pydantic.dev/2.10/v/url_parsing'}]`,
		},
		{
			"a long key is not shown", text("m"), text("http://h"), text(strings.Repeat("k", 2001)), nil,
			`[{'type': 'string_too_long', 'loc': ('api_key',), 'msg': 'String should have at most 2000 characters', 'input': '**********', ` +
				`'ctx': {'max_length': 2000}, 'url': 'https://errors.pydantic.dev/2.10/v/string_too_long'}]`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := metadata.Check(schema.NewObject("name", tc.model, "provider", "custom_openai", "endpoint", tc.endpoint,
				"api_key", tc.key, "identifier", tc.ident).Value())
			var invalid *schema.ValidationError
			if !errors.As(err, &invalid) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, invalid.Literal()); diff != "" {
				t.Error(diff)
			}
		})
	}
	got, err := metadata.Check(schema.NewObject("name", "m", "provider", "p", "endpoint", "HTTP://H", "api_key", nil).Value())
	if err != nil || got.Endpoint != "http://h/" || got.APIKey != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := metadata.Check(schema.ValueOf([]any{true, 1.5, "a'\"b", map[string]int{"x": 1}})); err == nil || !strings.HasPrefix(
		err.(*schema.ValidationError).Literal(), `[{'type': 'model_attributes_type', 'loc': (), 'msg': `) || !strings.Contains(
		err.(*schema.ValidationError).Literal(), `'input': [True, 1.5, 'a\'"b', {'x': 1}]`) {
		t.Errorf("%v", err.(*schema.ValidationError).Literal())
	}
}

// parcel may be sent as a letter: without a weight.
type parcel struct {
	Kind   string `json:"kind"`
	Weight int64  `json:"weight"`
}

func (*parcel) Normalize(o schema.Object) schema.Object {
	if kind, _ := o.Get("kind"); kind.Text() == "letter" {
		return schema.NewObject("kind", "letter", "weight", 0)
	}
	return o
}

func TestANormalizerTakesWhatItDoesNotDescribe(t *testing.T) {
	body := schema.MustCompile[parcel]()
	got, err := body.Decode([]byte(`{"kind":"letter"}`), "")
	if err != nil || *got != (parcel{Kind: "letter"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = body.Decode([]byte(`{"kind":"box"}`), "")
	var wrong *schema.ValidationError
	if !errors.As(err, &wrong) || string(wrong.AppendJSON(nil)) != `{"detail":[{"type":"missing","loc":["body","weight"],"msg":"Field required","input":{"kind":"box"}}]}` {
		t.Errorf("what isn't normalized is checked: got %v", err)
	}
}
