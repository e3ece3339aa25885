package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ai-gateway/ai-gateway/internal/asciijson"
	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/chat"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// chatRequest is a request of a user with the given scopes.
func chatRequest(scopes ...string) *http.Request {
	ctx := auth.WithUser(context.Background(), &auth.User{Claims: &auth.Claims{Scopes: scopes}})
	return httptest.NewRequestWithContext(ctx, http.MethodPost, "/v2/chat/agent", nil)
}

func TestChatBodiesOfAllVersions(t *testing.T) {
	hi := []chat.Message{{Role: chat.User, Content: "hi"}}
	usual := []string{"Merge Requests, Pipelines, Vulnerabilities"}
	issue12 := []chat.Step{{Thought: "t", Tool: "issue_reader", ToolInput: "#12", Observation: "The cart"}}
	empty := ""
	for _, tc := range []struct {
		name, body string
		want       chat.Request
	}{
		{"the smallest", `{"messages":[{"role":"user","content":"hi"}]}`, chat.Request{Messages: hi, UnavailableResources: usual}},
		{
			"nulls", `{"messages":[{"role":"user","content":"hi","context":null,"current_file":null,"additional_context":null}],
				"options":null,"model_metadata":null,"unavailable_resources":null}`,
			chat.Request{Messages: hi},
		},
		{
			"everything", `{"messages":[{"role":"user","content":"hi","context":{"type":"issue","content":"c","title":5},
				"current_file":{"file_path":"a.py","data":"x","selected_code":"ON"},
				"additional_context":[{"category":"file","id":null,"content":"","metadata":{"a":1}}]}],
				"options":{"agent_scratchpad":{"agent_type":"react","steps":[{"thought":"t","tool":"issue_reader","tool_input":"#12","observation":"The cart"}]}},
				"model_metadata":{"provider":"openai","name":"mistral","endpoint":"http://m:8000/v1","api_key":"k","identifier":"custom_openai/m"},
				"unavailable_resources":["Pipelines"]}`,
			chat.Request{
				Messages: []chat.Message{{
					Role: chat.User, Content: "hi", Page: &chat.Page{Type: "issue", Content: "c"}, File: &chat.File{Path: "a.py", Data: "x", Selected: true},
					Items: []chat.ContextItem{{Category: "file", Content: &empty}},
				}},
				Scratchpad: issue12, UnavailableResources: []string{"Pipelines"},
				Model: &prompt.ModelMetadata{Name: "mistral", Provider: "openai", Endpoint: "http://m:8000/v1", APIKey: "k", Identifier: "custom_openai/m"},
			},
		},
		{
			"17.8: a step without an observation", `{"messages":[{"role":"user","content":"hi"}],"options":{"agent_scratchpad":{"agent_type":"react",
				"steps":[{"thought":"t","tool":"a","tool_input":"i","observation":null},{"thought":"t","tool":"b","tool_input":"i"}]}}}`,
			chat.Request{
				Messages: hi, UnavailableResources: usual,
				Scratchpad: []chat.Step{{Thought: "t", Tool: "a", ToolInput: "i"}, {Thought: "t", Tool: "b", ToolInput: "i"}},
			},
		},
		{
			"17.9: a page without content", `{"messages":[{"role":"user","content":"hi","context":{"type":"work_item","title":"Rename"}}]}`,
			chat.Request{Messages: []chat.Message{{Role: chat.User, Content: "hi", Page: &chat.Page{Type: "work_item", Content: "Rename"}}}, UnavailableResources: usual},
		},
		{
			"17.10: the steps in a last message", `{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"agent_scratchpad":[
				{"action":{"thought":"t","tool":"issue_reader","tool_input":"#12"},"observation":"The cart"}]}]}`,
			chat.Request{Messages: hi, Scratchpad: issue12, UnavailableResources: usual},
		},
		{
			"17.10: no steps yet", `{"messages":[{"role":"user","content":"hi"},{"role":"assistant","agent_scratchpad":[]}]}`,
			chat.Request{Messages: hi, UnavailableResources: usual},
		},
		{
			"17.10: steps of an answered turn count for nothing", `{"messages":[{"role":"assistant","content":"x","agent_scratchpad":[{"action":7}]},{"role":"user","content":"hi"}]}`,
			chat.Request{Messages: []chat.Message{{Role: chat.Assistant, Content: "x"}, hi[0]}, UnavailableResources: usual},
		},
		{
			"later: unknown categories, as far as the user may add them", `{"messages":[{"role":"user","content":"hi","additional_context":[
				{"category":"terminal","id":"1"},{"category":"spreadsheet","id":"2"}]}]}`,
			chat.Request{
				Messages:             []chat.Message{{Role: chat.User, Content: "hi", Items: []chat.ContextItem{{Category: "terminal", ID: ptr("1")}}}},
				UnavailableResources: usual,
			},
		},
		{
			"18.0: GitLab's default model", `{"messages":[{"role":"user","content":"hi"}],"model_metadata":{"provider":"gitlab","identifier":"","feature_setting":"duo_chat"}}`,
			chat.Request{Messages: hi, UnavailableResources: usual},
		},
		{"empty metadata", `{"messages":[{"role":"user","content":"hi"}],"model_metadata":{}}`, chat.Request{Messages: hi, UnavailableResources: usual}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body, err := chatAgentBody.Decode([]byte(tc.body), "application/json")
			if err != nil {
				t.Fatal(err)
			}
			got := body.request(chatRequest("duo_chat", "include_file_context", "include_terminal_context"))
			if diff := cmp.Diff(&tc.want, got, cmpopts.IgnoreFields(chat.Request{}, "Caller"), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

func TestChatBodiesThatAreRefused(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"content is missing", `{"messages":[{"role":"user"}]}`, "missing at body messages 0 content"},
		{"content is missing, although there are steps", `{"messages":[{"role":"user","agent_scratchpad":[]}]}`, "missing at body messages 0 content"},
		{"role is null", `{"messages":[{"role":null,"content":""}]}`, "string_type at body messages 0 role"},
		{"the steps are no list", `{"messages":[{"role":"assistant","agent_scratchpad":{}}]}`, "missing at body messages 0 content; list_type at body messages 0 agent_scratchpad"},
		{"a step is empty", `{"messages":[],"options":{"agent_scratchpad":{"agent_type":"react","steps":[{}]}}}`, "missing at body options agent_scratchpad react steps 0 observation"},
		{"metadata lacks a name", `{"messages":[],"model_metadata":{"provider":"openai","endpoint":"http://a"}}`, "missing at body model_metadata name"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := chatAgentBody.Decode([]byte(tc.body), "application/json")
			var wrong *schema.ValidationError
			if !errors.As(err, &wrong) || !strings.Contains(wrong.Error(), tc.want) {
				t.Errorf("want %q, got %v", tc.want, err)
			}
		})
	}
}

func TestWhoMayChat(t *testing.T) {
	with := func(categories ...string) *chatAgent {
		var m chatAgentMessage
		for _, category := range categories {
			m.AdditionalContext = append(m.AdditionalContext, chatAgentItem{Category: category})
		}
		return &chatAgent{Messages: []chatAgentMessage{{}, m}}
	}
	for _, tc := range []struct {
		name   string
		scopes []string
		body   *chatAgent
		want   string
	}{
		{"duo_chat suffices", []string{"duo_chat"}, with(), ""},
		{"so does its later name", []string{"duo_classic_chat"}, with(), ""},
		{"nothing else does", []string{"ask_issue"}, with(), "403: Unauthorized to access duo chat"},
		{"a context needs its permission", []string{"duo_chat"}, with("local_git"), "403: Unauthorized to access include_local_git_context"},
		{"each of them", []string{"duo_chat", "include_file_context"}, with("file", "issue", "snippet"), "403: Unauthorized to access include_issue_context"},
		{"all are fine", []string{"duo_chat", "include_file_context", "include_issue_context"}, with("file", "issue", "file"), ""},
		{"an unknown context is no reason to refuse", []string{"duo_chat"}, with("terminal"), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ""
			if err := new(Server).permitChat(chatRequest(tc.scopes...), tc.body); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("want %q, got %q", tc.want, got)
			}
		})
	}
}

// TestChatEventsAreWrittenToTheByte has the forms of spec/chat-agent.md 9.
func TestChatEventsAreWrittenToTheByte(t *testing.T) {
	for _, tc := range []struct {
		event chat.Event
		want  string
	}{
		{
			chat.FinalAnswerDelta{Text: "caf\u00e9 \"q\" \\ / <b>&amp;'\b\t\n\f\r\x00\x1f\u007f\u2028\U0001f600"},
			`{"type": "final_answer_delta", "data": {"text": "caf\u00e9 \"q\" \\ / <b>&amp;'\b\t\n\f\r\u0000\u001f\u007f\u2028\ud83d\ude00"}}`,
		},
		{chat.FinalAnswerDelta{}, `{"type": "final_answer_delta", "data": {"text": ""}}`},
		{chat.FinalAnswerDelta{FinishReason: "end_turn"}, `{"type": "final_answer_delta", "data": {"text": "", "finish_reason": "end_turn"}}`},
		{
			chat.Action{Tool: "issue_reader", ToolInput: "a: b, c", Thought: "", UnitPrimitive: "ask_issue"},
			`{"type": "action", "data": {"tool": "issue_reader", "tool_input": "a: b, c", "thought": ""}}`,
		},
		{chat.Unknown{Text: "t"}, `{"type": "unknown", "data": {"text": "t"}}`},
		{chat.ToolNotAvailable{Tool: "t"}, `{"type": "error", "data": {"message": "tool not available", "retryable": false}}`},
		{chat.Failure{Message: "overloaded_error", Retryable: true}, `{"type": "error", "data": {"message": "overloaded_error", "retryable": true}}`},
	} {
		got, err := asciijson.Marshal(newChatEvent(tc.event))
		if err != nil || string(got) != tc.want {
			t.Errorf("want\n%s, got\n%s (%v)", tc.want, got, err)
		}
	}
}

func BenchmarkChatEvent(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := asciijson.Marshal(newChatEvent(chat.FinalAnswerDelta{Text: " token"})); err != nil {
			b.Fatal(err)
		}
	}
}
