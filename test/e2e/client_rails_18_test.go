package e2e

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// rails18 is GitLab Rails 18.x on premises: no seat count, more headers, tokens with more in them (spec/clients.md 19).
var rails18 = client{
	header: newer(rails17.header, map[string]string{
		"X-Gitlab-Version": "18.5.2", "X-Gitlab-Is-Team-Member": "false", "X-Gitlab-Feature-Enablement-Type": "add_on",
		"X-Gitlab-Enabled-Instance-Verbose-Ai-Logs": "false", "X-Gitlab-Client-Type": "browser", "X-Gitlab-Client-Name": " ", "X-Gitlab-Client-Version": " ",
		"X-Gitlab-Interface": "duo_chat", "X-Gitlab-Model-Prompt-Cache-Enabled": "true",
	}),
	claims: map[string]any{
		"aud":                 []string{"gitlab-ai-gateway", "gitlab-duo-workflow-service"},
		"gitlab_instance_uid": instance, "extra": map[string]any{"skip_usage_cutoff": false},
	},
}

// newer are the headers of a later release: those of an older one and more, without the seat count.
func newer(header, more map[string]string) map[string]string {
	all := maps.Clone(header)
	delete(all, "X-Gitlab-Duo-Seat-Count")
	maps.Copy(all, more)
	return all
}

// laterTurn is a question as GitLab sends it from 17.10 on, with what comes behind it.
func laterTurn(question body, behind ...body) body {
	messages := append([]body{body{"role": "user", "content": "What is #12 about?", "current_file": nil, "additional_context": []body{}}.with(question)}, behind...)
	return body{"messages": messages, "model_metadata": nil, "unavailable_resources": []string{"Pipelines", "Vulnerabilities"}}
}

func TestGitLab18(t *testing.T) {
	rails18.calls(t, func(fakes *testkit.Fakes) []clientCall {
		chat := []string{"duo_chat", "ask_issue", "ask_work_item", "a_scope_of_the_future"}
		code := []string{"complete_code", "generate_code", "agent_quick_actions"}
		const ndjson, answered = "application/x-ndjson", `\{"type": "final_answer_delta", "data": \{"text": "ok"\}\}\n`
		ok := testkit.Script{Chunks: []string{" I know.\nFinal Answer: ok"}}
		step := body{"thought": "I need it.", "tool": "issue_reader", "tool_input": "#12"}
		const asText = `Action: issue_reader\\nAction Input: #12\\nObservation:`
		selfHosted := func(fields body) body {
			return body{"provider": "openai", "name": "mistral", "endpoint": fakes.URL + "/v1", "api_key": "local-token", "identifier": "custom_openai/own-7b"}.with(fields)
		}
		explain := func(metadata body) body {
			return body{"stream": true, "prompt_version": "^1.0.0", "inputs": body{
				"input": "explain", "selected_text": "puts 1", "language_info": "", "file_content": "", "libraries": []string{}, "suggestions": "",
			}, "model_metadata": metadata}
		}
		explainScopes := []string{"duo_chat", "explain_code"}
		return []clientCall{
			{
				name: "an issue with nothing but its title", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(body{"context": body{"type": "issue", "title": "Cart total is wrong"}}), asked: `Cart total is wrong`,
			},
			{
				name: "a work item", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(body{"context": body{"type": "work_item", "title": "Ship the cart", "iid": 4}}), asked: `Ship the cart`,
			},
			{
				name: "a build without anything", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(body{"context": body{"type": "build"}}), asked: `What is #12`,
			},
			{
				name: "a page with a null content and a title that is null, too", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(body{"context": map[string]any{"type": "commit", "content": nil, "title": nil}}), asked: `What is #12`,
			},
			{
				name: "steps in a message behind the question", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil, body{"role": "assistant", "agent_scratchpad": []body{{"action": step, "observation": "The cart"}}}), asked: asText + ` The cart`,
			},
			{
				name: "steps behind the question with a content of null", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil, map[string]any{"role": "assistant", "content": nil, "agent_scratchpad": []body{{"action": step, "observation": "The cart"}}}), asked: asText + ` The cart`,
			},
			{
				name: "steps behind the question with a blank content", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil, body{"role": "assistant", "content": "", "agent_scratchpad": []body{{"action": step, "observation": "The cart"}}}), asked: asText + ` The cart`,
			},
			{
				name: "steps behind the question, none in the options", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil, body{"role": "assistant", "agent_scratchpad": []map[string]any{{"action": step, "observation": nil}}}).with(body{
					"options": body{"agent_scratchpad": body{"agent_type": "react", "steps": []body{}}},
				}), asked: asText,
			},
			{
				name: "a step whose tool has not answered", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil, body{"role": "assistant", "agent_scratchpad": []body{{"action": step}}}), asked: asText,
			},
			{
				name: "steps in the question itself, which are none", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(body{"content": " ", "agent_scratchpad": []body{{"action": step, "observation": "old news"}}}), asked: `"role":"user"`,
			},
			{
				name: "an assistant that says nothing at all", path: agentPath, scopes: chat,
				json: laterTurn(nil, body{"role": "assistant", "agent_scratchpad": nil}), status: 422, answer: `\{"detail":\[\{"type":"missing","loc":\["body","messages",1,"content"\].*`,
			},
			{
				name: "no step yet", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil, body{"role": "assistant", "agent_scratchpad": []body{}}), asked: `What is #12`,
			},
			{
				name: "steps of turns that are over", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: body{"messages": []body{
					{"role": "user", "content": "hello"},
					{"role": "assistant", "content": "Hello!", "agent_scratchpad": []body{{"action": step, "observation": "old news"}}},
					{"role": "user", "content": "And #13?"},
				}}, asked: `^/v1/messages (?:[^o]|o[^l]|ol[^d]|old[^ ])*And #13`,
			},
			{
				name: "a null observation in the options", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: chatTurn().with(body{"options": body{"agent_scratchpad": body{"agent_type": "react", "steps": []map[string]any{
					{"thought": "I need it.", "tool": "issue_reader", "tool_input": "#12", "observation": nil},
				}}}}), asked: asText,
			},
			{
				name: "context of categories that came later, with and without permission", path: agentPath, kind: ndjson, answer: answered,
				scopes: append([]string{"include_terminal_context"}, chat...), model: ok,
				json: laterTurn(body{"additional_context": []body{
					{"id": "1", "category": "terminal", "content": "make: *** Error 2", "metadata": body{"icon": "t"}},
					{"id": "2", "category": "repository", "content": "no permission for this"},
					{"category": "something_new", "content": nil, "metadata": nil},
				}}), asked: `make: \*\*\* Error 2`,
			},
			{
				selfHosted: true, name: "a family without a definition of its own", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json: laterTurn(nil).with(body{"model_metadata": selfHosted(body{"name": "gemini"})}), asked: `^/v1/chat/completions .*"model":"own-7b"`,
			},
			{
				name: "GitLab's own model by metadata", path: agentPath, scopes: chat, model: ok, kind: ndjson, answer: answered,
				json:  laterTurn(nil).with(body{"model_metadata": body{"provider": "gitlab", "identifier": "claude_sonnet_4_20250514", "feature_setting": "duo_chat"}}),
				asked: `^/v1/messages `,
			},
			{
				selfHosted: true, name: "a tool of the chat, self-hosted by a general family", path: "/v1/prompts/chat%2Fexplain_code", scopes: explainScopes, kind: "text/event-stream",
				json: explain(selfHosted(body{"name": "general"})), model: testkit.Script{Text: "ok"}, answer: "ok", asked: `^/v1/chat/completions .*puts 1`,
			},
			{
				selfHosted: true, name: "a family that nobody knows", path: "/v1/prompts/chat/explain_code", scopes: explainScopes,
				json: explain(selfHosted(body{"name": "made_up"})), status: 404, answer: `\{"detail":"Prompt 'chat/explain_code' not found"\}`,
			},
			{
				selfHosted: true, name: "a long key and a long identifier", path: "/v1/prompts/chat/explain_code", scopes: explainScopes, kind: "text/event-stream",
				json:  explain(selfHosted(body{"api_key": strings.Repeat("k", 2000), "identifier": "custom_openai/" + strings.Repeat("m", 986)})),
				model: testkit.Script{Text: "ok"}, answer: "ok", asked: `"model":"m{986}"`,
			},
			{
				selfHosted: true, name: "a key that is longer still", path: "/v1/prompts/chat/explain_code", scopes: explainScopes,
				json:   explain(selfHosted(body{"api_key": strings.Repeat("k", 2001)})),
				status: 422, answer: `\{"detail":\[\{"type":"string_too_long","loc":\["body","model_metadata","api_key"\],"msg":"String should have at most 2000 characters","input":"\*+".*`,
			},
			{
				name: "versions that this gateway does not have", path: "/v1/prompts/summarize_new_merge_request", scopes: []string{"summarize_new_merge_request"},
				json:  body{"inputs": body{"extracted_diff": "+Hello"}, "prompt_version": "^2.0.0"},
				model: testkit.Script{Text: "ok"}, answer: `"ok"`, asked: `\+Hello`,
			},
			{
				name: "no version", path: "/v1/prompts/summarize_new_merge_request", scopes: []string{"summarize_new_merge_request"},
				json:  map[string]any{"inputs": body{"extracted_diff": "+Hello"}, "prompt_version": nil},
				model: testkit.Script{Text: "ok"}, answer: `"ok"`, asked: `\+Hello`,
			},
			{
				name: "a prompt with what it cost", path: "/v2/prompts/generate_commit_message", scopes: []string{"generate_commit_message"},
				json: body{"inputs": body{"diff": "+puts 2"}, "prompt_version": "^1.0.0"}, model: testkit.Script{Text: "Print 2"},
				answer: `\{"content":"Print 2","usage":\{"[^"]+":\{"input_tokens":\d+,"output_tokens":\d+\}\}\}`, asked: `^/v1/messages .*puts 2`,
			},
			{
				name: "a prompt with what it cost, line by line", path: "/v2/prompts/generate_commit_message", scopes: []string{"generate_commit_message"},
				json:  body{"inputs": body{"diff": "+puts 2"}, "stream": true},
				model: testkit.Script{Chunks: []string{"Print ", "2"}}, kind: "text/event-stream",
				answer: `(\{"content":"[^"]*","usage":(null|\{.*?\})\}\n)*\{"content":"[^"]*","usage":\{"[^"]+":\{"input_tokens":\d+,"output_tokens":\d+\}\}\}\n`, asked: `puts 2`,
			},
			{
				selfHosted: true, name: "a self-hosted model beside the components", path: "/v4/code/suggestions", scopes: code, model: testkit.Script{Chunks: []string{"x = 1"}},
				json: components(body{"prompt_version": "^1.0.0"}, body{"model_metadata": selfHosted(nil)}), kind: "text/event-stream", answer: sse("agent", "x = 1"),
				asked: `^/v1/chat/completions .*"model":"own-7b"`,
			},
			{
				selfHosted: true, name: "the same without the name of a prompt", path: "/v3/code/completions", scopes: code, model: testkit.Script{Text: "x = 1"},
				json: components(body{"prompt_id": nil, "stream": false}, body{"model_metadata": selfHosted(nil)}), answer: `\{"choices":\[\{"text":"x = 1".*`,
				asked: `^/v1/chat/completions .*"model":"own-7b"`,
			},
			{
				selfHosted: true, name: "a completion of a self-hosted model beside the components", path: "/v3/code/completions", scopes: code, model: testkit.Script{Text: "return 1"},
				json: body{
					"prompt_components": []body{{"type": "code_editor_completion", "payload": body{
						"file_name": "a.py", "content_above_cursor": "def f():\n    ", "content_below_cursor": "\n",
					}}},
					"model_metadata": selfHosted(body{"name": "codestral", "identifier": ""}),
				},
				answer: `\{"choices":\[\{"text":"return 1".*"engine":"agent".*`, asked: `^/v1/completions .*def f`,
			},
			{
				selfHosted: true, name: "the same with context from an editor that is new enough", path: "/v3/code/completions", scopes: code,
				header: map[string]string{"X-Gitlab-Language-Server-Version": "8.40.0"}, model: testkit.Script{Text: "return 1"},
				json: body{
					"prompt_components": []body{
						{"type": "code_editor_completion", "payload": body{"file_name": "a.py", "content_above_cursor": "def f():\n    ", "content_below_cursor": "\n"}},
						{"type": "code_context", "payload": body{"type": "file", "name": "b.py", "content": "import the_context"}},
					},
					"model_metadata": selfHosted(body{"name": "codegemma", "identifier": nil}),
				},
				answer: `\{"choices":\[\{"text":"return 1".*`, asked: `^/v1/completions .*import the_context\\ndef f`,
			},
			{
				name: "GitLab's own model beside the components", path: "/v4/code/suggestions", scopes: code, model: testkit.Script{Chunks: []string{"x = 1"}},
				json: components(body{"prompt_version": "2.0.0"}, body{"model_metadata": body{"provider": "gitlab", "identifier": "", "feature_setting": "code_generations"}}),
				kind: "text/event-stream", answer: sse("agent", "x = 1"), asked: `^/v1/messages `,
			},
			{
				name: "a completion of GitLab's own model", path: "/v2/code/completions", scopes: code, model: testkit.Script{Text: "return net"},
				json:   editorCompletion().with(body{"model_provider": "gitlab", "model_name": ""}),
				answer: `.*"engine":"vertex-ai".*"text":"return net".*`, asked: `code-gecko@002:predict`,
			},
			{
				name: "a completion of a model of GitLab's that was chosen", path: "/v2/code/completions", scopes: code, model: testkit.Script{Text: "return net"},
				json:   editorCompletion().with(body{"model_provider": "gitlab", "model_name": "codestral_2508_and_a_name_that_is_longer_than_fifty_characters"}),
				answer: `.*"engine":"vertex-ai".*"text":"return net".*`, asked: `code-gecko@002:predict`,
			},
			{
				selfHosted: true, name: "a completion of a general family", path: "/v2/code/completions", scopes: code, model: testkit.Script{Text: "deploy(host)"},
				json:   completion(fakes).with(body{"model_name": "general"}),
				answer: `.*"text":"deploy\(host\)".*`, asked: `^/v1/completions .*for host in hosts`,
			},
			{
				selfHosted: true, name: "a generation of a general family", path: "/v2/code/generations", scopes: code, model: testkit.Script{Text: "x = 1"},
				json: generation(fakes).with(body{"model_name": "general"}), answer: `.*"text":"x = 1".*`, asked: `"model":"my-mistral"`,
			},
			{
				selfHosted: true, name: "a model on Vertex AI that is not known", path: "/v2/code/completions", scopes: code,
				json:   editorCompletion().with(body{"model_provider": "vertex-ai", "model_name": "codestral-2501"}),
				status: 422, answer: `\{"detail":\[.*codestral-2501.*`,
			},
		}
	})
}

func TestGitLab18SwitchesVerboseLogsOnByAHeader(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, settingsForClients(fakes, false))
	for value, asked := range map[string]string{"true": "to be seen", "false": "secret one", " ": "secret two"} {
		header := rails18.headers(t, fakes, clientCall{scopes: []string{"generate_commit_message"}})
		header["X-Gitlab-Enabled-Instance-Verbose-Ai-Logs"], header["X-Request-ID"] = value, asked
		got := gateway.Do(t, testkit.Request{Path: "/v1/prompts/generate_commit_message", Header: header, JSON: body{"inputs": body{"diff": "+puts " + asked}}})
		if got.Status != 200 {
			t.Fatalf("%q: %d %s", value, got.Status, got.Body)
		}
		gateway.WaitLogs(t, map[string]any{"logger": "api.access", "correlation_id": asked})
	}
	if entries := gateway.Logs(map[string]any{"correlation_id": "to be seen"}); !strings.Contains(fmt.Sprint(entries), "+puts to be seen") {
		t.Errorf("the header switches no logs on: %v", entries)
	}
	for _, secret := range []string{"+puts secret one", "+puts secret two"} {
		if strings.Contains(fmt.Sprint(gateway.Logs(nil)), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
