package codesuggestions

import (
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// Provider is a value of "model_provider" (spec/models-and-providers.md 2.1); "" leaves the choice to the gateway.
type Provider string

// The providers that a request may name, in the order of the contract's messages.
const (
	Anthropic Provider = "anthropic"
	VertexAI  Provider = "vertex-ai"
	LiteLLM   Provider = "litellm"
	Codestral Provider = "codestral"
	Fireworks Provider = "fireworks_ai"
)

// File is what the editor has open.
type File struct {
	Name           string  // path, white space around it removed
	Above, Below   string  // content around the cursor
	EditorLanguage *string // the editor's identifier of the language; nil when it sent none
}

// Target is the model that a request asks for.
type Target struct {
	Provider   Provider
	Model      string // "" when the request names none
	Server     llm.Server
	Identifier string // of a self-hosted model; "" for none

	// Metadata describes the self-hosted model of a registered prompt; nil leaves the prompt's own.
	Metadata *prompt.ModelMetadata
}

// RawPrompt is a prompt that the client made itself: a text or messages. It is nil when the client made none.
type RawPrompt struct {
	Text     string
	Messages []llm.Message // nil: Text counts
}

func (p *RawPrompt) empty() bool {
	return p == nil || (p.Text == "" && len(p.Messages) == 0)
}

// conversation is the prompt as messages: a text is what the user says.
func (p *RawPrompt) conversation() *RawPrompt {
	if p.Messages != nil {
		return p
	}
	return &RawPrompt{Messages: []llm.Message{{Role: llm.User, Content: p.Text}}}
}

// Caller is who asks: what the engine needs to know of a user.
type Caller struct {
	UserID string                          // GitLab's global user ID, "" when unknown
	Can    func(unitPrimitive string) bool // whether the caller holds a permission
	Track  func(TokenEvent)                // takes the token events of the request; nil when nobody is interested
}

// CompletionRequest asks for what comes at the cursor.
type CompletionRequest struct {
	File
	Target
	Caller
	PromptVersion int        // 1, 2 or 3
	Prompt        *RawPrompt // counts with version 3 and Anthropic only
	Context       []string   // content of other files and snippets, in the order of the request
	Advanced      bool       // the editor's language server is new enough for context with the default model
	Choices       int        // wanted suggestions; 0 or less is one
	MaxTokens     int        // limit of the answer of a hosted text model; 0: the pipeline's own (4.5)
	Components    bool       // the request came as components: a mock model then repeats the context first, and always
}

// Registered says whether the request is answered by a registered prompt, whose model metadata must then be valid (4.2).
func (r *CompletionRequest) Registered() bool {
	switch r.Provider {
	case LiteLLM, Codestral, Fireworks:
		return r.PromptVersion == 2 && r.Prompt.empty()
	default:
		return false
	}
}

// GenerationRequest asks for new code that follows an instruction.
type GenerationRequest struct {
	File
	Target
	Caller
	PromptVersion int        // 1, 2 or 3
	PromptID      string     // of a registered prompt; "" for none
	Prompt        *RawPrompt // sent as it is, or the instruction of a registered prompt
	Enhancer      map[string]any
}

// Registered says whether the request is answered by a registered prompt (4.3).
func (r *GenerationRequest) Registered() bool { return r.PromptID != "" }

// InvalidError is a request that no pipeline can answer. Detail says what to send instead.
type InvalidError struct{ Detail string }

func (e *InvalidError) Error() string { return e.Detail }

func invalid(format string, args ...any) error { return &InvalidError{fmt.Sprintf(format, args...)} }

// PermissionError is a caller who lacks a permission of a registered prompt.
type PermissionError struct{ PromptID string }

func (e *PermissionError) Error() string {
	return fmt.Sprintf("Unauthorized to access '%s'", e.PromptID)
}
