package api

import (
	"net/http"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/chat"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// chatAgent is the body of POST /v2/chat/agent (spec/http-api.md 21.1). It also takes what later versions of GitLab send (spec/clients.md 19).
type chatAgent struct {
	Messages             []chatAgentMessage `json:"messages" doc:"The conversation; the user's question is the last."`
	Options              *chatAgentOptions  `json:"options"`
	ModelMetadata        *modelMetadata     `json:"model_metadata" doc:"A self-hosted model."`
	UnavailableResources []string           `json:"unavailable_resources" schema:"default=[\"Merge Requests, Pipelines, Vulnerabilities\"],optional" doc:"What the tools cannot read."`
}

// chatAgentMessage is a turn of the conversation. Instead of content the last one may have the steps taken so far.
type chatAgentMessage struct {
	Role              string            `json:"role" doc:"user or assistant; a role that is not known counts as user."`
	Content           string            `json:"content"`
	Context           *chatAgentPage    `json:"context" doc:"The GitLab page that the user is on."`
	CurrentFile       *chatAgentFile    `json:"current_file" doc:"The file that is open in the editor."`
	AdditionalContext []chatAgentItem   `json:"additional_context" schema:"optional" doc:"What the user added to the question."`
	AgentScratchpad   []chatAgentAction `json:"agent_scratchpad" schema:"optional" doc:"Steps taken to answer the question, in a last message of the assistant."`
}

// Normalize implements schema.Normalizer: steps count where an assistant has nothing else to say. Those of an answered turn don't.
func (*chatAgentMessage) Normalize(o schema.Object) schema.Object {
	role, _ := o.Get("role")
	content, _ := o.Get("content")
	steps, given := o.Get("agent_scratchpad")
	silent := content.Kind() == schema.KindNull || content.Kind() == schema.KindString && strings.TrimSpace(content.Text()) == ""
	switch {
	case !given:
		return o
	case !silent || role.Text() != string(chat.Assistant):
		return replaced(o, "agent_scratchpad", nil)
	case steps.Kind() == schema.KindArray:
		return replaced(o, "content", "")
	default:
		return o
	}
}

type chatAgentPage struct {
	Type    string       `json:"type" doc:"issue, epic, merge_request, commit, build, work_item, …"`
	Content *string      `json:"content" doc:"What stands on it."`
	Title   schema.Value `json:"title" schema:"optional" doc:"In place of content."`
}

type chatAgentFile struct {
	FilePath     string `json:"file_path"`
	Data         string `json:"data" doc:"Its content, or what is selected of it."`
	SelectedCode bool   `json:"selected_code" doc:"Data is a selection."`
}

type chatAgentItem struct {
	Category string        `json:"category" doc:"file, snippet, merge_request, issue, dependency, local_git, …"`
	ID       *string       `json:"id"`
	Content  *string       `json:"content"`
	Metadata schema.Object `json:"metadata" schema:"optional" doc:"Not used."`
}

type chatAgentOptions struct {
	AgentScratchpad chatAgentScratchpad `json:"agent_scratchpad" doc:"Steps taken to answer the question."`
}

type chatAgentScratchpad struct {
	schema.Tagged `tag:"agent_type"`
	ReAct         *reactScratchpad `case:"react"`
}

type reactScratchpad struct {
	Steps []chatAgentStep `json:"steps"`
}

type chatAgentStep struct {
	chatAgentThought
	Observation string `json:"observation" doc:"What the tool said."`
}

type chatAgentThought struct {
	Thought   string `json:"thought"`
	Tool      string `json:"tool"`
	ToolInput string `json:"tool_input"`
}

// Normalize implements schema.Normalizer: a tool that failed has nothing to say.
func (*chatAgentStep) Normalize(o schema.Object) schema.Object {
	for _, key := range []string{"thought", "tool", "tool_input"} {
		if v, _ := o.Get(key); v.Kind() == schema.KindNull {
			return o
		}
	}
	if v, _ := o.Get("observation"); v.Kind() == schema.KindNull {
		return replaced(o, "observation", "")
	}
	return o
}

// chatAgentAction is a step as later versions of GitLab send it.
type chatAgentAction struct {
	Action      chatAgentThought `json:"action"`
	Observation *string          `json:"observation"`
}

// replaced is an object with another value under one key.
func replaced(o schema.Object, key string, value any) schema.Object {
	pairs := make([]any, 0, 2*o.Len()+2)
	for k, v := range o.All() {
		if k != key {
			pairs = append(pairs, k, v)
		}
	}
	return schema.NewObject(append(pairs, key, value)...)
}

var chatAgentBody = schema.MustCompile[chatAgent]()

// request is what the agent is asked.
func (b *chatAgent) request(r *http.Request) *chat.Request {
	user, flags := auth.UserFrom(r.Context()), auth.FlagsFrom(r.Context())
	req := &chat.Request{
		Scratchpad:           b.scratchpad(),
		UnavailableResources: b.UnavailableResources,
		Model:                b.ModelMetadata.promptMetadata(),
		Caller: chat.Caller{
			Can:           func(unitPrimitive string) bool { return user.Can(auth.UnitPrimitive(unitPrimitive)) },
			FlagOn:        flags.Enabled,
			GitLabVersion: r.Header.Get("X-Gitlab-Version"),
			Debug:         user.Debug,
		},
	}
	turns := b.Messages
	if last := len(turns) - 1; last >= 0 && turns[last].AgentScratchpad != nil {
		turns = turns[:last]
	}
	for _, m := range turns {
		req.Messages = append(req.Messages, m.message(user))
	}
	return req
}

// scratchpad are the steps of the options or, from later versions of GitLab, those of the last message.
func (b *chatAgent) scratchpad() (steps []chat.Step) {
	if b.Options != nil {
		for _, s := range b.Options.AgentScratchpad.ReAct.Steps {
			steps = append(steps, s.step(s.Observation))
		}
	}
	if steps == nil && len(b.Messages) > 0 {
		for _, s := range b.Messages[len(b.Messages)-1].AgentScratchpad {
			steps = append(steps, s.Action.step(text(s.Observation)))
		}
	}
	return steps
}

func (t chatAgentThought) step(observation string) chat.Step {
	return chat.Step{Thought: t.Thought, Tool: t.Tool, ToolInput: t.ToolInput, Observation: observation}
}

func (m *chatAgentMessage) message(user *auth.User) chat.Message {
	turn := chat.Message{Role: chat.Role(m.Role), Content: m.Content}
	if m.Context != nil {
		turn.Page = &chat.Page{Type: m.Context.Type, Content: m.Context.Title.Text()}
		if m.Context.Content != nil {
			turn.Page.Content = *m.Context.Content
		}
	}
	if m.CurrentFile != nil {
		turn.File = &chat.File{Path: m.CurrentFile.FilePath, Data: m.CurrentFile.Data, Selected: m.CurrentFile.SelectedCode}
	}
	for _, item := range m.AdditionalContext {
		if user.Can(item.unitPrimitive()) {
			turn.Items = append(turn.Items, chat.ContextItem{Category: item.Category, ID: item.ID, Content: item.Content})
		}
	}
	return turn
}
