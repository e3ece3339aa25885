package chat

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// vector is an output of a model in pieces, and the events that it leads to.
type vector struct {
	Name   string   `json:"name"`
	Chunks []string `json:"chunks"`
	Tools  []string `json:"tools"` // of the user; none given: the usual ones
	Events []struct {
		Type string         `json:"type"`
		Data map[string]any `json:"data"`
	} `json:"events"`
}

// TestReActVectors runs the recorded outputs and events (spec/chat-agent.md 12).
func TestReActVectors(t *testing.T) {
	for _, v := range testkit.Vectors[vector](t, "react-") {
		t.Run(v.Name, func(t *testing.T) {
			var want []Event
			for _, e := range v.Events {
				want = append(want, recorded(t, e.Type, e.Data))
			}
			if diff := cmp.Diff(want, replies(v.Tools, streamOf(v.Chunks...)), ignoreUnitPrimitive); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// recorded is an event as vectors have it.
func recorded(t *testing.T, kind string, data map[string]any) Event {
	t.Helper()
	text := func(key string) string { s, _ := data[key].(string); return s }
	retryable, _ := data["retryable"].(bool)
	switch {
	case kind == "final_answer_delta":
		return FinalAnswerDelta{Text: text("text")}
	case kind == "action":
		return Action{Tool: text("tool"), ToolInput: text("tool_input"), Thought: text("thought")}
	case kind == "unknown":
		return Unknown{Text: text("text")}
	case kind == "error" && text("message") == "tool not available":
		return ToolNotAvailable{}
	case kind == "error":
		return Failure{Message: text("message"), Retryable: retryable}
	}
	t.Fatalf("unknown event %q", kind)
	return nil
}

// ignoreUnitPrimitive compares events as far as clients see them.
var ignoreUnitPrimitive = cmp.Options{
	cmp.Transformer("action", func(a Action) [3]string { return [3]string{a.Tool, a.ToolInput, a.Thought} }),
	cmp.Transformer("denied", func(ToolNotAvailable) string { return "tool not available" }),
}
