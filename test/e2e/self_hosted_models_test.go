package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// question is what older GitLab versions send to /v1/chat for a self-hosted model (spec/clients.md 11, E31).
func question(fakes *testkit.Fakes) body {
	return body{"prompt_components": []body{{
		"type": "prompt", "metadata": body{"source": "GitLab EE", "version": "17.5.4"},
		"payload": body{
			"content": []body{{"role": "user", "content": "Say hi"}}, "provider": "litellm", "model": "mistral",
			"model_endpoint": fakes.URL + "/v1", "model_api_key": nil, "model_identifier": "",
		},
	}}}
}

// run asks for a registered prompt of a self-hosted model.
func run(fakes *testkit.Fakes) body {
	return body{"inputs": body{"content": "notes", "template": nil}, "model_metadata": body{
		"provider": "openai", "name": "mistral", "endpoint": fakes.URL + "/v1", "api_key": nil, "identifier": "custom_openai/my-mistral",
	}}
}

var streamed = body{"stream": true}

// What a model thinks before it answers is for nobody to see, whichever way it is asked.
func TestReasoningReachesNobody(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	direct := generation(fakes).with(body{"prompt_id": nil, "prompt": "make it", "model_identifier": nil})
	jsonText := func(t *testing.T, raw []byte) (text string) {
		if err := json.Unmarshal(raw, &text); err != nil {
			t.Errorf("want a text, got %s", raw)
		}
		return text
	}
	content := func(t *testing.T, raw []byte) string { return fields(t, raw)["content"].(string) }
	contents := func(t *testing.T, raw []byte) (text string) {
		empty := 0
		for line := range strings.Lines(string(raw)) {
			piece := fields(t, []byte(line))["content"].(string)
			if text += piece; piece == "" {
				empty++
			}
		}
		if empty > 1 { // the last one, which says why the model stopped
			t.Errorf("reasoning leaves empty pieces: %s", raw)
		}
		return text
	}
	response := func(t *testing.T, raw []byte) string { return fields(t, raw)["response"].(string) }
	plain := func(_ *testing.T, raw []byte) string { return string(raw) }

	for _, tc := range []struct {
		name, path string
		json       body
		read       func(*testing.T, []byte) string
	}{
		{"a completion", "/v2/code/completions", completion(fakes), choice},
		{"a streamed completion", "/v2/code/completions", completion(fakes).with(streamed), plain},
		{"a completion by a conversation", "/v2/completions", completion(fakes).with(body{"model_identifier": "custom_openai/m"}), choice},
		{"a generation", "/v2/code/generations", generation(fakes), choice},
		{"a streamed generation", "/v2/code/generations", generation(fakes).with(streamed), plain},
		{"a generation of a client's own prompt", "/v2/code/generations", direct, choice},
		{"the same, streamed", "/v2/code/generations", direct.with(streamed), plain},
		{"a question", "/v1/chat/agent", question(fakes), response},
		{"a question, streamed", "/v1/chat/agent", question(fakes).with(streamed), plain},
		{"a registered prompt", "/v1/prompts/generate_description", run(fakes), jsonText},
		{"a registered prompt, streamed", "/v1/prompts/generate_description", run(fakes).with(streamed), plain},
		{"a registered prompt with its tokens", "/v2/prompts/generate_description", run(fakes), content},
		{"the same, streamed", "/v2/prompts/generate_description", run(fakes).with(streamed), contents},
	} {
		for _, chunks := range [][]string{
			{"<think>\nFinal Answer: no\n</think>\n\n", "x = 1", " # <think>\n"},
			{"<th", "ink>", "\nhm", "</", "think>", "\n", "\n", "x =", " 1 # <", "think>\n"},
			{"[THINK]hm[/THI", "NK]x = 1 # <think>\n"},
		} {
			fakes.Reset(testkit.Script{Chunks: chunks})
			got := gateway.Do(t, testkit.Request{Path: tc.path, JSON: tc.json})
			if got.Status != 200 || got.Cut || tc.read(t, got.Body) != "x = 1 # <think>\n" {
				t.Errorf("%s of %q: got %d %s", tc.name, chunks, got.Status, got.Body)
			}
		}
	}
}

func TestAStreamedGenerationOfAModelThatReasonsHasNoFences(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	for chunks, want := range map[string]string{
		"<think>hm</think>|\n\n``|`py\nx = 1\n`|``\nDone.": "x = 1\n",
		"```py\nx = 1\n|```": "```py\nx = 1\n```", // the contract's, of a model that doesn't
	} {
		fakes.Reset(testkit.Script{Chunks: strings.Split(chunks, "|")})
		got := gateway.Do(t, testkit.Request{Path: "/v2/code/generations", JSON: generation(fakes).with(streamed)})
		if got.Status != 200 || got.Cut || string(got.Body) != want {
			t.Errorf("%q: got %d %q", chunks, got.Status, got.Body)
		}
	}
}

func TestTheChatAgentDoesNotReadReasoning(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	for _, tc := range []struct {
		name   string
		chunks []string
		want   string
	}{
		{"an answer", []string{"<think>Final Answer: no", "\nAction: x</thi", "nk>\nI know.\nFinal Answer: It", " is"}, delta("It") + delta(" is")},
		{
			"a tool",
			[]string{"<think>Final Answer:", " no</think>", " I need it.\nAction: issue_reader\nAction Input: #12"},
			`{"type": "action", "data": {"tool": "issue_reader", "tool_input": "#12", "thought": "I need it."}}` + "\n",
		},
		{
			"nothing but thoughts",
			[]string{"<think>Final Answer: no"},
			`{"type": "error", "data": {"message": "the model came to its limit while it was thinking, before it had an answer", "retryable": false}}` + "\n",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes.Reset(testkit.Script{Chunks: tc.chunks})
			got := gateway.Do(t, testkit.Request{Path: agentPath, JSON: selfHostedTurn(fakes)})
			if got.Status != 200 || got.Cut || string(got.Body) != tc.want {
				t.Errorf("want %s, got %d cut=%v %s", tc.want, got.Status, got.Cut, got.Body)
			}
		})
	}
}

func TestAnAnswerDoesNotShowHowItEnds(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	fakes.Script(testkit.Script{Chunks: []string{" I need it.\nAction: issue_reader\nAction Input: #12<|im", "_end|>", "\n"}})
	want := `{"type": "action", "data": {"tool": "issue_reader", "tool_input": "#12", "thought": "I need it."}}` + "\n"
	if got := gateway.Do(t, testkit.Request{Path: agentPath, JSON: selfHostedTurn(fakes)}); string(got.Body) != want {
		t.Errorf("the chat agent: got %s", got.Body)
	}
	fakes.Reset(testkit.Script{Chunks: []string{"Qwen ends with <|im_end|>", ".<|im_", "end|>"}})
	for name, want := range map[string]string{"whole": `{"response":"Qwen ends with <|im_end|>."`, "streamed": "Qwen ends with <|im_end|>."} {
		got := gateway.Do(t, testkit.Request{Path: "/v1/chat/agent", JSON: question(fakes).with(body{"stream": name == "streamed"})})
		if got.Status != 200 || got.Cut || !strings.HasPrefix(string(got.Body), want) || strings.Contains(strings.TrimPrefix(string(got.Body), want), "im_end") {
			t.Errorf("%s: got %d %s", name, got.Status, got.Body)
		}
	}
}

// Servers that know their model keep its reasoning apart.
func TestReasoningInAFieldOfItsOwnIsLeftOut(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	events := []string{
		`data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":"Final Answer: no"}}]}` + "\n\n",
		`data: {"choices":[{"index":0,"delta":{"reasoning":" and no"}}]}` + "\n\n",
		`data: {"choices":[{"index":0,"delta":{"content":" I know.\nFinal Answer: yes"},"finish_reason":"stop"}]}` + "\n\n",
		"data: [DONE]\n\n",
	}
	fakes.Script(testkit.Script{Events: events})
	if got := gateway.Do(t, testkit.Request{Path: agentPath, JSON: selfHostedTurn(fakes)}); string(got.Body) != delta("yes") {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	fakes.Reset(testkit.Script{Body: `{"choices":[{"message":{"role":"assistant","content":null,"reasoning_content":"hm"},"finish_reason":"length"}]}`})
	if got := gateway.Do(t, testkit.Request{Path: "/v1/chat/agent", JSON: question(fakes)}); got.Status != 200 || fields(t, got.Body)["response"] != "" {
		t.Errorf("a model that came to its limit thinking: got %d %s", got.Status, got.Body)
	}
}

// The template of some models opens the section. A stream shows it too late; the next one is known.
func TestAModelThatBeginsThinkingIsRemembered(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	fakes.Script(testkit.Script{Chunks: []string{"Hm", ".\n</think>", "\n\nx", " = 1"}})
	ask := func(json body) string {
		return string(gateway.Do(t, testkit.Request{Path: "/v2/code/generations", JSON: json}).Body)
	}
	request := generation(fakes).with(streamed)
	if first, second := ask(request), ask(request); first != "Hm.\n</think>\n\nx = 1" || second != "x = 1" {
		t.Errorf("first %q, then %q", first, second)
	}
	if got := choice(t, []byte(ask(generation(fakes).with(body{"model_identifier": "custom_openai/another"})))); got != "x = 1" {
		t.Errorf("a whole answer: got %q", got)
	}
}

func TestReasoningIsHeldBackAndNothingElse(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	step := make(chan struct{}, 1)
	fakes.Script(testkit.Script{Chunks: []string{"<think>", "hm", "</think>\n\n", "x", " = ", "1"}, Step: step})
	go func() {
		for range 4 {
			step <- struct{}{}
		}
	}()
	stream := gateway.Open(t, testkit.Request{Path: "/v2/code/generations", JSON: generation(fakes).with(streamed)})
	got := []string{stream.Next()}
	for range 2 { // each arrives before the model sends the next
		step <- struct{}{}
		got = append(got, stream.Next())
	}
	if diff := cmp.Diff([]string{"x", " = ", "1"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestASuggestionEndsAtASpecialToken(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	for _, tc := range []struct {
		name, path string
		json       body
		chunks     []string
		want       string
	}{
		{"CodeGemma", "/v2/code/completions", completion(fakes), []string{"deploy(host)", "<|file_sep", "arator|><|fim_prefix|>x"}, "deploy(host)"},
		{
			"Code Llama", "/v2/code/completions", completion(fakes).with(body{"model_name": "codellama"}),
			[]string{" <MID>deploy(host) <E", "OT>x"},
			"deploy(host)",
		},
		{
			"DeepSeek Coder, which is sent no stop words", "/v2/code/completions", completion(fakes).with(body{"model_name": "deepseekcoder"}),
			[]string{"deploy(host)<｜end▁of", "▁sentence｜>x"},
			"deploy(host)",
		},
		{
			"Qwen", "/v2/code/completions", completion(fakes).with(body{"model_name": "qwen"}),
			[]string{"deploy(host)<|", "im_end|>", "x"},
			"deploy(host)",
		},
		{"what generates code", "/v2/code/generations", generation(fakes), []string{"x = '<b>'</", "s>[INST] y"}, "x = '<b>'"},
		{"HTML in a family without the token", "/v2/code/completions", completion(fakes), []string{"<s>10</", "s>"}, "<s>10</s>"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes.Reset(testkit.Script{Chunks: tc.chunks})
			got := gateway.Do(t, testkit.Request{Path: tc.path, JSON: tc.json})
			if text := choice(t, got.Body); got.Status != 200 || text != tc.want {
				t.Errorf("whole: got %d %s", got.Status, got.Body)
			}
			got = gateway.Do(t, testkit.Request{Path: tc.path, JSON: tc.json.with(streamed)})
			if got.Status != 200 || got.Cut || string(got.Body) != tc.want {
				t.Errorf("streamed: got %d cut=%v %s", got.Status, got.Cut, got.Body)
			}
		})
	}
}

// The call ends there, too: nobody waits for what a model writes into the next file.
func TestTheModelCallEndsAtASpecialToken(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	step := make(chan struct{}, 3)
	fakes.Script(testkit.Script{Chunks: []string{"deploy(host)", "<|file_separator|>", "x", "y"}, Step: step})
	step <- struct{}{}
	step <- struct{}{}
	got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes).with(streamed)})
	if got.Status != 200 || got.Cut || string(got.Body) != "deploy(host)" {
		t.Errorf("got %d cut=%v %s", got.Status, got.Cut, got.Body)
	}
	fakes.WaitAborted(t, 0)
}

func TestPostProcessingOfEverything(t *testing.T) {
	fakes := testkit.NewFakes(t)
	env := selfHosted(fakes)
	env["AIGW_CODE_SUGGESTIONS__POST_PROCESS"] = "all"
	gateway := testkit.Gateway(t, env)
	claude := claudeCompletion()
	const fence = "Here you are:\n\n```python\nreturn net * 1.2\n\ndef gross(net):\n    pass\n```\nDone."
	component := body{"prompt_components": []body{{"type": "code_editor_completion", "payload": body{
		"file_name": "lib/tax.py", "content_above_cursor": "def vat(net):\n    ", "content_below_cursor": "\n", "language_identifier": "python",
		"model_provider": "anthropic", "model_name": "claude-3-5-sonnet-20240620", "prompt": claude["prompt"],
	}}}}
	for _, tc := range []struct {
		name, path string
		json       body
		text       string
		want       string
	}{
		{"a self-hosted model", "/v2/code/completions", completion(fakes), "```py\ndeploy(host)\n```<eos>", "deploy(host)"},
		{"one that writes on", "/v2/code/completions", completion(fakes), "deploy(host)\n\ndef f():\n    pass\n", "deploy(host)"},
		{"one that only comments", "/v2/code/completions", completion(fakes), "# and so on\n", ""},
		{"Claude", "/v2/code/completions", claude, fence, "return net * 1.2"},
		{"Claude by components", "/v3/code/completions", component, fence, "return net * 1.2"},
		{"Claude by events", "/v4/code/suggestions", component, fence, "return net * 1.2"},
		{"a generation", "/v2/code/generations", generation(fakes), "Here:\n```py\n    return 1\n```\nDone.", "    return 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes.Reset(testkit.Script{Text: tc.text})
			got := gateway.Do(t, testkit.Request{Path: tc.path, JSON: tc.json})
			if text := choice(t, got.Body); got.Status != 200 || text != tc.want {
				t.Errorf("got %d %s", got.Status, got.Body)
			}
		})
	}

	fakes.Reset(testkit.Script{Chunks: []string{"\n", "```", "py\n", "    return", " 1", "\n`", "``", "\nDone."}})
	got := gateway.Do(t, testkit.Request{Path: "/v2/code/generations", JSON: generation(fakes).with(streamed)})
	if got.Status != 200 || got.Cut || string(got.Body) != "\n    return 1\n" {
		t.Errorf("a streamed generation: got %d %q", got.Status, got.Body)
	}
}

// What hosted models say is theirs.
func TestHostedModelsAreLeftAlone(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, selfHosted(fakes))
	const said = "<think>\nhm\n</think>\n\nx = '<|endoftext|>'</s>"
	fakes.Script(testkit.Script{Text: said})
	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion()}); choice(t, got.Body) != said {
		t.Errorf("whole: got %s", got.Body)
	}
	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion().with(streamed)}); string(got.Body) != said {
		t.Errorf("streamed: got %s", got.Body)
	}
	component := body{"prompt_components": []body{{"type": "code_editor_generation", "payload": body{
		"file_name": "a.py", "content_above_cursor": "", "content_below_cursor": "", "language_identifier": "Python", "stream": true,
		"prompt_id": "code_suggestions/generations", "prompt_enhancer": body{"user_instruction": "x"},
	}}}}
	var text string
	got := gateway.Do(t, testkit.Request{Path: "/v4/code/suggestions", JSON: component})
	for line := range strings.Lines(string(got.Body)) {
		var chunk struct {
			Choices []struct{ Delta struct{ Content string } }
		}
		if data, isData := strings.CutPrefix(line, "data: "); isData && json.Unmarshal([]byte(data), &chunk) == nil && len(chunk.Choices) == 1 {
			text += chunk.Choices[0].Delta.Content
		}
	}
	if text != said {
		t.Errorf("events: got %s", got.Body)
	}
}
