package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// logged is what f has logged, without the envelope.
func logged(t *testing.T, content bool, f func(s *Server, r *http.Request)) (entries []map[string]any) {
	t.Helper()
	var out bytes.Buffer
	s := &Server{Dependencies: Dependencies{Log: observe.NewLogger(&out, observe.LogOptions{JSON: true, Level: -8, RequestContent: content})}}
	f(s, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil))
	for line := range bytes.Lines(out.Bytes()) {
		var entry map[string]any
		if err := json.Unmarshal(line, &entry); err != nil {
			t.Fatal(err)
		}
		for _, constant := range []string{"timestamp", "type", "stage"} {
			delete(entry, constant)
		}
		entries = append(entries, entry)
	}
	return entries
}

const chatQuestion = `{"messages":[{"role":"user","content":"größe?"}],
	"model_metadata":{"endpoint":"http://localhost/v1","name":"mistral","provider":"openai","api_key":"canary"}}`

func TestTheChatAgentLogsWhatItIsAskedWithoutTheKey(t *testing.T) {
	body, err := chatAgentBody.Decode([]byte(chatQuestion), "application/json")
	if err != nil {
		t.Fatal(err)
	}
	ask := func(s *Server, r *http.Request) { s.logChatRequest(r, body) }
	entries := logged(t, true, ask)
	if len(entries) != 2 {
		t.Fatalf("want two entries, got %v", entries)
	}
	for i, want := range []string{"chat: Request to V2 Chat Agent (ai_gateway.api.v2.chat.agent)", "gl_agent_remote_executor: Processed inputs (ai_gateway.chat.executor)"} {
		entry := entries[i]
		if got := entry["logger"].(string) + ": " + entry["message"].(string) + " (" + entry["source"].(string) + ")"; got != want {
			t.Errorf("want %s, got %s", want, got)
		}
		inputs, _ := entry["inputs"].(string)
		if !strings.Contains(inputs, "größe?") || !strings.Contains(inputs, `"api_key":"**********"`) || strings.Contains(inputs, "canary") || entry["api_key"] != nil {
			t.Errorf("inputs: %s", inputs)
		}
	}
	if entries := logged(t, false, ask); entries != nil {
		t.Errorf("without request logging: %v", entries)
	}
}

func TestTheChatAgentLogsItsEvents(t *testing.T) {
	say := func(s *Server, r *http.Request) {
		s.logChatEvent(r, chatEvent{"final_answer_delta", chatDelta{Text: "Hi"}})
	}
	want := []map[string]any{{
		"logger": "react", "level": "info", "message": "Response streaming", "source": "ai_gateway.chat.agents.react", "api_key": nil,
		"streamed_event": `{"type":"final_answer_delta","data":{"text":"Hi"}}`,
	}}
	if diff := cmp.Diff(want, logged(t, true, say)); diff != "" {
		t.Error(diff)
	}
	if entries := logged(t, false, say); entries != nil {
		t.Errorf("without request logging: %v", entries)
	}
}
