package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

const agentPath = "/v2/chat/agent"

// chatTurn is what GitLab Rails sends for a hosted model (spec/clients.md 9.1).
func chatTurn() body {
	return body{
		"messages":              []body{{"role": "user", "content": "What is #12 about?", "context": nil, "current_file": nil, "additional_context": []body{}}},
		"model_metadata":        nil,
		"unavailable_resources": []string{"Pipelines", "Vulnerabilities"},
		"options":               body{"agent_scratchpad": body{"agent_type": "react", "steps": []body{}}},
	}
}

// selfHostedTurn is the same for a self-hosted model.
func selfHostedTurn(fakes *testkit.Fakes) body {
	return chatTurn().with(body{"model_metadata": body{
		"provider": "openai", "name": "mistral", "endpoint": fakes.URL + "/v1", "api_key": "local-token", "identifier": "custom_openai/my-mistral",
	}})
}

func delta(text string) string {
	return `{"type": "final_answer_delta", "data": {"text": "` + text + `"}}` + "\n"
}

func TestAnAnswerOfTheChatAgentFlowsEventByEvent(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	for name, turn := range map[string]body{"hosted": chatTurn(), "self-hosted": selfHostedTurn(fakes)} {
		t.Run(name, func(t *testing.T) {
			step := make(chan struct{}, 1)
			fakes.Reset(testkit.Script{Chunks: []string{" I know.\nFinal Answer: It", " is", " the café"}, Step: step})
			step <- struct{}{} // a model sends its head with the first piece
			stream := gateway.Open(t, testkit.Request{Path: agentPath, JSON: turn})
			if stream.Status != 200 || stream.Header.Get("Content-Type") != "application/x-ndjson; charset=utf-8" {
				t.Fatalf("head: %d %v", stream.Status, stream.Header)
			}
			got := []string{stream.Next()} // each arrives before the model sends the next
			for range 2 {
				step <- struct{}{}
				got = append(got, stream.Next())
			}
			if rest, cut := stream.Rest(); rest != "" || cut {
				t.Errorf("want a clean end, got %q, cut %v", rest, cut)
			}
			if diff := cmp.Diff([]string{delta("It"), delta(" is"), delta(` the caf\u00e9`)}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheChatAgentAsksForATool(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, withTokens(fakes))
	token := headers(sign(t, fakes, testkit.Portal, claims(fakes, "duo_chat", "ask_issue", "ask_build")))
	token["X-Gitlab-Version"] = "17.4.0" // too old for the build reader

	for _, tc := range []struct{ name, tool, want string }{
		{
			"that the user has", "issue_reader",
			`{"type": "action", "data": {"tool": "issue_reader", "tool_input": "What is #12 about?", "thought": "I need it."}}` + "\n",
		},
		{"that its GitLab does not have", "build_reader", `{"type": "error", "data": {"message": "tool not available", "retryable": false}}` + "\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes.Reset(testkit.Script{Text: " I need it.\nAction: " + tc.tool + "\nAction Input: What is #12 about?"})
			got := gateway.Do(t, testkit.Request{Path: agentPath, Header: token, JSON: chatTurn()})
			if got.Status != 200 || got.Cut || string(got.Body) != tc.want {
				t.Errorf("want %s, got %d cut=%v %s", tc.want, got.Status, got.Cut, got.Body)
			}
			gateway.WaitLogs(t, map[string]any{
				"logger": "api.access", "path": agentPath, "status_code": 200, "meta.feature_category": "duo_chat",
				"duo_chat.agent_available_tools": []string{"issue_reader"}, "duo_chat.agent_tool_action": tc.tool,
			})
		})
	}
}

func TestWhatTheToolSaidReachesTheModel(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	step := body{"thought": "I need it.", "tool": "issue_reader", "tool_input": "#12"}
	later := chatTurn().with(body{"options": nil})
	later["messages"] = append(later["messages"].([]body), body{
		"role": "assistant", "agent_scratchpad": []body{{"action": step, "observation": "The cart"}},
	})
	for name, turn := range map[string]body{
		"in the options": chatTurn().with(body{"options": body{"agent_scratchpad": body{
			"agent_type": "react", "steps": []body{step.with(body{"observation": "The cart"})},
		}}}),
		"in the last message, as GitLab 17.10 sends it": later,
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Reset(testkit.Script{Text: " Now I know.\nFinal Answer: The cart."})
			got := gateway.Do(t, testkit.Request{Path: agentPath, JSON: turn})
			if got.Status != 200 || !strings.HasPrefix(string(got.Body), `{"type": "final_answer_delta"`) {
				t.Fatalf("want an answer, got %d %s", got.Status, got.Body)
			}
			var asked struct {
				Messages []struct{ Role, Content string }
			}
			fakes.WaitCalls(t, 1)[0].JSON(t, &asked)
			last := asked.Messages[len(asked.Messages)-1]
			steps := "Thought: I need it.\nAction: issue_reader\nAction Input: #12\nObservation: The cart"
			if last.Role != "assistant" || !strings.Contains(last.Content, steps) || !strings.HasSuffix(last.Content, "Thought:") {
				t.Errorf("want the step and a thought to go on, got %+v", last)
			}
		})
	}
}

func TestAFailingModelIsAnEventOfTheChatAgent(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	failure := func(words, retryable string) []string {
		return []string{`{"type": "error", "data": {"message": "`, words, `, "retryable": ` + retryable + "}}\n"}
	}
	noRetry := map[string]string{"X-Should-Retry": "false"}
	for _, tc := range []struct {
		name   string
		turn   body
		script testkit.Script
		want   []string // parts of the answer, from its start to its end
	}{
		{
			"overloaded: try again", chatTurn(),
			testkit.Script{Status: 529, Headers: noRetry, Body: `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`},
			failure("overloaded_error", "true"),
		},
		{
			"too much to read", chatTurn(),
			testkit.Script{Status: 400, Body: `{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 2 > 1"}}`},
			failure("prompt is too long: 2 > 1", "false"),
		},
		{"down", selfHostedTurn(fakes), testkit.Script{Status: 500, Headers: noRetry, Body: "boom"}, failure("boom", "false")},
		{"hangs up in the middle", selfHostedTurn(fakes), testkit.Script{Chunks: []string{"Final Answer: par", "tial", "!"}, CutAt: 2}, append([]string{delta("par") + delta("tial")}, failure("", "false")...)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes.Reset(tc.script)
			got := gateway.Do(t, testkit.Request{Path: agentPath, JSON: tc.turn})
			rest, found := string(got.Body), true
			for _, part := range tc.want {
				if _, rest, found = strings.Cut(rest, part); !found {
					break
				}
			}
			if got.Status != 200 || got.Cut || !found || rest != "" || !strings.HasPrefix(string(got.Body), tc.want[0]) {
				t.Errorf("want a clean end after %q, got %d cut=%v %s", tc.want, got.Status, got.Cut, got.Body)
			}
		})
	}
}

func TestTheChatAgentRefusesWhatTheClientDidWrong(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, withTokens(fakes))
	user := headers(sign(t, fakes, testkit.Portal, claims(fakes, "duo_chat")))
	stranger := headers(sign(t, fakes, testkit.Portal, claims(fakes, "complete_code")))
	turn := func(message body) body { return chatTurn().with(body{"messages": []body{message}}) }

	for _, tc := range []struct {
		name   string
		header map[string]string
		turn   body
		status int
		body   string
	}{
		{"no permission", stranger, chatTurn(), 403, `{"detail":"Unauthorized to access duo chat"}`},
		{
			"no permission for a context", user, turn(body{"role": "user", "content": "x", "additional_context": []body{{"category": "file"}}}), 403,
			`{"detail":"Unauthorized to access include_file_context"}`,
		},
		{"no content", stranger, turn(body{"role": "user"}), 422, `"loc":["body","messages",0,"content"]`},
		{"no question", user, chatTurn().with(body{"messages": []body{}}), 422, `{"detail":"Last message must be a human message"}`},
		{"a system message", user, turn(body{"role": "system", "content": "x"}), 422, `{"detail":"Unsupported message`},
		{
			"an unknown provider", user, chatTurn().with(body{"model_metadata": body{
				"provider": "acme", "name": "mistral", "endpoint": "http://model.test", "api_key": "sk-canary", "identifier": nil,
			}}), 422, `acme`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes.Reset(testkit.Script{Text: "canary"})
			got := gateway.Do(t, testkit.Request{Path: agentPath, Header: tc.header, JSON: tc.turn})
			if got.Status != tc.status || !strings.Contains(string(got.Body), tc.body) || strings.Contains(string(got.Body), "canary") {
				t.Errorf("want %d %s, got %d %s", tc.status, tc.body, got.Status, got.Body)
			}
		})
	}
}

func TestGitLab18LearnsWhyTheChatAgentStopped(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	for version, want := range map[string]string{
		"18.9.0":  delta("All."),
		"18.10.0": delta("All.") + `{"type": "final_answer_delta", "data": {"text": "", "finish_reason": "max_tokens"}}` + "\n",
	} {
		fakes.Reset(testkit.Script{Chunks: []string{"Final Answer: All."}, Finish: "max_tokens"})
		got := gateway.Do(t, testkit.Request{Path: agentPath, Header: map[string]string{"X-Gitlab-Version": version}, JSON: chatTurn()})
		if string(got.Body) != want {
			t.Errorf("%s: want %s, got %s", version, want, got.Body)
		}
	}
}

func TestAChatClientThatLeavesEndsTheModelCall(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	for name, turn := range map[string]body{"hosted": chatTurn(), "self-hosted": selfHostedTurn(fakes)} {
		t.Run(name, func(t *testing.T) {
			fakes.Reset(testkit.Script{Chunks: append([]string{"Final Answer: a"}, strings.Split(strings.Repeat(" b; c", 1000), ";")...), ChunkMS: 10})
			stream := gateway.Open(t, testkit.Request{Path: agentPath, JSON: turn})
			stream.Until(delta("a"))
			stream.Leave()
			fakes.WaitAborted(t, 0)
		})
	}
}

func TestAMockedChatAgentAnswersWithoutAnyServer(t *testing.T) {
	gateway := testkit.Gateway(t, map[string]string{"AIGW_AUTH__BYPASS_EXTERNAL": "true", "AIGW_MOCK_MODEL_RESPONSES": "true"})
	got := gateway.Do(t, testkit.Request{Path: agentPath, JSON: chatTurn()})
	if want := `{"type": "unknown", "data": {"text": "mock"}}` + "\n"; got.Status != 200 || string(got.Body) != want {
		t.Errorf("want %s, got %d %s", want, got.Status, got.Body)
	}
}
