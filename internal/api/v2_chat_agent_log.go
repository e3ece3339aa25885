package api

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// What the chat agent was asked and says, for operators who want to read it (spec/observability.md 6).

func (s *Server) logChatRequest(r *http.Request, body *chatAgent) {
	if !observe.LogsContent(r.Context(), s.Log) {
		return
	}
	observe.RequestLog(r.Context(), s.Log, "chat", slog.LevelInfo, "Request to V2 Chat Agent",
		slog.String("source", "ai_gateway.api.v2.chat.agent"), slog.Any("inputs", body))
	observe.RequestLog(r.Context(), s.Log, "gl_agent_remote_executor", slog.LevelInfo, "Processed inputs",
		slog.String("source", "ai_gateway.chat.executor"), slog.Any("inputs", body))
}

func (s *Server) logChatEvent(r *http.Request, event chatEvent) {
	if !observe.LogsContent(r.Context(), s.Log) {
		return
	}
	text, err := json.Marshal(event)
	if err != nil {
		return // writing the event will fail, too, and say so
	}
	observe.RequestLog(r.Context(), s.Log, "react", slog.LevelInfo, "Response streaming",
		slog.String("source", "ai_gateway.chat.agents.react"), slog.String("streamed_event", string(text)))
}
