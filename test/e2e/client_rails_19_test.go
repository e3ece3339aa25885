package e2e

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// rails19 is GitLab Rails 19.x on premises: the classic chat has a permission of its own, and headers may hold the word null (spec/clients.md 19).
var rails19 = client{
	header: newer(rails18.header, map[string]string{
		"X-Gitlab-Version": "19.2.0", "X-Gitlab-Deployment-Type": "self-managed", "X-Gitlab-Namespace-Id": "null", "X-Gitlab-Root-Namespace-Id": "22",
		"X-Gitlab-Feature-Enabled-By-Namespace-Ids": "null", "X-Gitlab-Organization-Id": "1",
	}),
	claims: rails18.claims,
}

func TestGitLab19(t *testing.T) {
	rails19.calls(t, func(fakes *testkit.Fakes) []clientCall {
		classic := []string{"duo_classic_chat", "documentation_search", "ask_issue"}
		const ndjson, answered = "application/x-ndjson", `\{"type": "final_answer_delta", "data": \{"text": "ok"\}\}\n\{"type": "final_answer_delta", "data": \{"text": "", "finish_reason": "[a-z_]+"\}\}\n`
		ok := testkit.Script{Chunks: []string{" I know.\nFinal Answer: ok"}}
		return []clientCall{
			{
				name: "the classic chat, which wants to know why an answer ended", path: agentPath, scopes: classic, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil), asked: `^/v1/messages `,
			},
			{
				selfHosted: true, name: "the same, self-hosted", path: agentPath, scopes: classic, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil).with(body{"model_metadata": body{
					"provider": "openai", "name": "general", "endpoint": fakes.URL + "/v1", "api_key": nil, "identifier": "custom_openai/own-7b",
				}}),
				asked: `^/v1/chat/completions `,
			},
			{
				name: "neither permission of the chat", path: agentPath, scopes: []string{"ask_issue"}, json: laterTurn(nil),
				status: 403, answer: `\{"detail":"Unauthorized to access duo chat"\}`,
			},
			{
				name: "a tool call", path: agentPath, scopes: classic, kind: ndjson, json: laterTurn(nil),
				model:  testkit.Script{Text: " I need it.\nAction: issue_reader\nAction Input: #12"},
				answer: `\{"type": "action", "data": \{"tool": "issue_reader", "tool_input": "#12", "thought": "I need it\."\}\}\n`, asked: `#12`,
			},
			{
				name: "a tool of the chat", path: "/v1/prompts/chat/explain_code", scopes: []string{"duo_classic_chat", "explain_code"}, kind: "text/event-stream",
				json:  body{"stream": true, "prompt_version": "^1.0.0", "inputs": body{"input": "explain", "selected_text": "puts 1", "language_info": "", "file_content": ""}},
				model: testkit.Script{Text: "ok"}, answer: "ok", asked: `puts 1`,
			},
			{
				name: "a question's category", path: "/v1/prompts/categorize_question", scopes: []string{"duo_classic_chat"},
				json:  body{"inputs": body{"question": "How do I fork?", "previous_answer": nil}},
				model: testkit.Script{Text: `{"category": "Forks"}`}, answer: `"\{\\"category\\": \\"Forks\\"\}"`, asked: `How do I fork`,
			},
			{
				name: "the older form of the chat", path: "/v1/chat/agent", scopes: classic, kind: "text/event-stream",
				json: body{"stream": true, "prompt_components": []body{{
					"type": "prompt", "metadata": body{"source": "GitLab EE", "version": "19.2.0-pre"},
					"payload": body{"content": []body{{"role": "user", "content": "Say hi"}}, "provider": "anthropic", "model": "claude-3-5-sonnet-20240620"},
				}}},
				model: testkit.Script{Text: "hi"}, answer: "hi", asked: `^/v1/messages .*Say hi`,
			},
			{
				name: "the chat's permission on the proxy, under either name", path: "/v1/proxy/anthropic/v1/messages", scopes: classic,
				header: map[string]string{"X-Gitlab-Unit-Primitive": "duo_chat", "anthropic-version": "2023-06-01"},
				json:   body{"model": "claude-3-5-sonnet-20240620", "max_tokens": 9, "messages": []body{{"role": "user", "content": "x"}}},
				model:  testkit.Script{Text: "ok"}, answer: `\{.*"text":"ok".*`, asked: `^/v1/messages `,
			},
			{
				selfHosted: true, name: "a model on Bedrock, which needs no address", path: "/v1/prompts/model_configuration%2Fcheck", scopes: []string{"complete_code"},
				json: map[string]any{"inputs": body{}, "stream": false, "model_metadata": map[string]any{
					"provider": "openai", "name": "claude_3", "endpoint": nil, "api_key": nil, "identifier": "bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0",
				}},
				model:  testkit.Script{Body: `{"output":{"message":{"role":"assistant","content":[{"text":"ok"}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}`},
				answer: `"ok"`, asked: `^/bedrock/model/anthropic\.claude-3-5-sonnet`,
			},
			{
				selfHosted: true, name: "the same with an empty address", path: "/v1/prompts/model_configuration%2Fcheck", scopes: []string{"complete_code"},
				json: map[string]any{"inputs": body{}, "stream": false, "model_metadata": map[string]any{
					"provider": "openai", "name": "general", "endpoint": "", "api_key": "", "identifier": "bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0",
				}},
				model:  testkit.Script{Body: `{"output":{"message":{"role":"assistant","content":[{"text":"ok"}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}`},
				answer: `"ok"`, asked: `^/bedrock/model/anthropic\.claude-3-5-sonnet`,
			},
			{
				selfHosted: true, name: "a model on Vertex AI", path: "/v1/prompts/model_configuration%2Fcheck", scopes: []string{"complete_code"},
				json: body{"inputs": body{}, "model_metadata": body{
					"provider": "openai", "name": "claude_3", "identifier": "vertex_ai/claude-3-5-sonnet@20240620",
				}},
				model: testkit.Script{Text: "ok"}, answer: `"ok"`, asked: `claude-3-5-sonnet@20240620:(rawPredict|streamRawPredict) `,
			},
			{
				selfHosted: true, name: "a completion on Bedrock", path: "/v2/code/completions", scopes: []string{"complete_code"},
				json:   completion(fakes).with(body{"model_endpoint": nil, "model_name": "claude_3", "model_api_key": nil, "model_identifier": "bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0"}),
				model:  testkit.Script{Body: `{"output":{"message":{"role":"assistant","content":[{"text":"go()"}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}`},
				answer: `.*"text":"go\(\)".*`, asked: `^/bedrock/model/anthropic\.claude-3-5-sonnet`,
			},
			{
				selfHosted: true, name: "an address is needed elsewhere", path: "/v1/prompts/model_configuration%2Fcheck", scopes: []string{"complete_code"},
				json: map[string]any{"inputs": body{}, "model_metadata": map[string]any{
					"provider": "openai", "name": "general", "endpoint": nil, "identifier": "custom_openai/own-7b",
				}},
				status: 422, answer: `\{"detail":\[\{.*"loc":\["body","model_metadata","endpoint"\].*`,
			},
			{
				name: "empty metadata", path: "/v1/prompts/chat/explain_code", scopes: []string{"duo_classic_chat", "explain_code"}, kind: "text/event-stream",
				json:  map[string]any{"stream": true, "model_metadata": body{}, "inputs": body{"input": "explain", "selected_text": "puts 1", "language_info": "", "file_content": ""}},
				model: testkit.Script{Text: "ok"}, answer: "ok", asked: `^/v1/messages `,
			},
			{
				selfHosted: true, name: "a model server that asks to wait", path: "/v1/prompts/model_configuration%2Fcheck", scopes: []string{"complete_code"},
				json:  body{"inputs": body{}, "model_metadata": body{"provider": "openai", "name": "general", "endpoint": fakes.URL + "/v1", "identifier": "custom_openai/own-7b"}},
				model: testkit.Script{Status: 429, Body: `{}`, Headers: map[string]string{"Retry-After": "9", "X-Should-Retry": "false"}}, status: 421, wait: "9",
				answer: `\{"detail":"429: Too Many Requests"\}`, asked: `^/v1/chat/completions`,
			},
			{
				name: "a verification of Amazon Q", path: "/v1/amazon_q/oauth/application/verify", scopes: []string{"amazon_q_integration"},
				json: body{"role_arn": "arn:aws:iam::123456789012:role/q"}, status: 404, answer: `\{"detail":"Not Found"\}`,
			},
		}
	})
}
