package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// promptAnswer is the answer of POST /v2/prompts/{prompt_id}, and each line of its stream.
type promptAnswer struct {
	Content string                 `json:"content"`
	Usage   map[string]promptUsage `json:"usage"` // by model; null until the model's server has counted
}

type promptUsage struct {
	InputTokens  int `json:"input_tokens"`
	OutputTokens int `json:"output_tokens"`
}

// promptsV2 serves POST /v2/prompts/{prompt_id}: as version 1, with the tokens that the answer cost. GitLab asks for it from 18.2 on
// (spec/clients.md 19).
func (s *Server) promptsV2(w http.ResponseWriter, r *http.Request) error {
	run, err := s.promptRun(w, r)
	if err != nil {
		return err
	}
	model, err := run.prompt.Model()
	if err != nil {
		return promptFailure(err)
	}
	answer, err := run.start(r)
	if err != nil {
		return err
	}
	if run.stream {
		return writeLines(w, answer, func(c llm.Chunk) any { return newPromptAnswer(c.Text, model.ID.Name, c.Usage) })
	}
	whole, err := llm.Collect(answer, nil)
	if err != nil {
		return promptFailure(err)
	}
	return writeJSON(w, http.StatusOK, newPromptAnswer(whole.Text, model.ID.Name, whole.Usage))
}

func newPromptAnswer(content, model string, usage *llm.Usage) promptAnswer {
	answer := promptAnswer{Content: content}
	if usage != nil {
		answer.Usage = map[string]promptUsage{model: {InputTokens: usage.InputTokens, OutputTokens: usage.OutputTokens}}
	}
	return answer
}

var promptRunV2Operation = operation{
	tag: "prompts", summary: "Run a registered prompt and count its tokens",
	description: "With \"stream\" true one object a line. 421 says that the model failed, not the gateway.",
	body:        promptRunBody.OpenAPI, answer: promptAnswerSchema, streams: true,
	refusals: []int{400, 401, 403, 404, 408, 413, 421, 422, 503},
}

func promptAnswerSchema(schema.Components) schema.Object {
	count := schema.NewObject("type", "integer")
	usage := schema.NewObject("type", "object", "properties", schema.NewObject("input_tokens", count, "output_tokens", count))
	return schema.NewObject("type", "object", "properties", schema.NewObject(
		"content", schema.NewObject("type", "string"),
		"usage", schema.NewObject("type", []any{"object", "null"}, "additionalProperties", usage),
	))
}
