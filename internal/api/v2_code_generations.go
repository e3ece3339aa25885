package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// generationsV2 is the body of POST /v2/code/generations: one of three versions (spec/http-api.md 20.1).
type generationsV2 struct {
	schema.Tagged `tag:"prompt_version,int"`
	V1            *generationsV2v1 `case:"1"`
	V2            *generationsV2v2 `case:"2"`
	V3            *generationsV2v3 `case:"3"`
}

type generationsV2v1 struct{ generationFields }

type generationsV2v2 struct {
	generationFields
	Prompt string `json:"prompt" doc:"Prompt for the model as it is, or the instruction of a registered prompt."`
}

type generationsV2v3 struct {
	generationFields
	Prompt []message `json:"prompt" doc:"Messages for the model, as they are."`
}

type generationFields struct{ codeFields }

// CheckField implements schema.FieldChecker.
func (f *generationFields) CheckField(key string) error {
	if key != "model_name" {
		return nil
	}
	return f.checkModel("code generations", generationModels)
}

// generationModels are the models that each provider generates code with (spec/http-api.md 10).
var generationModels = map[string][]string{
	"anthropic": {
		"claude-2.0", "claude-2.1", "claude-3-opus-20240229", "claude-3-sonnet-20240229", "claude-3-5-sonnet-20240620",
		"claude-3-haiku-20240307", "claude-3-5-haiku-20241022", "claude-3-5-sonnet-20241022",
	},
	"vertex-ai":    {"code-bison@002"},
	"litellm":      selfHostedGenerationModels,
	"codestral":    selfHostedGenerationModels,
	"fireworks_ai": selfHostedGenerationModels,
}

var selfHostedGenerationModels = append([]string{"claude_3.5"}, selfHostedModels...)

var generationsV2Body = schema.MustCompile[generationsV2]()

// codeGenerationsV2 serves POST /v2/code/generations (spec/http-api.md 20).
func (s *Server) codeGenerationsV2(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	body, err := generationsV2Body.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	observe.RecordFrom(r.Context()).Set(observe.FeatureCategory, string(auth.CategoryCodeSuggestions))
	if !allowsInstance(r, auth.GenerateCode) {
		return forbidden("Unauthorized to access code generations")
	}
	s.trackUse(r, events.CodeSuggestionsV2, auth.GenerateCode)
	s.logGenerationInput(r, body)
	track := s.suggestionRequested(r, body.fields().file())
	req, err := generationRequest(r, body)
	if err != nil {
		return err
	}
	req.Track = track
	pipeline, err := s.Suggestions.Generation(req)
	if err != nil {
		return err
	}
	return s.suggest(w, r, pipeline, body.fields(), "code creation suggestion:")
}

// generationRequest is what the engine is asked.
func generationRequest(r *http.Request, body *generationsV2) (*codesuggestions.GenerationRequest, error) {
	fields := body.fields()
	req := &codesuggestions.GenerationRequest{File: fields.file(), Caller: caller(r), PromptID: text(fields.PromptID)}
	switch {
	case body.V1 != nil:
		req.PromptVersion = 1
	case body.V2 != nil:
		req.PromptVersion, req.Prompt = 2, rawPrompt(&body.V2.Prompt, nil)
	default:
		req.PromptVersion, req.Prompt = 3, rawPrompt(nil, body.V3.Prompt)
	}
	target, err := fields.target(req.Registered(), "custom_openai")
	req.Target = target
	return req, err
}

// fields are those that all versions have.
func (b *generationsV2) fields() *codeFields {
	switch {
	case b.V1 != nil:
		return &b.V1.codeFields
	case b.V2 != nil:
		return &b.V2.codeFields
	default:
		return &b.V3.codeFields
	}
}

var codeGenerationsOperation = operation{
	tag: "completions", summary: "Generate code from an instruction",
	description: "With \"stream\" true the models that can answer with bare text, piece by piece.",
	body:        generationsV2Body.OpenAPI, answer: codeAnswerSchema.OpenAPI, streams: true,
	refusals: []int{400, 401, 403, 408, 413, 422, 503},
}
