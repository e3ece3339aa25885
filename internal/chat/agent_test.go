package chat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

// models is a provider that notes what its one model is asked, and answers as scripted.
type models struct {
	answer llm.Stream
	err    error // of Generate

	asked []llm.Request
	refs  []llm.Ref
}

func (m *models) Resolve(ref llm.Ref) (llm.Handle, error) {
	m.refs = append(m.refs, ref)
	if ref.Provider == "acme" || ref.Provider == "anthropic-prompt" && errors.Is(m.err, errNoKey) {
		return llm.Handle{}, &llm.Error{Kind: llm.NotConfigured, Vendor: ref.Provider, Err: errNoKey}
	}
	return llm.Handle{Model: m}, nil
}

func (m *models) Generate(_ context.Context, req llm.Request) (llm.Stream, error) {
	m.asked = append(m.asked, req)
	return m.answer, m.err
}

var errNoKey = errors.New("a key is missing")

// definition prints every input of the agent's templates.
const definition = `
name: Test
model:
  name: m
  params: {model_class_provider: CLASS, max_tokens: 10}
unit_primitives: []
params: {stop: ["Observation:"], timeout: 30}
prompt_template:
  system: |-
    {% for t in tools %}{{ t.name }} ({{ t.resource }}){% if t.example %}+{% endif %} {% endfor %}| {{ unavailable_resources }}
  user: |-
    {% if message.context %}{{ message.context.type }}={{ message.context.content }} {% endif %}
    {%- if message.current_file %}{{ message.current_file.file_path }}={{ message.current_file.data }}/{{ message.current_file.selected_code }} {% endif %}
    {%- for c in message.additional_context or [] %}{{ c.id }}/{{ c.category }}={{ c.content }} {% endfor %}
    {{- message.content }}
  assistant: |-
    {% for s in agent_scratchpad %}{{ s.action.thought }}, {{ s.action.tool }}, {{ s.action.tool_input }}, {{ s.observation }}
    {% endfor %}Thought:
`

// agent returns an agent with the variants base, of Anthropic, and mistral.
func agent(t *testing.T, m *models, options prompt.Options) *Agent {
	t.Helper()
	files := fstest.MapFS{}
	for variant, class := range map[string]string{"base": "anthropic", "mistral": "litellm"} {
		files["chat/react/"+variant+".yml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(definition, "CLASS", class))}
	}
	definitions, err := prompt.Load(files, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return NewAgent(prompt.NewRegistry(definitions, m, options), options.CustomModels)
}

func nobody(string) bool    { return false }
func everybody(string) bool { return true }

// question is the smallest request.
func question() *Request {
	return &Request{Messages: []Message{{Role: User, Content: "Hi {{ name }}"}}, Caller: Caller{Can: nobody, FlagOn: nobody}}
}

func mistral() *prompt.ModelMetadata {
	return &prompt.ModelMetadata{Name: "mistral", Provider: "openai", Endpoint: "http://models.test/v1", APIKey: "sk-canary"}
}

func TestTheModelIsToldTheWholeConversation(t *testing.T) {
	m := &models{answer: streamOf("Final Answer: Hello")}
	text := "RATE = 1"
	req := &Request{
		Messages: []Message{
			{Role: User, Content: "hello"},
			{Role: Assistant, Content: "{{ Hello }}", Page: &Page{Type: "hidden"}},
			{
				Role: User, Content: " What is it? ", Page: &Page{"issue", "<title>"}, File: &File{"a.py", "x = 1", true},
				Items: []ContextItem{{"file", &text, &text}, {"dependency", nil, nil}},
			},
			{Role: "developer", Content: "last"},
		},
		Scratchpad:           []Step{{`my\_thought`, `issue\_reader`, `my\_input`, `seen\_it`}, {"b", "t", "i", "o"}},
		UnavailableResources: []string{"Pipelines", "Vulnerabilities"},
		Caller:               Caller{Can: func(up string) bool { return up == "ask_issue" }, FlagOn: nobody},
	}
	reply, err := agent(t, m, prompt.Options{}).Ask(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	want := []llm.Message{
		{Role: llm.System, Content: "issue_reader (issues)+ | ['Pipelines', 'Vulnerabilities']"},
		{Role: llm.User, Content: "hello"},
		{Role: llm.Assistant, Content: "{{ Hello }}"},
		{Role: llm.User, Content: "issue=<title> a.py=x = 1/True RATE = 1/file=RATE = 1 None/dependency=None  What is it? "},
		{Role: llm.User, Content: "last"},
		{Role: llm.Assistant, Content: "my_thought, issue_reader, my\\_input, seen\\_it\nb, t, i, o\nThought:"},
	}
	if diff := cmp.Diff(want, m.asked[0].Messages); diff != "" {
		t.Error(diff)
	}
	if got := m.asked[0]; !got.Stream || !slices.Equal(got.Stop, []string{"Observation:"}) || got.MaxTokens != 10 {
		t.Errorf("the definition's parameters are missing: %+v", got)
	}
	if diff := cmp.Diff([]string{"issue_reader"}, reply.Tools); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Event{FinalAnswerDelta{Text: "Hello"}}, slices.Collect(reply.Events)); diff != "" {
		t.Error(diff)
	}
}

func TestNoToolsAndNoResourcesAreFine(t *testing.T) {
	m := &models{answer: streamOf("Hi")}
	reply, err := agent(t, m, prompt.Options{}).Ask(t.Context(), question())
	if err != nil {
		t.Fatal(err)
	}
	want := []llm.Message{{Role: llm.System, Content: "| None"}, {Role: llm.User, Content: "Hi {{ name }}"}, {Role: llm.Assistant, Content: "Thought:"}}
	if diff := cmp.Diff(want, m.asked[0].Messages); diff != "" {
		t.Error(diff)
	}
	if reply.Tools == nil || len(reply.Tools) > 0 {
		t.Errorf("want an empty list of tools, got %#v", reply.Tools)
	}
}

func TestWhatTheClientDidWrongIsRefusedBeforeTheModelIsAsked(t *testing.T) {
	unknown, acme, base := mistral(), mistral(), mistral()
	unknown.Name, acme.Provider, base.Name = "no-such-family", "acme", "base"
	custom := prompt.Options{CustomModels: true}
	for _, tc := range []struct {
		name     string
		options  prompt.Options
		messages []Message
		model    *prompt.ModelMetadata
		want     string
	}{
		{"no messages", custom, nil, nil, "Last message must be a human message"},
		{"the assistant has the last word", custom, []Message{{Role: User}, {Role: Assistant}}, nil, "Last message must be a human message"},
		{"a system message", custom, []Message{{Role: System}, {Role: Assistant}}, nil, "Unsupported message"},
		{"an unknown family, before the messages are looked at", custom, nil, unknown, "the model family 'no-such-family'"},
		{"a model server although they are disabled", prompt.Options{}, nil, unknown, "Self-hosted models are disabled"},
		{"another model for the hosted family", custom, question().Messages, base, "does not take another model"},
		{"an unknown provider", custom, question().Messages, acme, "The model cannot be asked: a key is missing"},
		{
			"an unknown default variant",
			prompt.Options{Defaults: map[string]string{"chat/react": "nonesuch"}},
			question().Messages, nil,
			"AIGW_DEFAULT_PROMPTS",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := &models{}
			req := question()
			req.Messages, req.Model = tc.messages, tc.model
			_, err := agent(t, m, tc.options).Ask(t.Context(), req)
			var invalid *InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(invalid.Detail, tc.want) || strings.Contains(invalid.Detail, "canary") {
				t.Errorf("want %q, got %v", tc.want, err)
			}
			if len(m.asked) > 0 {
				t.Error("the model was asked")
			}
		})
	}
}

func TestWhatTheModelDidWrongIsAnEvent(t *testing.T) {
	for _, kind := range []llm.Kind{llm.Unavailable, llm.TimedOut, llm.Overloaded, llm.Refused, llm.Unauthorized} {
		t.Run(kind.String(), func(t *testing.T) {
			m := &models{err: &llm.Error{Kind: kind, Vendor: "v", Status: 499, Err: errors.New("no")}}
			req := question()
			req.Model = mistral()
			reply, err := agent(t, m, prompt.Options{CustomModels: true}).Ask(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]Event{Failure{Message: "no"}}, slices.Collect(reply.Events)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAModelThatTheOperatorHasNotConfiguredIsAnError(t *testing.T) {
	_, err := agent(t, &models{err: errNoKey}, prompt.Options{}).Ask(t.Context(), question())
	if failure := llm.ErrorOf(err); failure == nil || failure.Kind != llm.NotConfigured {
		t.Errorf("want a model that is not configured, got %v", err)
	}
}

func TestACallThatCannotBeSentIsTheClientsMistake(t *testing.T) {
	m := &models{err: &llm.Error{Kind: llm.Refused, Vendor: "openai", Err: errors.New("the URL is no URL")}}
	req := question()
	req.Model = mistral()
	_, err := agent(t, m, prompt.Options{CustomModels: true}).Ask(t.Context(), req)
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		t.Errorf("want an invalid request, got %v", err)
	}
}

func TestAMessageThatDoesNotFitIntoThePromptIsRefused(t *testing.T) {
	req := question()
	req.Messages[0].Content = strings.Repeat("x", 9<<20)
	_, err := agent(t, &models{}, prompt.Options{}).Ask(t.Context(), req)
	var unfit *prompt.RenderError
	if !errors.As(err, &unfit) {
		t.Errorf("want a render error, got %v", err)
	}
}

func TestAClientThatLeftIsNotAnswered(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := agent(t, &models{}, prompt.Options{}).Ask(ctx, question()); !errors.Is(err, context.Canceled) {
		t.Errorf("want the end of the request, got %v", err)
	}
}
