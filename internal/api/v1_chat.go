package api

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/chat"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// chatInvokables are the names of the last path segment and the permission that each needs (spec/auth.md 11.4). They differ in nothing else.
var chatInvokables = map[string]auth.UnitPrimitive{
	"agent":                 auth.DuoChat,
	"explain_code":          auth.DuoChat,
	"write_tests":           auth.DuoChat,
	"refactor_code":         auth.DuoChat,
	"explain_vulnerability": auth.ExplainVulnerability,
	"summarize_comments":    auth.SummarizeComments,
	"troubleshoot_job":      auth.TroubleshootJob,
}

// chatV1 is the body of POST /v1/chat/{chat_invokable} (spec/http-api.md 11.1).
type chatV1 struct {
	PromptComponents []chatComponent `json:"prompt_components" schema:"min=1,max=1"`
	Stream           bool            `json:"stream" schema:"default=false,nullable" doc:"Answer with bare text, piece by piece."`
}

type chatComponent struct {
	Type     string       `json:"type" schema:"max=100"`
	Metadata chatMetadata `json:"metadata" doc:"Not used."`
	Payload  chatPayload  `json:"payload"`
}

type chatMetadata struct {
	Source  string `json:"source" schema:"max=100"`
	Version string `json:"version" schema:"max=100"`
}

type chatPayload struct {
	Content         chatContent `json:"content" doc:"The question: a text or messages."`
	Provider        *string     `json:"provider" schema:"literal=anthropic|litellm" spelled:"KindModelProvider.ANTHROPIC|KindModelProvider.LITELLM" doc:"Who serves the model; anthropic when absent."`
	Model           *chatModel  `json:"model" schema:"default=claude-2.0" doc:"Model, or family of a self-hosted model."`
	Params          *chatParams `json:"params" doc:"Count for Anthropic only."`
	ModelEndpoint   *string     `json:"model_endpoint" doc:"Base URL of a self-hosted model server."`
	ModelAPIKey     *string     `json:"model_api_key" schema:"secret" doc:"Key of the self-hosted model server."`
	ModelIdentifier *string     `json:"model_identifier" doc:"Provider and name of the model at its server."`
}

type chatContent struct {
	schema.Union
	Text     *string   `variant:"constrained-str" schema:"max=400000"`
	Messages []message `variant:"list[Message]" schema:"min=1,max=100"`
}

type chatModel struct {
	schema.Union
	Anthropic *string `variant:"str-enum[KindAnthropicModel]" schema:"enum=claude-2.0|claude-2.1|claude-3-opus-20240229|claude-3-sonnet-20240229|claude-3-5-sonnet-20240620|claude-3-haiku-20240307|claude-3-5-haiku-20241022|claude-3-5-sonnet-20241022"`
	LiteLLM   *string `variant:"str-enum[KindLiteLlmModel]" schema:"enum=codegemma|codellama|codestral|mistral|mixtral|deepseekcoder|claude_3|claude_3.5|gpt|qwen2p5-coder-7b"`
}

type chatParams struct {
	StopSequences     []string `json:"stop_sequences" schema:"default=[\"\\n\\nHuman\",\"Observation:\"],min=1,max=10" each:"max=225"`
	Temperature       float64  `json:"temperature" schema:"default=0.2,ge=0,le=1"`
	MaxTokensToSample int64    `json:"max_tokens_to_sample" schema:"default=8192,ge=1,le=8192"`
}

var chatV1Body = schema.MustCompile[chatV1]()

// chatAnswer is the answer in one piece.
type chatAnswer struct {
	Response string             `json:"response"`
	Metadata chatAnswerMetadata `json:"metadata"`
}

type chatAnswerMetadata struct {
	Provider  string `json:"provider"`
	Model     string `json:"model"`
	Timestamp int64  `json:"timestamp"` // Unix seconds
}

// chatV1 serves POST /v1/chat/{chat_invokable}: one question to one model (spec/http-api.md 11).
func (s *Server) chatV1(w http.ResponseWriter, r *http.Request) error {
	raw, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	body, err := chatV1Body.Decode(raw, r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	permission, known := chatInvokables[r.PathValue("chat_invokable")]
	if !known {
		return &statusError{http.StatusNotFound, "Not found"}
	}
	if !auth.UserFrom(r.Context()).Can(permission) {
		return forbidden(fmt.Sprintf("Unauthorized to access %s", permission))
	}
	setFeature(r, permission)
	s.trackUse(r, events.ChatV1, permission)
	question, err := body.PromptComponents[0].Payload.question()
	if err != nil {
		return err
	}
	stream := body.Stream && s.SingleTurn.Streams(question)
	answer, err := s.SingleTurn.Ask(r.Context(), question, stream)
	if err != nil {
		return chatFailure(question, err)
	}
	if stream {
		return writeText(w, answer)
	}
	whole, err := llm.Collect(answer, nil)
	if err != nil {
		return chatFailure(question, err)
	}
	return writeJSON(w, http.StatusOK, chatAnswer{
		Response: whole.Text,
		Metadata: chatAnswerMetadata{Provider: question.Provider, Model: question.Model, Timestamp: time.Now().Unix()},
	})
}

// setFeature notes what a request is about by the permission that it needed (spec/observability.md 10).
func setFeature(r *http.Request, up auth.UnitPrimitive) {
	record := observe.RecordFrom(r.Context())
	if category, ok := auth.ProxyCategory(up); ok {
		record.Set(observe.FeatureCategory, string(category))
	}
	record.Set("meta.unit_primitive", string(up))
}

func (p *chatPayload) question() (*chat.Question, error) {
	q := &chat.Question{
		Provider:   "anthropic",
		Server:     llm.Server{URL: text(p.ModelEndpoint), Key: text(p.ModelAPIKey)},
		Identifier: text(p.ModelIdentifier),
	}
	if p.Provider != nil {
		q.Provider = *p.Provider
	}
	if p.Model == nil {
		return nil, &statusError{http.StatusUnprocessableEntity, "model is null: leave it out, or name a model"}
	}
	q.Model = text(p.Model.Anthropic) + text(p.Model.LiteLLM)
	if prompt := rawPrompt(p.Content.Text, p.Content.Messages); prompt.Messages != nil {
		q.Messages = prompt.Messages
	} else {
		q.Text = prompt.Text
	}
	if p.Params != nil {
		q.Params = &chat.Params{
			StopSequences: p.Params.StopSequences, Temperature: p.Params.Temperature, MaxTokens: int(p.Params.MaxTokensToSample),
		}
	}
	return q, nil
}

// chatFailure is what this endpoint answers when Anthropic fails; it names the vendor where others only say that inference failed.
func chatFailure(q *chat.Question, err error) error {
	var failure *llm.Error
	if q.Provider != "anthropic" || !errors.As(err, &failure) || refusedBeforehand(failure) || errors.Is(err, llm.ErrHeldBack) {
		return err
	}
	switch {
	case failure.Kind == llm.TimedOut && failure.Status == 0:
		return &statusError{http.StatusGatewayTimeout, "Anthropic API Timeout Error."}
	case failure.Status == 0:
		return &statusError{http.StatusBadGateway, "Anthropic API Connection Error."}
	default:
		return &statusError{http.StatusBadGateway, "Anthropic API Status Error."}
	}
}

var chatV1Operation = operation{
	tag: "chat", summary: "Ask a model one question",
	description: "With \"stream\" true the answer is bare text, piece by piece.",
	body:        chatV1Body.OpenAPI, answer: schema.MustCompile[chatAnswer]().OpenAPI, streams: true,
	refusals: []int{400, 401, 403, 404, 408, 413, 422, 502, 503, 504},
}
