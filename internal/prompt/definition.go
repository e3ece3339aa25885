package prompt

import (
	"maps"
	"slices"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Definition is what one definition file says (spec/prompts.md 1.3). It is read only.
type Definition struct {
	Key            string // path of the file without ".yml": prompt id, slash, variant
	Name           string // display name, not unique
	Class          Class
	Model          string // name at the provider; also the one in metrics
	Params         ModelParams
	UnitPrimitives []string
	Call           CallParams

	// Required are the variables that inputs must have: those that the file itself uses, not those of its partials. Sorted.
	Required []string

	messages []message
	lines    map[string]int // of the file, by key: "model.params.temperature"
}

// Class is the kind of client that a definition is written for.
type Class string

// The classes: Anthropic's own API, or whatever provider the definition or the request names.
const (
	LiteLLM   Class = "litellm"
	Anthropic Class = "anthropic"
)

// timeout is that of calls whose definition says nothing else.
func (c Class) timeout() time.Duration {
	if c == Anthropic {
		return 60 * time.Second
	}
	return 600 * time.Second
}

// ModelParams are the parameters of a definition's model. Nil is left out of calls.
type ModelParams struct {
	Temperature    *float64
	TopP           *float64
	TopK           *int
	MaxTokens      *int
	MaxRetries     *int              // nil: the client's own
	CustomProvider string            // class litellm: key of the provider
	DefaultHeaders map[string]string // class anthropic: in place of the client's own
}

// CallParams are the parameters of a definition's calls.
type CallParams struct {
	Stop           []string       // nil is left out of calls, an empty list is sent
	Timeout        *time.Duration // nil: that of the class
	VertexLocation string         // region of Vertex AI; empty: the provider's own
}

// message is one entry of a definition's prompt_template.
type message struct {
	key      string // as the file spells the role
	line     int    // of the file, on which the text begins
	text     string
	role     llm.Role
	template template
}

// roles are the message roles by the keys of prompt_template (spec/prompts.md 1.6).
var roles = map[string]llm.Role{
	"system":    llm.System,
	"user":      llm.User,
	"human":     llm.User,
	"assistant": llm.Assistant,
	"ai":        llm.Assistant,
}

func (d *Definition) render(inputs map[string]any) ([]llm.Message, error) {
	if err := d.checkRequired(inputs); err != nil {
		return nil, err
	}
	values := valuesOf(inputs)
	messages := make([]llm.Message, len(d.messages))
	for i, m := range d.messages {
		content, err := m.template.render(values)
		if err != nil {
			return nil, &RenderError{Key: d.Key, Role: m.key, Err: err}
		}
		messages[i] = llm.Message{Role: m.role, Content: content}
	}
	return messages, nil
}

func (d *Definition) checkRequired(inputs map[string]any) error {
	var missing []string
	for _, name := range d.Required {
		if _, ok := inputs[name]; !ok {
			missing = append(missing, name)
		}
	}
	if missing == nil {
		return nil
	}
	return &MissingVariables{
		Key:      d.Key,
		Missing:  missing,
		Expected: slices.Clone(d.Required),
		Received: slices.Sorted(maps.Keys(inputs)),
	}
}
