package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// chatAgentV2 serves POST /v2/chat/agent: one step of the ReAct agent (spec/http-api.md 21).
func (s *Server) chatAgentV2(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	body, err := chatAgentBody.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	record := observe.RecordFrom(r.Context())
	record.Set(observe.FeatureCategory, string(auth.CategoryDuoChat))
	if err := s.permitChat(r, body); err != nil {
		return err
	}
	s.logChatRequest(r, body)
	reply, err := s.ChatAgent.Ask(r.Context(), body.request(r))
	if err != nil {
		return err
	}
	record.Set("duo_chat.agent_available_tools", reply.Tools)
	return s.writeChatEvents(w, r, reply)
}

// contextCategories are those whose permission the contract demands. What is added to a question otherwise, by later versions of GitLab, is
// left out when the user may not use it.
var contextCategories = []string{"file", "snippet", "merge_request", "issue", "dependency", "local_git"}

// permitChat checks what the user needs in order to send a conversation (spec/http-api.md 21.2), and counts it.
func (s *Server) permitChat(r *http.Request, body *chatAgent) error {
	user := auth.UserFrom(r.Context())
	if !user.Can(auth.DuoChat) {
		return forbidden("Unauthorized to access duo chat")
	}
	s.trackUse(r, events.ChatAgentV2, auth.DuoChat)
	for _, m := range body.Messages {
		for _, item := range m.AdditionalContext {
			up := item.unitPrimitive()
			switch {
			case user.Can(up):
				s.trackUse(r, events.ChatAgentV2, up)
			case slices.Contains(contextCategories, item.Category):
				return forbidden(fmt.Sprintf("Unauthorized to access %s", up))
			}
		}
	}
	return nil
}

// unitPrimitive is the permission to add this to a question.
func (i *chatAgentItem) unitPrimitive() auth.UnitPrimitive {
	return auth.UnitPrimitive("include_" + i.Category + "_context")
}

var chatAgentOperation = operation{
	tag: "chat", summary: "Take one step of the chat agent",
	description: "The answer is a stream of events, one a line. A model that fails is one of them; GitLab Rails runs the tool that an action asks for, and asks again.",
	body:        chatAgentBody.OpenAPI, lines: chatEventSchema,
	refusals: []int{400, 401, 403, 408, 413, 422, 503},
}
