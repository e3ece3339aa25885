package prompt

import (
	"maps"
	"path"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt/template"
)

// Definition is what one definition file says (spec/prompts.md 1.3). It is read only.
type Definition struct {
	Key            string // prompt id, slash, variant: path of its file without ".yml"
	Version        string // as its file is called; "1.0.0" where that has none (spec/prompts.md 4.2)
	Name           string // display name, not unique
	Class          Class
	Model          string // name at the provider; also the one in metrics
	Params         ModelParams
	UnitPrimitives []string
	Call           CallParams

	// Required are the variables that inputs must have: those that the file itself uses, not those of its partials. Sorted.
	Required []string

	// Optional are further variables, which only partials use. Sorted.
	Optional []string

	messages []message
	path     string         // of the file, as errors have it
	root     *yaml.Node     // what the file says, after inheritance
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
	template *template.Template
}

// roles are the message roles by the keys of prompt_template (spec/prompts.md 1.6).
var roles = map[string]llm.Role{
	"system":    llm.System,
	"user":      llm.User,
	"human":     llm.User,
	"assistant": llm.Assistant,
	"ai":        llm.Assistant,
}

// isAgent reports whether the chat agent puts the messages together: by the folder of the definition (spec/prompts.md 1.12).
func (d *Definition) isAgent() bool {
	return path.Dir(d.Key) == "chat/react" || path.Dir(d.Key) == "chat/react/vertex"
}

func (d *Definition) render(inputs map[string]any) ([]llm.Message, error) {
	if err := d.checkRequired(inputs); err != nil {
		return nil, err
	}
	messages := make([]llm.Message, len(d.messages))
	for i, m := range d.messages {
		content, err := m.template.Render(inputs)
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
