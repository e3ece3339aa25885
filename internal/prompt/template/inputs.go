package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// Object is a JSON object whose keys keep their order, which shows when it is printed or iterated over. A map[string]any is sorted.
type Object []Member

// Member is a key of an [Object] and its value.
type Member struct {
	Key   string
	Value any
}

// Map forgets the order of the keys of the object itself; those of inner objects stay.
func (o Object) Map() map[string]any {
	m := make(map[string]any, len(o))
	for _, member := range o {
		m[member.Key] = member.Value
	}
	return m
}

// UnmarshalJSON implements json.Unmarshaler. Inner objects are Objects, numbers are [json.Number].
func (o *Object) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	decoded, err := decodeValue(decoder, 0)
	if err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more than one JSON value")
	}
	object, isObject := decoded.(Object)
	if !isObject {
		return errors.New("not a JSON object")
	}
	*o = object
	return nil
}

func decodeValue(decoder *json.Decoder, depth int) (any, error) {
	token, err := decoder.Token()
	switch {
	case err != nil:
		return nil, err
	case depth > maxValues:
		return nil, errors.New("the JSON value is too deep")
	case token == json.Delim('{'):
		return decodeObject(decoder, depth)
	case token == json.Delim('['):
		array := []any{}
		for decoder.More() {
			element, err := decodeValue(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			array = append(array, element)
		}
		_, err = decoder.Token()
		return array, err
	}
	return token, nil
}

// decodeObject reads an object behind its bracket. Of a repeated key the last value counts.
func decodeObject(decoder *json.Decoder, depth int) (any, error) {
	object, at := Object{}, map[string]int{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string) // the decoder allows nothing else
		element, err := decodeValue(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		if i, repeated := at[key]; repeated {
			object[i].Value = element
			continue
		}
		at[key] = len(object)
		object = append(object, Member{key, element})
	}
	_, err := decoder.Token()
	return object, err
}

// valueOf gives an input to templates. It panics with a failure for what is no data.
func valueOf(input any, depth int) value.Value {
	if depth > maxValues {
		fail("an input is too deep")
	}
	switch v := input.(type) {
	case nil:
		return value.None()
	case string:
		return value.FromString(v)
	case bool:
		return value.FromBool(v)
	case int:
		return value.FromInt(int64(v))
	case int64:
		return value.FromInt(v)
	case float64:
		return value.FromFloat(v)
	case json.Number:
		return numberValue(v)
	case *big.Int:
		return integer(v)
	case []any:
		items := make([]value.Value, len(v))
		for i, item := range v {
			items[i] = valueOf(item, depth+1)
		}
		return listOf(items...)
	case Object:
		d := &dict{entries: make([]entry, 0, len(v))}
		for _, member := range v {
			d.set(value.FromString(member.Key), valueOf(member.Value, depth+1))
		}
		return value.FromObject(d)
	default:
		return reflected(reflect.ValueOf(input), depth)
	}
}

// reflected converts lists and maps of other Go types.
func reflected(v reflect.Value, depth int) value.Value {
	switch v.Kind() {
	case reflect.Slice:
		items := make([]value.Value, v.Len())
		for i := range items {
			items[i] = valueOf(v.Index(i).Interface(), depth+1)
		}
		return listOf(items...)
	case reflect.Map:
		if v.Type().Key().Kind() != reflect.String {
			break
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		d := &dict{entries: make([]entry, 0, len(keys))}
		for _, key := range keys {
			d.set(value.FromString(key.String()), valueOf(v.MapIndex(key).Interface(), depth+1))
		}
		return value.FromObject(d)
	case reflect.Pointer:
		if v.IsNil() {
			return value.None()
		}
		return valueOf(v.Elem().Interface(), depth+1)
	case reflect.String:
		return value.FromString(v.String())
	case reflect.Int8, reflect.Int16, reflect.Int32:
		return value.FromInt(v.Int())
	}
	panic(failure{fmt.Errorf("an input is a %s, which is no data", v.Type())})
}

// maxDigits bounds integers that are read as such, because reading one takes more than linear time.
const maxDigits = 4300

// numberValue keeps integers exact.
func numberValue(n json.Number) value.Value {
	if i, err := n.Int64(); err == nil {
		return value.FromInt(i)
	}
	if len(n) <= maxDigits && !strings.ContainsAny(n.String(), ".eE") {
		if i, ok := new(big.Int).SetString(n.String(), 10); ok {
			return value.FromBigInt(i)
		}
	}
	f, err := n.Float64()
	if err != nil {
		return value.FromString(n.String())
	}
	return value.FromFloat(f)
}
