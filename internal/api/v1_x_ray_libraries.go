package api

import (
	"errors"
	"net/http"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/chat"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// xRayLibraries is the body of POST /v1/x-ray/libraries (spec/http-api.md 13).
type xRayLibraries struct {
	PromptComponents []xRayComponent `json:"prompt_components" schema:"min=1,max=1"`
}

type xRayComponent struct {
	Type     string            `json:"type" schema:"default=x_ray_package_file_prompt,literal=x_ray_package_file_prompt"`
	Payload  xRayPayload       `json:"payload"`
	Metadata map[string]string `json:"metadata" schema:"optional" keys:"max=100" each:"max=255" doc:"At most 10 entries. Not used."`
}

type xRayPayload struct {
	Prompt   string `json:"prompt" schema:"max=400000" doc:"Sent as it is."`
	Provider string `json:"provider" schema:"literal=anthropic" spelled:"KindModelProvider.ANTHROPIC"`
	Model    string `json:"model" schema:"literal=claude-2.1" spelled:"KindAnthropicModel.CLAUDE_2_1"`
}

// CheckField implements schema.FieldChecker.
func (c *xRayComponent) CheckField(key string) error {
	if key == "metadata" && len(c.Metadata) > 10 {
		return errors.New("metadata cannot has more than 10 elements")
	}
	return nil
}

var xRayLibrariesBody = schema.MustCompile[xRayLibraries]()

// xRayAnswer is the answer.
type xRayAnswer struct {
	Response string `json:"response"`
}

// xRayModel answers, although clients must ask for another one.
const xRayModel = "claude-2.0"

// xRayLibrariesV1 serves POST /v1/x-ray/libraries, for CI jobs of older GitLab versions (spec/http-api.md 13).
func (s *Server) xRayLibrariesV1(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	body, err := xRayLibrariesBody.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	observe.RecordFrom(r.Context()).Set(observe.FeatureCategory, string(auth.CategoryCodeSuggestions))
	if !allowsInstance(r, auth.GenerateCode) {
		return forbidden("Unauthorized to access X Ray")
	}
	s.trackUse(r, events.XRayV1, auth.GenerateCode)
	question := &chat.Question{
		Provider: "anthropic", Model: xRayModel, Text: body.PromptComponents[0].Payload.Prompt,
		Echo: []llm.Arg{{Name: "_suffix", Value: ""}},
	}
	answer, err := llm.Collect(s.SingleTurn.Ask(r.Context(), question, false))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, xRayAnswer{Response: answer.Text})
}

var xRayLibrariesOperation = operation{
	tag: "x-ray", summary: "Describe the libraries of a project", deprecated: true,
	description: "For CI jobs of older GitLab versions.",
	body:        xRayLibrariesBody.OpenAPI, answer: schema.MustCompile[xRayAnswer]().OpenAPI,
	refusals: []int{400, 401, 403, 408, 413, 422, 503},
}
