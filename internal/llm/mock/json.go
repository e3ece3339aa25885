package mock

import (
	"github.com/ai-gateway/ai-gateway/internal/asciijson"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// echoed is a request's part as it goes into an echo. What JSON cannot hold is null: a mock must not fail over what it is given.
func echoed(value any) any {
	switch v := value.(type) {
	case float64:
		return asciijson.Float(v)
	case *float64:
		if v == nil {
			return nil
		}
		return asciijson.Float(*v)
	case []llm.Message:
		turns := make([]asciijson.Object, len(v))
		for i, m := range v {
			turns[i] = asciijson.Object{{Name: "role", Value: m.Role}, {Name: "content", Value: m.Content}}
		}
		return turns
	case []llm.Arg:
		members := make(asciijson.Object, len(v))
		for i, arg := range v {
			members[i] = asciijson.Member{Name: arg.Name, Value: echoed(arg.Value)}
		}
		return members
	}
	if _, err := asciijson.Marshal(value); err != nil {
		return nil
	}
	return value
}
