package openai

// dialect is how a provider differs from OpenAI's interface (spec/models-and-providers.md 9.7).
type dialect struct {
	text      bool // POST /completions, with a prompt instead of messages
	azure     bool // the path names the model, the key has a header of its own
	noN       bool // "n" is not sent
	dropFalse bool // "stream" is not sent when it is false
	once      bool // a failed call is not repeated
	direct    bool // see [Direct]
}

// dialects are the OpenAI-compatible providers.
var dialects = map[string]dialect{
	Direct:                   {direct: true},
	"text-completion-openai": {text: true},
	"azure":                  {azure: true},
	"mistral":                {noN: true, dropFalse: true},
	"codestral":              {noN: true, dropFalse: true},
	"perplexity":             {noN: true, dropFalse: true},
	"groq":                   {once: true},

	"ai21_chat":     {},
	"anyscale":      {},
	"azure_ai":      {},
	"cerebras":      {},
	"custom_openai": {},
	"deepinfra":     {},
	"deepseek":      {},
	"empower":       {},
	"fireworks_ai":  {},
	"friendliai":    {},
	"galadriel":     {},
	"github":        {},
	"hosted_vllm":   {},
	"litellm_proxy": {},
	"lm_studio":     {},
	"nvidia_nim":    {},
	"openai":        {},
	"sambanova":     {},
	"together_ai":   {},
	"volcengine":    {},
	"xai":           {},
	"xinference":    {},
}
