package schema_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

func TestValuesOfGo(t *testing.T) {
	text, number := "x", 2
	var none *string
	object := schema.NewObject("b", 1, "a", []any{1.0, nil, true, false, "q\"\u2028\x01", "bad\xff"}, "b", schema.NewObject("c", &text))
	for _, tc := range []struct {
		in   any
		want string
	}{
		{object, `{"b":{"c":"x"},"a":[1.0,null,true,false,"q\"` + "\u2028" + `\u0001","bad�"]}`},
		{none, `null`},
		{&number, `2`},
		{[]string(nil), `[]`},
		{uint8(255), `255`},
		{float32(0.5), `0.5`},
		{math.NaN(), `null`},
		{math.Inf(-1), `null`},
		{json.Number("7"), `"7"`},
		{map[string]int{"b": 1, "a": 2}, `{"a":2,"b":1}`},
		{[2]bool{true}, `[true,false]`},
		{object.Value(), `{"b":{"c":"x"},"a":[1.0,null,true,false,"q\"` + "\u2028" + `\u0001","bad�"]}`},
		{schema.Object{}, `null`},
	} {
		v := schema.ValueOf(tc.in)
		if got := string(v.AppendJSON(nil)); got != tc.want {
			t.Errorf("%v became %s, want %s", tc.in, got, tc.want)
		}
		read, err := schema.Parse([]byte(tc.want))
		if err != nil || !read.Equal(v) && tc.want != "null" {
			t.Errorf("%s was read as %v, %v", tc.want, read.Plain(), err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a channel became a value")
		}
	}()
	schema.ValueOf(make(chan int))
}

func TestTheViewsOfAValue(t *testing.T) {
	v, err := schema.Parse([]byte(`{"n":null,"t":true,"i":-5,"big":12345678901234567890,"f":1.0,"s":"x","l":[1,2],"o":{"k":"v"}}`))
	if err != nil {
		t.Fatal(err)
	}
	o := v.Object()
	kinds := map[string]schema.Kind{}
	var keys []string
	for key, member := range o.All() {
		keys = append(keys, key)
		kinds[key] = member.Kind()
		if member.Kind() != schema.KindString && member.Text() != "" || member.Kind() != schema.KindBool && member.Bool() ||
			member.Kind() != schema.KindInt && member.Int() != 0 || member.Kind() < schema.KindArray && member.Len() != 0 {
			t.Errorf("%s answers as another kind", key)
		}
	}
	wantKinds := map[string]schema.Kind{
		"n": schema.KindNull, "t": schema.KindBool, "i": schema.KindInt, "big": schema.KindInt, "f": schema.KindFloat,
		"s": schema.KindString, "l": schema.KindArray, "o": schema.KindObject,
	}
	if diff := cmp.Diff(wantKinds, kinds); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"n", "t", "i", "big", "f", "s", "l", "o"}, keys); diff != "" {
		t.Error(diff)
	}
	huge, _ := new(big.Int).SetString("12345678901234567890", 10)
	want := map[string]any{
		"n": nil, "t": true, "i": int64(-5), "big": huge, "f": 1.0, "s": "x", "l": []any{int64(1), int64(2)}, "o": map[string]any{"k": "v"},
	}
	if diff := cmp.Diff(want, o.Plain(), cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 })); diff != "" {
		t.Error(diff)
	}
	if member, ok := o.Get("big"); !ok || member.Int() != math.MaxInt64 || member.Float() != 12345678901234567890 {
		t.Errorf("big is %d, %g", member.Int(), member.Float())
	}
	if _, ok := o.Get("x"); ok || o.Len() != 8 || v.Len() != 8 {
		t.Error("a key that is not there was found, or lengths are wrong")
	}
	if member, _ := o.Get("s"); !member.Object().IsZero() || o.IsZero() || member.Object().Len() != 0 {
		t.Error("text is an object")
	}
	one, _ := schema.Parse([]byte(`[1]`))
	if float, _ := schema.Parse([]byte(`[1.0]`)); one.Equal(float) {
		t.Error("1 and 1.0 are equal")
	}
	if marshaled, err := json.Marshal(map[string]any{"o": o, "v": one}); err != nil || !json.Valid(marshaled) {
		t.Errorf("%s, %v", marshaled, err)
	}
}
