package chat

import (
	"context"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// conversation is what the model is sent (spec/chat-agent.md 6, spec/prompts.md 2.3): the rules and tools, the turns of the conversation, and
// the beginning of the answer, which holds the steps taken so far and ends where the model shall think on.
func conversation(ctx context.Context, p *prompt.Prompt, req *Request, tools []*tool) ([]llm.Message, error) {
	if err := check(req.Messages); err != nil {
		return nil, err
	}
	c := turns{prompt: p, list: make([]llm.Message, 0, len(req.Messages)+2)}
	c.render(llm.System, map[string]any{"tools": toolInputs(tools), "unavailable_resources": resourceInputs(req.UnavailableResources)})
	for _, m := range req.Messages {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if m.Role == Assistant {
			c.list = append(c.list, llm.Message{Role: llm.Assistant, Content: m.Content})
		} else {
			c.render(llm.User, map[string]any{"message": messageInput(m)})
		}
	}
	c.render(llm.Assistant, map[string]any{"agent_scratchpad": stepInputs(req.Scratchpad)})
	return c.list, c.err
}

// check refuses what no prompt can be made of.
func check(messages []Message) error {
	for _, m := range messages {
		if m.Role == System {
			return invalid("Unsupported message: a conversation consists of messages of the user and the assistant")
		}
	}
	if len(messages) == 0 || messages[len(messages)-1].Role == Assistant {
		return invalid("Last message must be a human message")
	}
	return nil
}

// turns is a conversation that is being put together. After an error it stays as it is.
type turns struct {
	prompt *prompt.Prompt
	list   []llm.Message
	err    error
}

// render adds what the prompt's template for a role makes of inputs. A prompt need not have rules.
func (c *turns) render(role llm.Role, inputs map[string]any) {
	if c.err != nil {
		return
	}
	text, found, err := c.prompt.RenderPart(role, inputs)
	switch {
	case err != nil:
		c.err = err
	case found:
		c.list = append(c.list, llm.Message{Role: role, Content: text})
	case role == llm.User:
		c.err = invalid("The registered prompt '%s' has no template for messages of the user", c.prompt.Key())
	}
}

func toolInputs(tools []*tool) []any {
	list := make([]any, len(tools))
	for i, t := range tools {
		list[i] = map[string]any{"name": t.name, "description": t.description, "resource": t.resource, "example": t.example}
	}
	return list
}

// resourceInputs keeps null apart from an empty list: they print differently.
func resourceInputs(resources []string) any {
	if resources == nil {
		return nil
	}
	return resources
}

func messageInput(m Message) map[string]any {
	input := map[string]any{"content": m.Content, "context": nil, "current_file": nil, "additional_context": nil}
	if m.Page != nil {
		input["context"] = map[string]any{"type": m.Page.Type, "content": m.Page.Content}
	}
	if m.File != nil {
		input["current_file"] = map[string]any{"file_path": m.File.Path, "data": m.File.Data, "selected_code": m.File.Selected}
	}
	if m.Items != nil {
		items := make([]any, len(m.Items))
		for i, item := range m.Items {
			items[i] = map[string]any{"id": nullable(item.ID), "category": item.Category, "content": nullable(item.Content)}
		}
		input["additional_context"] = items
	}
	return input
}

func nullable(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

// stepInputs undoes the escapes that models put into names and thoughts, as in their answers.
func stepInputs(steps []Step) []any {
	list := make([]any, len(steps))
	for i, s := range steps {
		list[i] = map[string]any{
			"action":      map[string]any{"thought": unescape(s.Thought), "tool": unescape(s.Tool), "tool_input": s.ToolInput},
			"observation": s.Observation,
		}
	}
	return list
}

// unescape undoes a habit of models that are used to Markdown.
func unescape(s string) string { return strings.ReplaceAll(s, `\_`, "_") }
