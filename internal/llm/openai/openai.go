// Package openai asks models behind OpenAI's HTTP interface, which nearly every model server speaks: vLLM, Ollama, LiteLLM, llama.cpp,
// Groq, Mistral, Azure OpenAI and many more (spec/models-and-providers.md 9).
//
// [Provider] serves all of them. What tells them apart is one line of a table (dialects.go). The server and the key come with the
// request ([llm.Ref.Server]): these are the models that GitLab's customers host themselves.
package openai

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Direct is the provider key of models that use cases ask in their own words (spec/models-and-providers.md 9.2).
const Direct = "litellm"

// directModels are the names that the key [Direct] knows (2.2), with the words that end an answer (9.2).
var directModels = map[string][]string{
	"codegemma":     {"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"},
	"codellama":     {},
	"codestral":     {},
	"mistral":       {"</new_code>"},
	"mixtral":       {},
	"deepseekcoder": {},
	"claude_3":      {},
	"claude_3.5":    {},
	"gpt":           {},
	"qwen2p5-coder-7b": {
		"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>", "<|im_start|>", "<|im_end|>",
		"\n\n",
	},
}

// Options are the operator's settings.
type Options struct {
	HTTP            *wire.Client
	AllowServer     bool   // AIGW_CUSTOM_MODELS__ENABLED: the key [Direct] may name a server
	AzureAPIVersion string // AZURE_API_VERSION; empty: 2024-08-01-preview

	// Router serves the models that references with the key [Direct] and an identifier name. Nil: identifiers are refused.
	Router llm.Provider
}

// Provider serves the models of all OpenAI-compatible servers. [Keys] lists the keys to register it for.
//
// With the key [Direct], what a request leaves open has the values of 9.2: Temperature 0.2, MaxTokens 2048, TopP 0.95, Stop by the
// model's name, Timeout 30 s. With every other key it is left out of the call, and Timeout 0 stands for 600 s. TopK and Suffix are
// never sent.
type Provider struct {
	http         *wire.Client
	allowServer  bool
	azureVersion string
	router       llm.Provider
}

// New returns the provider.
func New(o Options) *Provider {
	p := &Provider{http: o.HTTP, allowServer: o.AllowServer, azureVersion: o.AzureAPIVersion, router: o.Router}
	if p.azureVersion == "" {
		p.azureVersion = "2024-08-01-preview"
	}
	return p
}

// Resolve implements [llm.Provider]. A reference without a server's URL is refused, and so is one that [Direct] must not serve.
func (p *Provider) Resolve(ref llm.Ref) (llm.Handle, error) {
	d, ok := dialects[ref.Provider]
	if !ok {
		return llm.Handle{}, &llm.Error{
			Kind: llm.NotConfigured, Vendor: ref.Provider, Err: fmt.Errorf("%q is no OpenAI-compatible provider", ref.Provider),
		}
	}
	if ref.Provider == Direct {
		if err := p.direct(ref); err != nil {
			return llm.Handle{}, err
		}
		if ref.Identifier != "" {
			return p.identified(ref)
		}
	}
	if ref.Server.URL == "" {
		return llm.Handle{}, refused(ref.Provider, "model_endpoint is missing: the URL of the model server")
	}
	m := model{
		provider: p,
		dialect:  d,
		vendor:   ref.Provider,
		name:     ref.Name,
		base:     strings.TrimRight(ref.Server.URL, "/"),
		key:      ref.Server.Key,
	}
	return llm.Handle{Model: &m, ID: id(ref), InputLimit: inputLimit(ref.Name)}, nil
}

// direct tells whether the key [Direct] may serve a reference.
func (p *Provider) direct(ref llm.Ref) error {
	switch {
	case !p.allowServer && ref.Server != llm.Server{}:
		return refused(Direct, "specifying custom models endpoint is disabled")
	case directModels[ref.Name] == nil:
		return refused(Direct, "no model found by the name '%s'", ref.Name)
	case ref.API == llm.Text:
		return refused(Direct, "%s is a chat model and completes no text", ref.Name)
	}
	return nil
}

// id is what responses and metrics call a model (spec/models-and-providers.md 4.4).
func id(ref llm.Ref) llm.ID {
	switch ref.Provider {
	case Direct:
		return llm.ID{Engine: Direct, Name: "custom_openai/" + ref.Name}
	case "codestral", "fireworks_ai":
		return llm.ID{Engine: ref.Provider, Name: ref.Provider + "/" + ref.Name}
	default:
		return llm.ID{Engine: Direct, Name: ref.Provider + "/" + ref.Name}
	}
}

// inputLimit is how many tokens a prompt may have (spec/models-and-providers.md 4.2).
func inputLimit(name string) int {
	switch name {
	case "codegemma":
		return 8192
	case "codellama":
		return 16384
	default:
		return 32768
	}
}

// Time-outs of calls that don't bring their own.
const (
	directPhase = 30 * time.Second
	phase       = 600 * time.Second
)

func refused(vendor, format string, args ...any) error {
	return &llm.Error{Kind: llm.Refused, Vendor: vendor, Err: fmt.Errorf(format, args...)}
}

// Keys are the router's names of the OpenAI-compatible providers (spec/models-and-providers.md 9.7). [Direct] is not among them: the
// router does not know it.
func Keys() []string {
	var keys []string
	for key := range dialects {
		if key != Direct {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
