package api

import (
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/prompting"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// completionsV2 is the body of POST /v2/code/completions: one of three versions (spec/http-api.md 19.1).
type completionsV2 struct {
	schema.Tagged `tag:"prompt_version,int"`
	V1            *completionsV2v1 `case:"1"`
	V2            *completionsV2v2 `case:"2"`
	V3            *completionsV2v3 `case:"3"`
}

type completionsV2v1 struct{ completionFields }

type completionsV2v2 struct {
	completionFields
	Prompt *string `json:"prompt" doc:"Selects how the model is asked; its text is not used."`
}

type completionsV2v3 struct {
	completionFields
	Prompt []message `json:"prompt" schema:"optional" doc:"Messages for the model, as they are."`
}

type completionFields struct{ codeFields }

// CheckField implements schema.FieldChecker.
func (f *completionFields) CheckField(key string) error {
	if key != "model_name" {
		return nil
	}
	return f.checkModel("code completions", completionModels)
}

// completionModels are the models that each provider completes code with (spec/http-api.md 10).
var completionModels = map[string][]string{
	"anthropic":    {"claude-2.1", "claude-3-5-sonnet-20240620"},
	"vertex-ai":    {"code-gecko@002"},
	"litellm":      selfHostedCompletionModels,
	"codestral":    selfHostedCompletionModels,
	"fireworks_ai": selfHostedCompletionModels,
}

var selfHostedCompletionModels = append([]string{"qwen2p5-coder-7b"}, selfHostedModels...)

// completionProvider is how a self-hosted model is asked to complete code when its identifier does not say: code models continue texts.
const completionProvider = "text-completion-openai"

var completionsV2Body = schema.MustCompile[completionsV2]()

// codeCompletionsV2 serves POST /v2/code/completions and its alias /v2/completions (spec/http-api.md 19).
func (s *Server) codeCompletionsV2(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	body, err := completionsV2Body.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	observe.RecordFrom(r.Context()).Set(observe.FeatureCategory, string(auth.CategoryCodeSuggestions))
	if !auth.UserFrom(r.Context()).Can(auth.CompleteCode) {
		return forbidden("Unauthorized to access code completions")
	}
	s.trackUse(r, events.CodeSuggestionsV2, auth.CompleteCode)
	s.logCompletionInput(r, body)
	track := s.suggestionRequested(r, body.fields().file())
	req, err := s.completionRequest(r, body)
	if err != nil {
		return err
	}
	req.Track = track
	pipeline, err := s.Suggestions.Completion(req)
	if err != nil {
		return err
	}
	return s.suggest(w, r, pipeline, body.fields(), "code completion suggestion:")
}

// completionRequest is what the engine is asked.
func (s *Server) completionRequest(r *http.Request, body *completionsV2) (*codesuggestions.CompletionRequest, error) {
	fields := body.fields()
	req := &codesuggestions.CompletionRequest{
		File:     fields.file(),
		Caller:   caller(r),
		Choices:  int(min(fields.ChoicesCount, 1<<30)),
		Advanced: s.advancedContext(r),
	}
	for _, c := range fields.Context {
		req.Context = append(req.Context, c.Content)
	}
	switch {
	case body.V1 != nil:
		req.PromptVersion = 1
	case body.V2 != nil:
		req.PromptVersion, req.Prompt = 2, rawPrompt(body.V2.Prompt, nil)
	default:
		req.PromptVersion, req.Prompt = 3, rawPrompt(nil, body.V3.Prompt)
	}
	req.Provider = codesuggestions.Provider(text(fields.ModelProvider))
	target, err := fields.target(req.Registered(), completionProvider)
	req.Target = target
	return req, err
}

// fields are those that all versions have.
func (b *completionsV2) fields() *codeFields {
	switch {
	case b.V1 != nil:
		return &b.V1.codeFields
	case b.V2 != nil:
		return &b.V2.codeFields
	default:
		return &b.V3.codeFields
	}
}

// advancedContext says whether the editor's language server is new enough for code context (spec/code-suggestions.md 3).
func (s *Server) advancedContext(r *http.Request) bool {
	version := r.Header.Get("X-Gitlab-Language-Server-Version")
	supported, err := prompting.SupportsAdvancedContext(version)
	if err != nil {
		observe.Named(s.Log, "codesuggestions").WarnContext(r.Context(),
			"Invalid X-Gitlab-Language-Server-Version header passed.", "version", version)
	}
	return supported
}

var codeCompletionsOperation = operation{
	tag: "completions", summary: "Complete code at the cursor",
	description: "With \"stream\" true the models that can answer with bare text, piece by piece.",
	body:        completionsV2Body.OpenAPI, answer: codeAnswerSchema.OpenAPI, streams: true,
	refusals: []int{400, 401, 403, 408, 413, 422, 503},
}
