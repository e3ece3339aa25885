// Package mock has models that repeat what they are asked, so that an installation can be tried without a vendor
// (spec/models-and-providers.md 13).
//
// [Provider] serves every model name of every provider. A conversation goes to the chat mock, a text to the text mock:
//
//	echo: {"messages": [{"role": "user", "content": "Hi"}], "stream": false, "kwargs": {}}
//	echo: {"prefix": "def f(", "suffix": null, "stream": false, "kwargs": {"candidate_count": 2}}
//
// What stands in kwargs is for the caller to say ([llm.Request.Echo]). [Prompt] takes the place of the models behind prompt definitions; it
// says "mock".
package mock

import (
	"context"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/asciijson"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// inputLimit is how many tokens a mock takes.
const inputLimit = 2048

// Provider serves the two echoing models.
type Provider struct{}

// Resolve implements [llm.Provider]. It knows every name, and never fails.
func (Provider) Resolve(ref llm.Ref) (llm.Handle, error) {
	h := llm.Handle{
		Model:      echo(chat),
		ID:         llm.ID{Engine: "chat-model-provider-mocked", Name: "chat-model-mocked"},
		InputLimit: inputLimit,
	}
	if ref.API == llm.Text {
		h.Model = echo(text)
		h.ID = llm.ID{Engine: "llm-provider-mocked", Name: "llm-mocked"}
	}
	return h, nil
}

// echo is a model that answers with "echo: " and a JSON object of the request.
type echo func(llm.Request) []llm.Arg

// Generate implements [llm.Model].
func (e echo) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	members, err := asciijson.Marshal(echoed(e(req)))
	if err != nil {
		return nil, &llm.Error{Kind: llm.Refused, Vendor: "mock", Err: err}
	}
	answer := "echo: " + string(members)
	if !req.Stream {
		return llm.Of(llm.Chunk{Text: answer, Score: new(float64)}), nil
	}
	return words(ctx, answer), nil
}

// chat echoes a conversation. A text is echoed as the conversation that consists of it.
func chat(req llm.Request) []llm.Arg {
	messages := req.Messages
	if len(messages) == 0 {
		messages = []llm.Message{{Role: llm.User, Content: req.Prompt}}
	}
	return []llm.Arg{{Name: "messages", Value: messages}, {Name: "stream", Value: req.Stream}, {Name: "kwargs", Value: req.Echo}}
}

// text echoes what stands before and behind the cursor. A conversation is echoed in place of the text before it.
func text(req llm.Request) []llm.Arg {
	prefix, suffix := any(req.Prompt), any(nil)
	if len(req.Messages) > 0 {
		prefix = req.Messages
	}
	if req.Suffix != nil {
		suffix = *req.Suffix
	}
	return []llm.Arg{
		{Name: "prefix", Value: prefix},
		{Name: "suffix", Value: suffix},
		{Name: "stream", Value: req.Stream},
		{Name: "kwargs", Value: req.Echo},
	}
}

// words streams an answer word by word. Each blank is a chunk of its own, and between two blanks there is an empty one. There is no
// other white space: JSON has it escaped.
func words(ctx context.Context, answer string) llm.Stream {
	return func(yield func(llm.Chunk, error) bool) {
		for i, word := range strings.Split(answer, " ") {
			if err := ctx.Err(); err != nil {
				yield(llm.Chunk{}, err)
				return
			}
			if i > 0 && !yield(llm.Chunk{Text: " "}, nil) {
				return
			}
			if !yield(llm.Chunk{Text: word}, nil) {
				return
			}
		}
	}
}
