package api

import (
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// What POST /v3/code/completions and POST /v4/code/suggestions share: all but the form of their streams (spec/http-api.md 22).

// editorComponents is their body.
type editorComponents struct {
	PromptComponents []editorComponent `json:"prompt_components" schema:"min=1,max=100" doc:"The first decides and supplies everything but context."`
	ModelMetadata    *modelMetadata    `json:"model_metadata" doc:"A self-hosted model, which is asked in place of the gateway's own."`
}

// editorComponent is a completion, a generation, or code of another file.
type editorComponent struct {
	schema.Tagged `tag:"type"`
	Completion    *completionComponent `case:"code_editor_completion" spelled:"CodeEditorComponents.COMPLETION"`
	Generation    *generationComponent `case:"code_editor_generation" spelled:"CodeEditorComponents.GENERATION"`
	Context       *contextComponent    `case:"code_context" spelled:"CodeEditorComponents.CONTEXT"`
}

type completionComponent struct {
	Payload  completionPayload  `json:"payload"`
	Metadata *componentMetadata `json:"metadata" doc:"Not used."`
}

type generationComponent struct {
	Payload  generationPayload  `json:"payload"`
	Metadata *componentMetadata `json:"metadata" doc:"Not used."`
}

type contextComponent struct {
	Payload  contextPayload     `json:"payload"`
	Metadata *componentMetadata `json:"metadata" doc:"Not used."`
}

type componentMetadata struct {
	Source  string `json:"source" schema:"max=255"`
	Version string `json:"version" schema:"max=255"`
}

// editorPayload are the fields of both kinds of suggestion.
type editorPayload struct {
	FileName           string  `json:"file_name" schema:"strip,max=255" doc:"Path of the file."`
	ContentAboveCursor string  `json:"content_above_cursor" schema:"max=100000" doc:"What stands above the cursor."`
	ContentBelowCursor string  `json:"content_below_cursor" schema:"max=100000" doc:"What stands below the cursor."`
	LanguageIdentifier *string `json:"language_identifier" schema:"max=255" doc:"The editor's identifier of the language."`
	ModelProvider      *string `json:"model_provider" schema:"literal=vertex-ai|anthropic" spelled:"ModelProvider.VERTEX_AI|ModelProvider.ANTHROPIC" doc:"Who serves the model; the gateway's choice when absent."`
	Stream             bool    `json:"stream" schema:"default=false,nullable" doc:"Answer piece by piece, where the model can."`
}

type completionPayload struct {
	editorPayload
	ChoicesCount int64           `json:"choices_count" schema:"default=0,nullable" doc:"Wanted number of suggestions."`
	ModelName    *string         `json:"model_name" doc:"Model of the provider anthropic."`
	Prompt       *textOrMessages `json:"prompt" doc:"Prompt for the provider anthropic, as it is."`
}

// textOrMessages is a prompt that the client made.
type textOrMessages struct {
	schema.Union
	Text     *string   `variant:"str"`
	Messages []message `variant:"list[Message]"`
}

type generationPayload struct {
	editorPayload
	Prompt         *string       `json:"prompt" schema:"max=400000" doc:"Prompt for the model, as it is."`
	PromptID       *string       `json:"prompt_id" doc:"A registered prompt."`
	PromptEnhancer schema.Object `json:"prompt_enhancer" schema:"optional" doc:"Variables of the registered prompt."`
}

type contextPayload struct {
	Type    string `json:"type" schema:"max=1024"`
	Name    string `json:"name" schema:"max=1024"`
	Content string `json:"content" schema:"max=100000"`
}

var editorComponentsBody = schema.MustCompile[editorComponents]()

// generationPrompt is the id of the registered prompt that generates code.
const generationPrompt = "code_suggestions/generations"

// errContextFirst refuses a body whose first component suggests nothing.
var errContextFirst = &codesuggestions.InvalidError{
	Detail: "The first of prompt_components must be a code_editor_completion or a code_editor_generation",
}

// editorPipeline reads a request and selects the pipeline that answers it.
func (s *Server) editorPipeline(w http.ResponseWriter, r *http.Request) (pipeline *codesuggestions.Pipeline, stream bool, err error) {
	raw, err := s.readBody(w, r)
	if err != nil {
		return nil, false, err
	}
	body, err := editorComponentsBody.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return nil, false, err
	}
	observe.RecordFrom(r.Context()).Set(observe.FeatureCategory, string(auth.CategoryCodeSuggestions))
	if !allowsInstance(r, auth.CompleteCode) {
		return nil, false, forbidden("Unauthorized to access code suggestions")
	}
	switch first := body.PromptComponents[0]; {
	case first.Completion != nil:
		req := s.editorCompletion(r, body, &first.Completion.Payload)
		req.Track = s.suggestionTokens(r, req.File)
		pipeline, err = s.Suggestions.Completion(req)
		return pipeline, first.Completion.Payload.Stream, err
	case first.Generation != nil:
		req := editorGeneration(r, body, &first.Generation.Payload)
		req.Track = s.suggestionTokens(r, req.File)
		pipeline, err = s.Suggestions.Generation(req)
		s.logRegisteredGeneration(r, req.PromptID, pipeline)
		return pipeline, first.Generation.Payload.Stream, err
	default:
		return nil, false, errContextFirst
	}
}

func (p *editorPayload) file() codesuggestions.File {
	return codesuggestions.File{
		Name: p.FileName, Above: p.ContentAboveCursor, Below: p.ContentBelowCursor, EditorLanguage: p.LanguageIdentifier,
	}
}

// editorCompletion asks the self-hosted model that stands beside the components, if there is one, by the registered prompt for completions,
// which has no use for a prompt of the client's own. Context counts only from editors that are new enough (spec/code-suggestions.md 3).
func (s *Server) editorCompletion(r *http.Request, body *editorComponents, p *completionPayload) *codesuggestions.CompletionRequest {
	req := &codesuggestions.CompletionRequest{
		File:          p.file(),
		Target:        codesuggestions.Target{Provider: codesuggestions.Provider(text(p.ModelProvider)), Model: text(p.ModelName)},
		Caller:        caller(r),
		PromptVersion: 3,
		Choices:       int(min(p.ChoicesCount, 1<<30)),
		Advanced:      s.advancedContext(r),
		Components:    true,
	}
	switch metadata := body.ModelMetadata.promptMetadata(); {
	case metadata != nil:
		metadata.Provider = completionProvider
		req.PromptVersion, req.Target = 2, codesuggestions.Target{Provider: codesuggestions.LiteLLM, Model: metadata.Name, Metadata: metadata}
	case p.Prompt != nil:
		req.Prompt = rawPrompt(p.Prompt.Text, p.Prompt.Messages)
	}
	for _, c := range body.PromptComponents {
		if c.Context != nil && req.Advanced {
			req.Context = append(req.Context, c.Context.Payload.Content)
		}
	}
	return req
}

// editorGeneration leaves out an empty prompt: the gateway makes one then. Anthropic is asked to continue a text, as with prompt version 1. A
// self-hosted model beside the components is asked by a registered prompt also when none is named: nothing may go to another model then.
func editorGeneration(r *http.Request, body *editorComponents, p *generationPayload) *codesuggestions.GenerationRequest {
	req := &codesuggestions.GenerationRequest{
		File: p.file(),
		Target: codesuggestions.Target{
			Provider: codesuggestions.Provider(text(p.ModelProvider)), Metadata: body.ModelMetadata.promptMetadata(),
		},
		Caller:        caller(r),
		PromptVersion: 1,
		PromptID:      text(p.PromptID),
		Enhancer:      p.PromptEnhancer.Plain(),
	}
	if prompt := text(p.Prompt); prompt != "" && req.PromptID == "" {
		req.Prompt = rawPrompt(&prompt, nil)
	}
	if req.Metadata != nil && req.PromptID == "" {
		req.PromptID = generationPrompt
	}
	return req
}

// editorAnswer is the answer in one piece (spec/http-api.md 22.5).
type editorAnswer struct {
	Choices  []codeChoice   `json:"choices"`
	Metadata editorMetadata `json:"metadata"`
}

type editorMetadata struct {
	Model     editorModel `json:"model"`
	Timestamp int64       `json:"timestamp"`
}

type editorModel struct {
	Engine string `json:"engine"`
	Name   string `json:"name"`
	Lang   string `json:"lang"`
}

var editorAnswerSchema = schema.MustCompile[editorAnswer]()

// answerEditor runs a pipeline and answers in one piece.
func (s *Server) answerEditor(w http.ResponseWriter, r *http.Request, pipeline *codesuggestions.Pipeline) error {
	suggestion, err := pipeline.Run(r.Context())
	if err != nil {
		return err
	}
	s.logEditorCompletion(r, suggestion)
	return writeJSON(w, http.StatusOK, editorAnswer{
		Choices: newCodeChoices(suggestion.Choices),
		Metadata: editorMetadata{
			Model:     editorModel{Engine: suggestion.Model.Engine, Name: suggestion.Model.Name, Lang: suggestion.Language},
			Timestamp: time.Now().Unix(),
		},
	})
}
