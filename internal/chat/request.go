package chat

import (
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// Request is a conversation, and what belongs to it.
type Request struct {
	// Messages end with the user's question. Messages of [System] are refused.
	Messages []Message
	// Scratchpad are the steps that were taken to answer the question.
	Scratchpad []Step
	// UnavailableResources are kinds of GitLab objects that no tool reads, for the prompt; nil is not the same as none.
	UnavailableResources []string
	// Model is a self-hosted model to ask; nil: the gateway's own choice.
	Model *prompt.ModelMetadata
	Caller
}

// Caller is who asks: what the agent needs to know of a user and its GitLab.
type Caller struct {
	Can           func(unitPrimitive string) bool // whether the user holds a permission
	FlagOn        func(featureFlag string) bool   // whether a feature flag is on for the request
	GitLabVersion string                          // as GitLab sent it; empty: unknown
	Debug         bool                            // authentication is bypassed: every tool, whatever the version
}

// Role says whose words a message is.
type Role string

// The roles.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is a turn of the conversation. Page, File and Items count for messages of the user only.
type Message struct {
	Role    Role
	Content string
	Page    *Page         // what the user is looking at; nil: nothing that is known
	File    *File         // the file that is open; nil: none
	Items   []ContextItem // what the user added; nil is not the same as none
}

// Page is a GitLab object that the user is looking at.
type Page struct {
	Type    string // "issue", "merge_request", …
	Content string
}

// File is a file that is open in the user's editor.
type File struct {
	Path     string
	Data     string
	Selected bool // Data is what the user selected of it
}

// ContextItem is something that the user added to a message.
type ContextItem struct {
	Category    string  // "file", "snippet", …
	ID, Content *string // nil: not given
}

// Step is a thought of the model, the tool that it asked for, and what came of it.
type Step struct {
	Thought     string
	Tool        string
	ToolInput   string
	Observation string
}

// InvalidError is a request that cannot be answered. Detail says why, and quotes no secret.
type InvalidError struct{ Detail string }

func (e *InvalidError) Error() string { return e.Detail }

func invalid(format string, args ...any) error { return &InvalidError{fmt.Sprintf(format, args...)} }
