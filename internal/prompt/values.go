package prompt

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// valuesOf gives inputs to templates: JSON as encoding/json decodes it, numbers as float64 or [json.Number], and whatever else Go code
// puts among it.
func valuesOf(inputs map[string]any) map[string]value.Value {
	values := make(map[string]value.Value, len(inputs))
	for name, input := range inputs {
		values[name] = valueOf(input)
	}
	return values
}

func valueOf(input any) value.Value {
	switch v := input.(type) {
	case string:
		return value.FromString(v)
	case float64:
		return value.FromFloat(v) // the engine's own conversion would make 1.0 an integer
	case json.Number:
		return numberValue(v)
	case []string:
		items := make([]value.Value, len(v))
		for i, item := range v {
			items[i] = value.FromString(item)
		}
		return value.FromSlice(items)
	case []any:
		items := make([]value.Value, len(v))
		for i, item := range v {
			items[i] = valueOf(item)
		}
		return value.FromSlice(items)
	case map[string]any:
		return value.FromMap(valuesOf(v))
	default:
		return value.FromAny(input)
	}
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
