package e2e

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// rails17 is GitLab Rails 17.7 on premises (spec/clients.md 2).
var rails17 = client{header: map[string]string{
	"Accept": "*/*", "User-Agent": "Ruby", "X-Request-ID": "01JFHX2M7Q8R9S0T1V2W3X4Y5Z", "X-Gitlab-Rails-Send-Start": "1734696000.481516",
	"X-Gitlab-Authentication-Type": "oidc", "X-Gitlab-Instance-Id": instance, "X-Gitlab-Host-Name": "gitlab.example.com",
	"X-Gitlab-Realm": "self-managed", "X-Gitlab-Version": "17.7.0", "X-Gitlab-Global-User-Id": "nKzq0cW5v8Yb1sT3uR6xEa9dGf2hJm4pLoQiVwXyZkE=",
	"X-Gitlab-Duo-Seat-Count": "50", "X-Gitlab-Feature-Enabled-By-Namespace-Ids": " ", "X-Gitlab-Enabled-Feature-Flags": " ",
}, claims: map[string]any{"duo_seat_count": "50"}}

func TestGitLab17(t *testing.T) {
	rails17.calls(t, func(fakes *testkit.Fakes) []clientCall {
		code := []string{"complete_code", "generate_code"}
		return []clientCall{
			{
				name: "a token for direct connections, asked for without a body", path: "/v1/code/user_access_token", scopes: code,
				header: map[string]string{"Content-Type": "application/json"}, answer: `\{"token":"[^"]+","expires_at":\d{10}\}`,
			},
			{
				name: "a question about the page that the user is on", path: agentPath, scopes: []string{"duo_chat", "ask_issue"},
				json: chatTurn().with(body{"messages": []body{{
					"role": "user", "content": "Which labels?", "context": body{"type": "issue", "content": "<labels>bug, cart</labels>"},
					"current_file": nil, "additional_context": []body{},
				}}}),
				model: testkit.Script{Text: " I know.\nFinal Answer: bug, cart", Chunks: []string{" I know.\nFinal Answer: bug", ", cart"}},
				kind:  "application/x-ndjson", answer: `\{"type": "final_answer_delta", "data": \{"text": "bug"\}\}\n\{"type": "final_answer_delta", "data": \{"text": ", cart"\}\}\n`,
				asked: `^/v1/messages .*<labels>bug, cart</labels>`,
			},
			{
				name: "a step with what the tool said, and earlier turns", path: agentPath, scopes: []string{"duo_chat", "ask_issue"},
				json: chatTurn().with(body{
					"messages": []body{
						{"role": "user", "content": "hello", "additional_context": nil, "resource_content": nil},
						{"role": "assistant", "content": "Hello!", "additional_context": nil, "resource_content": nil},
						{"role": "user", "content": "What is #12 about?", "context": nil, "current_file": nil, "additional_context": []body{}},
					},
					"options": body{"agent_scratchpad": body{"agent_type": "react", "steps": []body{{
						"thought": "I need it.", "tool": "issue_reader", "tool_input": "#12", "observation": "The cart total",
					}}}},
				}),
				model: testkit.Script{Chunks: []string{" I know.\nFinal Answer: the cart"}},
				kind:  "application/x-ndjson", answer: `\{"type": "final_answer_delta", "data": \{"text": "the cart"\}\}\n`,
				asked: `Hello!.*Action: issue_reader\\nAction Input: #12\\nObservation: The cart total`,
			},
			{
				name: "page context must have its content", path: agentPath, scopes: []string{"duo_chat"},
				json:   chatTurn().with(body{"messages": []body{{"role": "user", "content": "x", "context": "issue"}}}),
				status: 422, answer: `\{"detail":\[\{.*"loc":\["body","messages",0,"context"\].*`,
			},
			{
				name: "/explain, streamed as bare text", path: "/v1/prompts/chat/explain_code", scopes: []string{"duo_chat", "explain_code"},
				json: body{"stream": true, "inputs": body{
					"input": "explain this", "selected_text": "x = [i * i for i in range(9)]", "language_info": "Python, file app/squares.py", "file_content": "",
				}},
				model: testkit.Script{Chunks: []string{"Squares\n", "of \"é\" 🎉"}},
				kind:  "text/event-stream", answer: "Squares\nof \"é\" 🎉", asked: `^/v1/messages .*range\(9\)`,
			},
			{
				name: "a feature in one shot is a JSON string", path: "/v1/prompts/generate_commit_message", scopes: []string{"generate_commit_message"},
				json:  body{"inputs": body{"diff": "-puts 1\n+puts 2"}},
				model: testkit.Script{Text: "Print \"2\"\n"}, answer: `"Print \\"2\\"\\n"`, asked: `puts 2`,
			},
			{
				name: "an input that may be null", path: "/v1/prompts/generate_description", scopes: []string{"generate_issue_description"},
				json:  body{"inputs": body{"content": "cart total wrong", "template": nil}},
				model: testkit.Script{Text: "ok"}, answer: `"ok"`, asked: `cart total wrong`,
			},
			{
				name: "a missing input is told as a text", path: "/v1/prompts/generate_commit_message", scopes: []string{"generate_commit_message"},
				json: body{"inputs": body{}}, status: 422, answer: `\{"detail":"[^{].*\{'diff'\}.*"\}`,
			},
			{
				name: "a prompt of later releases", path: "/v1/prompts/description_composer", scopes: []string{"duo_chat"},
				json: body{"inputs": body{}}, status: 404, answer: `\{"detail":"Prompt 'description_composer' not found"\}`,
			},
			{
				selfHosted: true, name: "the model check of a family of the time", path: "/v1/prompts/model_configuration%2Fcheck", scopes: code,
				json: body{"inputs": body{}, "stream": false, "model_metadata": body{
					"name": "mistral", "provider": "openai", "endpoint": fakes.URL + "/v1", "api_key": "local-token", "identifier": "",
				}},
				model: testkit.Script{Text: "hello"}, answer: `"hello"`, asked: `^/v1/chat/completions .*"model":"mistral"`,
			},
			{
				selfHosted: true, name: "the model check of a server that refuses the key", path: "/v1/prompts/model_configuration%2Fcheck", scopes: code,
				json: body{"inputs": body{}, "stream": false, "model_metadata": body{
					"name": "mistral", "provider": "openai", "endpoint": fakes.URL + "/v1", "api_key": "local-token", "identifier": nil,
				}},
				model: testkit.Script{Status: 401, Body: `{}`}, status: 421, answer: `\{"detail":"401: Unauthorized"\}`, asked: `^/v1/chat/completions`,
			},
			{
				name: "a completion of the default model", path: "/v2/code/completions", scopes: code,
				json: editorCompletion().with(body{
					"project_path": "acme/storefront", "project_id": 278964, "intent": "completion", "stream": false, "metadata": body{"source": "VS Code"},
					"telemetry": []body{{
						"model_engine": "vertex-ai", "model_name": "code-gecko@002", "requests": 3, "accepts": 1, "errors": 0, "lang": "ruby",
						"experiments": []body{{"name": "exp_truncate_suffix", "variant": 0}},
					}},
				}),
				model:  testkit.Script{Text: "return net"},
				answer: `\{"id":"id","model":\{"engine":"vertex-ai","name":"code-gecko@002","lang":"python","tokens_consumption_metadata":\{.*"choices":\[\{"text":"return net","index":0,"finish_reason":"length"\}\]\}`,
				asked:  `code-gecko@002:predict .*def vat`,
			},
			{
				name: "Codestral of the beta is refused", path: "/v2/code/completions", scopes: code,
				json:   editorCompletion().with(body{"model_provider": "vertex-ai", "model_name": "codestral@2405"}),
				status: 422, answer: `\{"detail":\[.*`,
			},
			{
				selfHosted: true, name: "a completion of a self-hosted model", path: "/v2/code/completions", scopes: code, json: completion(fakes),
				model: testkit.Script{Text: "deploy(host)"}, answer: `.*"engine":"agent".*"text":"deploy\(host\)".*`, asked: `^/v1/completions .*fim_prefix`,
			},
			{
				selfHosted: true, name: "a generation of a self-hosted model, without a key", path: "/v2/code/generations", scopes: code,
				json:  generation(fakes).with(body{"stream": true, "user_instruction": "slugs", "generation_type": "empty_function"}),
				model: testkit.Script{Chunks: []string{"return text", ".lower()"}}, kind: "text/event-stream", answer: `return text\.lower\(\)`,
				asked: `^/v1/chat/completions .*"model":"my-mistral"`,
			},
			{
				selfHosted: true, name: "a family that no code endpoint has", path: "/v2/code/generations", scopes: code,
				json: generation(fakes).with(body{"model_name": "llama3"}), status: 422, answer: `\{"detail":\[.*llama3.*`,
			},
			{
				name: "a generation, streamed as bare text", path: "/v3/code/completions", scopes: code, json: components(nil, nil),
				model: testkit.Script{Chunks: []string{"def parse", "(s):\n"}}, kind: "text/event-stream", answer: "def parse\\(s\\):\n",
				asked: `^/v1/messages .*parse an ISO date`,
			},
			{
				name: "a generation, streamed as events", path: "/v4/code/suggestions", scopes: code, json: components(nil, nil),
				model: testkit.Script{Chunks: []string{"x = \"é\"\n"}}, kind: "text/event-stream", answer: sse("agent", `x = \\"\\u00e9\\"\\n`),
				asked: `^/v1/messages .*python-dateutil`,
			},
			{
				name: "a prompt of Rails' own, through the proxy", path: "/v1/proxy/anthropic/v1/messages", scopes: []string{"review_merge_request"},
				header: map[string]string{"X-Gitlab-Unit-Primitive": "review_merge_request", "anthropic-version": "2023-06-01", "Accept": "application/json"},
				json: body{
					"model": "claude-3-5-sonnet-20240620", "max_tokens": 4096, "temperature": 0, "system": "You review merge requests.",
					"messages": []body{{"role": "user", "content": "Diff: +puts 2"}, {"role": "assistant", "content": "<review>"}},
				},
				model: testkit.Script{Text: "Fine."}, answer: `\{.*"text":"Fine\.".*`, asked: `^/v1/messages .*puts 2`,
			},
			{
				name: "a summary of old, which the proxies don't have", scopes: []string{"summarize_new_merge_request"},
				path:   "/v1/proxy/vertex-ai/v1/projects/PROJECT/locations/LOCATION/publishers/google/models/text-bison:predict",
				header: map[string]string{"X-Gitlab-Version": "17.4.0", "X-Gitlab-Unit-Primitive": "summarize_new_merge_request"},
				json:   body{"instances": []body{{"content": "Summarize: +puts 2"}}, "parameters": body{"maxOutputTokens": 1024}},
				status: 400, answer: `\{"detail":"This endpoint cannot be used for summarize_new_merge_request purpose"\}`,
			},
			{
				name: "a newer model through the proxy", path: "/v1/proxy/anthropic/v1/messages", scopes: []string{"review_merge_request"},
				header: map[string]string{"X-Gitlab-Unit-Primitive": "review_merge_request", "anthropic-version": "2023-06-01"},
				json:   body{"model": "claude-3-7-sonnet-20250219", "max_tokens": 4096, "messages": []body{{"role": "user", "content": "x"}}},
				status: 400, answer: `\{"detail":"Unsupported model"\}`,
			},
		}
	})
}
