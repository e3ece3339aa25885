package langsmith

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// run is a model call in LangSmith's run format (https://docs.langchain.com/langsmith/run-data-format).
type run struct {
	ID      uuid.UUID  `json:"id"`
	Trace   uuid.UUID  `json:"trace_id"`
	Parent  *uuid.UUID `json:"parent_run_id,omitempty"`
	Order   string     `json:"dotted_order"`
	Project string     `json:"session_name"`
	Name    string     `json:"name"`
	Type    string     `json:"run_type"`
	Start   time.Time  `json:"start_time"`
	End     time.Time  `json:"end_time"`
	Inputs  content    `json:"inputs"`
	Outputs content    `json:"outputs"`
	Error   string     `json:"error,omitempty"`
	Events  []event    `json:"events,omitempty"`
	Extra   extra      `json:"extra"`
}

// content is what is said: a conversation, or a text to continue. Hidden content is an empty object.
type content struct {
	Messages []message `json:"messages,omitempty"`
	Prompt   string    `json:"prompt,omitempty"`
	Suffix   string    `json:"suffix,omitempty"`
}

type message struct {
	Role    llm.Role `json:"role"`
	Content string   `json:"content"`
}

type event struct {
	Name string    `json:"name"`
	Time time.Time `json:"time"`
}

type extra struct {
	Metadata metadata `json:"metadata"`
}

// metadata has the names that LangSmith knows (ls_…), and those of the gateway.
type metadata struct {
	Provider      string   `json:"ls_provider"`
	Model         string   `json:"ls_model_name"`
	ModelType     string   `json:"ls_model_type"`
	MaxTokens     int      `json:"ls_max_tokens,omitempty"`
	Temperature   *float64 `json:"ls_temperature,omitempty"`
	Stop          []string `json:"ls_stop,omitempty"`
	Usage         *usage   `json:"usage_metadata,omitempty"`
	PromptID      string   `json:"prompt_id"`
	PromptVersion string   `json:"prompt_version"`
	CorrelationID string   `json:"correlation_id,omitempty"`
}

type usage struct {
	Input  int `json:"input_tokens"`
	Output int `json:"output_tokens"`
	Total  int `json:"total_tokens"`
}

// size is about how many bytes the run takes.
func (r *run) size() int {
	const rest = 1500 // names, ids and times
	size := rest + len(r.Order) + len(r.Error) + len(r.Extra.Metadata.CorrelationID)
	for _, c := range []content{r.Inputs, r.Outputs} {
		size += len(c.Prompt) + len(c.Suffix)
		for _, m := range c.Messages {
			size += len(m.Content)
		}
	}
	return size
}

// call is a run under way.
type call struct {
	recorder *Recorder
	run      *run
	answer   strings.Builder
	ended    sync.Once
}

func (r *Recorder) begin(ctx context.Context, m tracedModel, req llm.Request, parent Parent) *call {
	id, start := uuid.Must(uuid.NewV7()), time.Now().UTC().Truncate(time.Microsecond)
	began := &run{
		ID: id, Trace: id, Project: r.options.Project, Name: m.prompt.Name, Type: "llm", Start: start,
		Extra: extra{metadata{
			Provider: strings.TrimSuffix(m.id.Engine, "-chat"), Model: m.id.Name, ModelType: "chat",
			MaxTokens: req.MaxTokens, Temperature: req.Temperature, Stop: req.Stop,
			PromptID: m.prompt.ID, PromptVersion: m.prompt.Version, CorrelationID: r.options.CorrelationID(ctx),
		}},
	}
	if len(req.Messages) == 0 {
		began.Extra.Metadata.ModelType = "llm"
	}
	if parent.order != "" {
		if start.Before(parent.start) { // by the client's clock; LangSmith refuses a child that is older than its parent
			began.Start = parent.start
		}
		began.Trace, began.Parent, began.Order = parent.trace, &parent.run, parent.order+"."
	}
	began.Order += segmentOf(began.Start, id)
	if !r.options.HideInputs {
		began.Inputs = inputsOf(req)
	}
	return &call{recorder: r, run: began}
}

func inputsOf(req llm.Request) content {
	inputs := content{Prompt: req.Prompt}
	for _, m := range req.Messages {
		inputs.Messages = append(inputs.Messages, message{m.Role, m.Content})
	}
	if req.Suffix != nil {
		inputs.Suffix = *req.Suffix
	}
	return inputs
}

// take notes what a piece of the answer says about the call.
func (c *call) take(chunk llm.Chunk) {
	if chunk.Text != "" && len(c.run.Events) == 0 {
		c.run.Events = []event{{"new_token", time.Now().UTC()}}
	}
	if chunk.Candidate == 0 && c.answer.Len() < runBytes && !c.recorder.options.HideOutputs {
		c.answer.WriteString(chunk.Text)
	}
	if u := chunk.Usage; u != nil {
		c.run.Extra.Metadata.Usage = &usage{u.InputTokens, u.OutputTokens, u.InputTokens + u.OutputTokens}
	}
}

// end hands the run over, the first time it is called.
func (c *call) end(err error) {
	c.ended.Do(func() {
		c.run.End = time.Now().UTC()
		if c.run.End.Before(c.run.Start) {
			c.run.End = c.run.Start
		}
		if c.answer.Len() > 0 {
			c.run.Outputs.Messages = []message{{llm.Assistant, c.answer.String()}}
		}
		if err != nil {
			c.run.Error = c.recorder.errorText(err)
		}
		c.recorder.outbox.Put(c.run)
	})
}

// errorText is why a call failed. A vendor may quote what it was sent, so where that is hidden only the kind of the failure is told.
func (r *Recorder) errorText(err error) string {
	failure := llm.ErrorOf(err)
	switch {
	case errors.Is(err, context.Canceled):
		return "the client left"
	case !r.options.HideInputs && !r.options.HideOutputs:
		return err.Error()
	case failure != nil:
		return failure.Kind.String()
	default:
		return "failed"
	}
}
