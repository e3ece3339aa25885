package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/releases"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// What the two v2 code endpoints share: the fields of their bodies and the form of their answers (spec/http-api.md 19, 20).

// codeFields are the fields of every v2 body but the prompt.
type codeFields struct {
	ProjectPath     *string      `json:"project_path" schema:"strip,max=255" doc:"Path of the project. Not used."`
	ProjectID       *int64       `json:"project_id" doc:"ID of the project. Not used."`
	CurrentFile     currentFile  `json:"current_file" doc:"The file that the editor has open."`
	ModelProvider   *string      `json:"model_provider" schema:"enum=anthropic|vertex-ai|litellm|codestral|fireworks_ai" doc:"Who serves the model; the gateway's choice when absent."`
	ModelEndpoint   *string      `json:"model_endpoint" doc:"Base URL of a self-hosted model server."`
	ModelAPIKey     *string      `json:"model_api_key" schema:"secret" doc:"Key of the self-hosted model server."`
	ModelIdentifier *string      `json:"model_identifier" doc:"Provider and name of the model at its server, e.g. custom_openai/my-model."`
	ModelName       *string      `json:"model_name" schema:"strip,max=50" doc:"Model, or family of a self-hosted model."`
	Telemetry       []telemetry  `json:"telemetry" schema:"default=[],max=10" doc:"What became of earlier suggestions."`
	Stream          bool         `json:"stream" schema:"default=false,nullable" doc:"Answer piece by piece, where the model can."`
	ChoicesCount    int64        `json:"choices_count" schema:"default=0,nullable" doc:"Wanted number of suggestions."`
	Context         []codeOfFile `json:"context" schema:"default=[],max=100" doc:"Code of other files."`
	PromptID        *string      `json:"prompt_id" doc:"A registered prompt; generations only."`
}

// currentFile is the file around the cursor.
type currentFile struct {
	FileName           string  `json:"file_name" schema:"strip,max=255" doc:"Path of the file."`
	LanguageIdentifier *string `json:"language_identifier" schema:"max=255" doc:"The editor's identifier of the language."`
	ContentAboveCursor string  `json:"content_above_cursor" schema:"max=100000" doc:"What stands above the cursor."`
	ContentBelowCursor string  `json:"content_below_cursor" schema:"max=100000" doc:"What stands below the cursor."`
}

// codeOfFile is code from elsewhere in the project.
type codeOfFile struct {
	Type    string `json:"type" schema:"max=1024" doc:"file or snippet."`
	Name    string `json:"name" schema:"max=1024" doc:"Where the code is from."`
	Content string `json:"content" schema:"max=500000" doc:"The code."`
}

// telemetry is what an editor counted since its last request (spec/observability.md 9.4).
type telemetry struct {
	ModelEngine *string           `json:"model_engine" schema:"max=50"`
	ModelName   *string           `json:"model_name" schema:"max=50"`
	Lang        *string           `json:"lang" schema:"max=50"`
	Experiments []experimentCount `json:"experiments" schema:"optional"`
	Requests    int64             `json:"requests" schema:"ge=0"`
	Accepts     int64             `json:"accepts" schema:"ge=0"`
	Errors      int64             `json:"errors" schema:"ge=0"`
}

type experimentCount struct {
	Name    string `json:"name"`
	Variant int64  `json:"variant"`
}

// message is one turn of a prompt that the client made.
type message struct {
	Role    string `json:"role" schema:"enum=system|user|assistant"`
	Content string `json:"content"`
}

// Normalize implements schema.Normalizer: later GitLab versions ask for the default model by a provider "gitlab" (spec/clients.md 19).
func (*codeFields) Normalize(o schema.Object) schema.Object {
	if provider, _ := o.Get("model_provider"); provider.Text() != releases.DefaultProvider {
		return o
	}
	var pairs []any
	for key, value := range o.All() {
		if key != "model_provider" && key != "model_name" {
			pairs = append(pairs, key, value)
		}
	}
	return schema.NewObject(pairs...)
}

// selfHostedModels are the families of self-hosted models that both complete and generate code.
var selfHostedModels = append([]string{
	"codegemma", "codellama", "codestral", "mistral", "mixtral", "deepseekcoder", "claude_3", "gpt",
}, releases.ModelFamilies...)

// checkModel is the rule of spec/http-api.md 19.2: with a valid provider, a name that was sent, null included, must be one of the
// provider's for the use case.
func (f *codeFields) checkModel(useCase string, allowed map[string][]string) error {
	if f.ModelProvider == nil {
		return nil
	}
	name := "None"
	if f.ModelName != nil {
		name = *f.ModelName
		if slices.Contains(allowed[*f.ModelProvider], name) {
			return nil
		}
	}
	return fmt.Errorf("model %s is not supported by use case %s and provider %s", name, useCase, *f.ModelProvider)
}

func (f *codeFields) file() codesuggestions.File {
	return codesuggestions.File{
		Name:           f.CurrentFile.FileName,
		Above:          f.CurrentFile.ContentAboveCursor,
		Below:          f.CurrentFile.ContentBelowCursor,
		EditorLanguage: f.CurrentFile.LanguageIdentifier,
	}
}

// target is the model that the client asks for. Where a registered prompt answers, the description of its model must be whole: it is
// checked here, and its failure is a 422 in the text form of spec/http-api.md 8.6.
func (f *codeFields) target(registered bool, metadataProvider string) (codesuggestions.Target, error) {
	target := codesuggestions.Target{
		Provider:   codesuggestions.Provider(text(f.ModelProvider)),
		Model:      text(f.ModelName),
		Server:     llm.Server{URL: text(f.ModelEndpoint), Key: text(f.ModelAPIKey)},
		Identifier: text(f.ModelIdentifier),
	}
	if !registered {
		return target, nil
	}
	metadata, err := checkModelMetadata(f, metadataProvider)
	if err != nil {
		return target, err
	}
	target.Metadata = metadata
	return target, nil
}

// caller is what the engine needs to know of the user.
func caller(r *http.Request) codesuggestions.Caller {
	user := auth.UserFrom(r.Context())
	return codesuggestions.Caller{
		UserID: user.GlobalUserID,
		Can:    func(unitPrimitive string) bool { return user.Can(auth.UnitPrimitive(unitPrimitive)) },
	}
}

// rawPrompt is the prompt of a body of version 2 or 3.
func rawPrompt(prompt *string, messages []message) *codesuggestions.RawPrompt {
	switch {
	case prompt != nil:
		return &codesuggestions.RawPrompt{Text: *prompt}
	case messages != nil:
		turns := make([]llm.Message, len(messages))
		for i, m := range messages {
			turns[i] = llm.Message{Role: llm.Role(m.Role), Content: m.Content}
		}
		return &codesuggestions.RawPrompt{Messages: turns}
	default:
		return nil
	}
}

// codeAnswer is the answer of the v2 code endpoints (spec/http-api.md 19.5).
type codeAnswer struct {
	ID          string                       `json:"id"`
	Model       codeModel                    `json:"model"`
	Experiments []codesuggestions.Experiment `json:"experiments"`
	Object      string                       `json:"object"`
	Created     int64                        `json:"created"`
	Choices     []codeChoice                 `json:"choices"`
}

var codeAnswerSchema = schema.MustCompile[codeAnswer]()

type codeModel struct {
	Engine string                             `json:"engine"`
	Name   string                             `json:"name"`
	Lang   string                             `json:"lang"`
	Tokens *codesuggestions.TokensConsumption `json:"tokens_consumption_metadata"`
}

type codeChoice struct {
	Text         string `json:"text"`
	Index        int    `json:"index"`
	FinishReason string `json:"finish_reason"`
}

// newCodeAnswer fills in what the contract fixes: the id is "id", every index 0 and every finish reason "length".
func newCodeAnswer(s *codesuggestions.Suggestion) codeAnswer {
	answer := codeAnswer{
		ID:          "id",
		Model:       codeModel{Engine: s.Model.Engine, Name: s.Model.Name, Lang: s.Language, Tokens: s.Tokens},
		Experiments: s.Experiments,
		Object:      "text_completion",
		Created:     time.Now().Unix(),
		Choices:     newCodeChoices(s.Choices),
	}
	if answer.Experiments == nil {
		answer.Experiments = []codesuggestions.Experiment{}
	}
	return answer
}

func newCodeChoices(texts []string) []codeChoice {
	choices := make([]codeChoice, len(texts))
	for i, text := range texts {
		choices[i] = codeChoice{Text: text, FinishReason: "length"}
	}
	return choices
}

// suggest runs a pipeline and answers: piece by piece when the client wants that and the pipeline can, else in one JSON object. What is
// suggested then is logged with the given message (spec/observability.md 6).
func (s *Server) suggest(w http.ResponseWriter, r *http.Request, pipeline *codesuggestions.Pipeline, fields *codeFields, message string) error {
	if fields.Stream && pipeline.Streams() {
		pieces, err := pipeline.Stream(r.Context())
		s.reportTelemetry(r, fields.Telemetry)
		if err != nil {
			return err
		}
		return writeText(w, pieces)
	}
	suggestion, err := pipeline.Run(r.Context())
	s.reportTelemetry(r, fields.Telemetry)
	if err != nil {
		return err
	}
	for i, choice := range suggestion.Choices {
		observe.RequestLog(r.Context(), s.Log, "codesuggestions", slog.LevelDebug, message,
			slog.String("suggestion", choice), slog.Float64("score", suggestion.Scores[i]), slog.String("language", suggestion.Language))
	}
	return writeJSON(w, http.StatusOK, newCodeAnswer(suggestion))
}

// reportTelemetry counts what the editor sent along, once the model was asked, with success or not.
func (s *Server) reportTelemetry(r *http.Request, all []telemetry) {
	for _, t := range all {
		counted := observe.ClientTelemetry{
			ModelEngine: text(t.ModelEngine), ModelName: text(t.ModelName), Language: t.Lang,
			Requests: t.Requests, Accepts: t.Accepts, Errors: t.Errors,
		}
		for _, e := range t.Experiments {
			counted.Experiments = append(counted.Experiments, observe.ClientExperiment(e))
		}
		s.Metrics.ClientTelemetry(r.Context(), s.Log, counted)
	}
}

// text is the text of an optional field, empty when it was not given.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
