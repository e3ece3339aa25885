package api

import (
	"fmt"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/asciijson"
	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/chat"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// chatEvent is a line of the answer (spec/http-api.md 21.3).
type chatEvent struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

type chatDelta struct {
	Text         string `json:"text"`
	FinishReason string `json:"finish_reason,omitempty"`
}

type chatAction struct {
	Tool      string `json:"tool"`
	ToolInput string `json:"tool_input"`
	Thought   string `json:"thought"`
}

type chatUnknown struct {
	Text string `json:"text"`
}

type chatError struct {
	Message   string `json:"message"`
	Retryable bool   `json:"retryable"`
}

// chatEventSchema describes a line in the OpenAPI document.
func chatEventSchema(schema.Components) schema.Object {
	types := []any{"final_answer_delta", "action", "unknown", "error"}
	return schema.NewObject(
		"type", "object",
		"properties", schema.NewObject(
			"type", schema.NewObject("type", "string", "enum", types),
			"data", schema.NewObject("type", "object", "description", "text; tool, tool_input and thought; text; message and retryable"),
		),
		"required", []any{"type", "data"},
	)
}

// writeChatEvents streams a reply, each event as soon as it happens. GitLab Rails takes an answer for whole only if the stream ends well, so it
// does, also after an error, which is an event of its own.
func (s *Server) writeChatEvents(w http.ResponseWriter, r *http.Request, reply *chat.Reply) error {
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	conn := http.NewResponseController(w)
	_ = conn.Flush() // the model may take its time
	for event := range reply.Events {
		s.noteChatEvent(r, event)
		written := newChatEvent(event)
		s.logChatEvent(r, written)
		line, err := asciijson.Marshal(written)
		if err != nil {
			return fmt.Errorf("encode a chat event: %w", err)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			panic(http.ErrAbortHandler) // the client left
		}
		if err := conn.Flush(); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	return nil
}

// noteChatEvent tells the access log which tool the model chose, and counts its use.
func (s *Server) noteChatEvent(r *http.Request, event chat.Event) {
	const key = "duo_chat.agent_tool_action"
	switch e := event.(type) {
	case chat.Action:
		observe.RecordFrom(r.Context()).Set(key, e.Tool)
		s.trackUse(r, events.ChatAgentToolChoice, auth.UnitPrimitive(e.UnitPrimitive))
	case chat.ToolNotAvailable:
		observe.RecordFrom(r.Context()).Set(key, e.Tool)
	}
}

func newChatEvent(event chat.Event) chatEvent {
	switch e := event.(type) {
	case chat.FinalAnswerDelta:
		return chatEvent{"final_answer_delta", chatDelta{Text: e.Text, FinishReason: e.FinishReason}}
	case chat.Action:
		return chatEvent{"action", chatAction{Tool: e.Tool, ToolInput: e.ToolInput, Thought: e.Thought}}
	case chat.Unknown:
		return chatEvent{"unknown", chatUnknown{Text: e.Text}}
	case chat.ToolNotAvailable:
		return chatEvent{"error", chatError{Message: "tool not available"}} // GitLab Rails knows these words
	case chat.Failure:
		return chatEvent{"error", chatError{Message: e.Message, Retryable: e.Retryable}}
	default:
		panic(fmt.Sprintf("chat event of type %T", event))
	}
}
