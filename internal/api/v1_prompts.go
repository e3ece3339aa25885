package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// promptRun is the body of POST /v1/prompts/{prompt_id} (spec/http-api.md 15.1, spec/prompts.md 4.1).
type promptRun struct {
	Inputs        schema.Object  `json:"inputs" doc:"Variables of the prompt's templates."`
	Stream        bool           `json:"stream" schema:"default=false,nullable" doc:"Answer piece by piece."`
	ModelMetadata *modelMetadata `json:"model_metadata" doc:"A self-hosted model."`
	PromptVersion *string        `json:"prompt_version" doc:"Wanted versions of the prompt, as a constraint such as ^1.0.0."`
}

var promptRunBody = schema.MustCompile[promptRun]()

// promptsV1 serves POST /v1/prompts/{prompt_id}: it runs a registered prompt (spec/http-api.md 15).
func (s *Server) promptsV1(w http.ResponseWriter, r *http.Request) error {
	run, err := s.promptRun(w, r)
	if err != nil {
		return err
	}
	answer, err := run.start(r)
	if err != nil {
		return err
	}
	if run.stream {
		return writeText(w, answer)
	}
	whole, err := llm.Collect(answer, nil)
	if err != nil {
		return promptFailure(err)
	}
	return writeJSON(w, http.StatusOK, whole.Text)
}

// preparedRun is a prompt that the caller may run, with its inputs.
type preparedRun struct {
	prompt *prompt.Prompt
	inputs map[string]any
	stream bool
}

// promptRun reads a request and finds the prompt that it may run.
func (s *Server) promptRun(w http.ResponseWriter, r *http.Request) (*preparedRun, error) {
	raw, err := s.readBody(w, r)
	if err != nil {
		return nil, err
	}
	body, err := promptRunBody.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	observe.RecordFrom(r.Context()).Set(observe.FeatureCategory, string(auth.CategoryAIAbstractionLayer))
	id := r.PathValue("prompt_id")
	if id == agentPrompt {
		return nil, &statusError{http.StatusUnprocessableEntity, fmt.Sprintf("Prompt '%s' is not supported", id)}
	}
	var constraint string
	if body.PromptVersion != nil {
		constraint = *body.PromptVersion
	}
	p, err := s.Prompts.GetVersion(id, constraint, body.ModelMetadata.promptMetadata())
	if err != nil {
		return nil, promptNotRun(id, err)
	}
	var used []auth.UnitPrimitive
	for _, name := range p.UnitPrimitives() {
		if up := auth.UnitPrimitive(name); auth.UserFrom(r.Context()).Can(up) {
			used = append(used, up)
			continue
		}
		return nil, forbidden(fmt.Sprintf("Unauthorized to access '%s'", id))
	}
	s.trackUse(r, events.PromptsV1, used...)
	return &preparedRun{prompt: p, inputs: body.Inputs.Plain(), stream: body.Stream}, nil
}

// agentPrompt needs the chat agent around it.
const agentPrompt = "chat/react"

// start asks the model; a refusal is known before anything is answered.
func (p *preparedRun) start(r *http.Request) (llm.Stream, error) {
	answer, err := p.prompt.Generate(r.Context(), p.inputs, p.stream)
	if err != nil {
		return nil, promptFailure(err)
	}
	return answer, nil
}

// promptNotRun is the answer when there is no prompt to run.
func promptNotRun(id string, err error) error {
	var (
		notFound   *prompt.NotFound
		noSuch     *prompt.NoVersion
		unreadable *prompt.InvalidConstraint
	)
	switch {
	case errors.As(err, &unreadable):
		return &statusError{http.StatusUnprocessableEntity, "Invalid version constraint"}
	case errors.As(err, &noSuch):
		return badRequest("No prompt version found matching the query: " + noSuch.Constraint)
	case errors.As(err, &notFound):
		return &statusError{http.StatusNotFound, fmt.Sprintf("Prompt '%s' not found", id)}
	case errors.Is(err, prompt.ErrCustomModelsDisabled):
		return &statusError{http.StatusBadRequest, "Endpoint override not allowed when custom models are disabled."}
	case errors.Is(err, prompt.ErrFixedModel):
		return &statusError{http.StatusBadRequest, fmt.Sprintf("Prompt '%s' does not take another model", id)}
	default:
		return err
	}
}

// promptFailure tells GitLab that the model failed, not the gateway: 421, with the status that the model's server gave
// (spec/http-api.md 15.2).
func promptFailure(err error) error {
	failure := llm.ErrorOf(err)
	if failure == nil || errors.Is(err, llm.ErrHeldBack) || (failure.Kind == llm.NotConfigured && !errors.Is(err, llm.ErrUnknownProvider)) {
		return err
	}
	status := failure.Status
	switch {
	case status != 0:
	case failure.Kind == llm.TimedOut:
		status = http.StatusRequestTimeout
	case failure.Kind == llm.Refused:
		status = http.StatusBadRequest
	default:
		status = http.StatusInternalServerError
	}
	return fmt.Errorf("%w: %w", &statusError{http.StatusMisdirectedRequest, strconv.Itoa(status) + ": " + reasonPhrase(status)}, failure)
}

// reasonPhrase is the name of a status as the contract has it.
func reasonPhrase(status int) string {
	switch status {
	case http.StatusRequestURITooLong:
		return "Request-URI Too Long"
	case http.StatusTeapot:
		return "I'm a Teapot"
	case 529:
		return "Overloaded"
	}
	if name := http.StatusText(status); name != "" {
		return name
	}
	return "Unknown Status"
}

// missingVariables is the contract's text for inputs that lack what a prompt requires (spec/http-api.md 15.2). It is quoted as a whole.
func missingVariables(e *prompt.MissingVariables) string {
	first := e.Missing[0]
	return `"Input to ChatPromptTemplate is missing variables {` + quotedList(e.Missing) + `}.  Expected: [` + quotedList(e.Expected) +
		`] Received: [` + quotedList(e.Received) + `]\nNote: if you intended {` + first +
		`} to be part of the string and not a variable, please escape it with double curly braces like: '{{` + first + `}}'."`
}

func quotedList(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "'" + strings.Join(names, "', '") + "'"
}

var promptRunOperation = operation{
	tag: "prompts", summary: "Run a registered prompt",
	description: "The answer is a JSON string; with \"stream\" true bare text, piece by piece. 421 says that the model failed, not the gateway.",
	body:        promptRunBody.OpenAPI, answer: func(schema.Components) schema.Object { return schema.NewObject("type", "string") }, streams: true,
	refusals: []int{400, 401, 403, 404, 408, 413, 421, 422, 503},
}
