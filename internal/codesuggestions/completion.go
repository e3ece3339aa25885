package codesuggestions

import (
	"errors"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/postprocess"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/prompting"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
)

const (
	// suffixReserve is the share of the context window that completions keep for the text below the cursor (9.1).
	suffixReserve = 0.07
	// registeredPrompt is the id of the prompt that completes code with self-hosted models.
	registeredPrompt = "code_suggestions/completions"
	// legacyTimeout bounds each call to the default model (4.5).
	legacyTimeout = 30 * time.Second
	// lowestScore is the score of the default model's answers that are not worth showing (15.1).
	lowestScore = -10.0
	// fireworksTokens is how many tokens an answer of Fireworks may have (4.5).
	fireworksTokens = 64
)

// Completion returns the pipeline that answers a completion request (4.2).
func (s *Service) Completion(req *CompletionRequest) (*Pipeline, error) {
	switch {
	case req.Registered():
		return s.registeredCompletion(req)
	case req.Provider == Anthropic:
		return s.anthropicCompletion(req)
	case req.Provider == LiteLLM:
		return nil, invalid("model_provider litellm completes code with prompt_version 2 and without a prompt")
	case req.Provider == Codestral, req.Provider == Fireworks:
		return s.textCompletion(req)
	default:
		return s.legacyCompletion(req)
	}
}

// anthropicCompletion sends the client's own messages.
func (s *Service) anthropicCompletion(req *CompletionRequest) (*Pipeline, error) {
	if req.Model == "" {
		return nil, invalid("model_provider anthropic needs a model_name")
	}
	if req.PromptVersion != 3 || req.Prompt.empty() {
		return nil, invalid("model_provider anthropic needs prompt_version 3 and a prompt, a list of messages")
	}
	model, err := s.models.Resolve(llm.Ref{Provider: string(Anthropic), Name: req.Model, API: llm.Chat})
	if err != nil {
		return nil, err
	}
	p := s.pipeline(model, req.File)
	if err := p.usePrompt(req.Prompt.conversation()); err != nil {
		return nil, err
	}
	p.consumption = func(llm.Answer) *TokensConsumption { return p.inputTokens(0) }
	p.cleanChat()
	return p, nil
}

// registeredCompletion fills the templates of the registered prompt for the request's model.
func (s *Service) registeredCompletion(req *CompletionRequest) (*Pipeline, error) {
	agent, err := s.agent(registeredPrompt, req.Target, req.Caller)
	if err != nil {
		return nil, err
	}
	p := s.pipeline(agent.Handle, req.File)
	if err := p.buildPrompt(req.Context, contextShare(req.Provider)); err != nil {
		return nil, err
	}
	suffix := ""
	if p.prompt.Suffix != nil {
		suffix = *p.prompt.Suffix
	}
	p.call.Variables = map[string]any{"prefix": p.prompt.Prefix, "suffix": suffix}
	p.consumption = func(llm.Answer) *TokensConsumption { return p.inputTokens(0) }
	if req.Metadata != nil {
		p.fillsMiddle(req.Metadata.Name)
	}
	p.cleanChat()
	return p, nil
}

// textCompletion continues the code above the cursor with a hosted text model.
func (s *Service) textCompletion(req *CompletionRequest) (*Pipeline, error) {
	if req.Model == "" {
		return nil, invalid("model_provider %s needs a model_name", req.Provider)
	}
	model, err := s.models.Resolve(llm.Ref{Provider: string(req.Provider), Name: req.Model, API: llm.Text, Server: req.Server})
	if err != nil {
		return nil, err
	}
	p := s.pipeline(model, req.File)
	if err := p.buildPrompt(req.Context, contextShare(req.Provider)); err != nil {
		return nil, err
	}
	p.call.MaxTokens, p.call.UserID = req.MaxTokens, req.UserID
	if p.call.MaxTokens == 0 && req.Provider == Fireworks {
		p.call.MaxTokens = fireworksTokens
	}
	p.streams = !s.oneChunk
	p.fillsMiddle(req.Model)
	p.cleanChat()
	p.consumption = func(a llm.Answer) *TokensConsumption {
		if a.Usage == nil {
			return p.inputTokens(0)
		}
		return p.inputTokens(a.Usage.OutputTokens)
	}
	return p, nil
}

// contextShare is the part of the context window that snippets of other files may take.
func contextShare(provider Provider) float64 {
	if provider == Fireworks {
		return 0.3
	}
	return 1
}

// legacyCompletion asks the default model; it never streams (8).
func (s *Service) legacyCompletion(req *CompletionRequest) (*Pipeline, error) {
	model, err := s.models.Resolve(llm.Ref{Provider: string(VertexAI), Name: "code-gecko@002", API: llm.Text})
	if err != nil {
		return nil, err
	}
	p := s.pipeline(model, req.File)
	var snippets []string
	if req.Advanced {
		snippets = req.Context
	}
	p.prompt = prompting.Legacy(s.tokens, req.Name, p.language, req.Above, req.Below, snippets)
	p.call.Prompt, p.call.Suffix = p.prompt.Prefix, p.prompt.Suffix
	p.call.Timeout = legacyTimeout
	if req.Choices > 0 {
		p.call.Candidates = req.Choices
	}
	p.call.Echo = legacyEcho(req, snippets)
	p.streams = false
	p.experiments = []Experiment{{Name: "exp_truncate_suffix", Variant: 0}}
	p.suffixLength = ptr(text.Length(req.Below))
	p.tokenEvents = tokenEvents{req.Track, completionTokens}
	p.legacy = true
	p.minScore = ptr(lowestScore)
	p.process = p.chain(postprocess.Completion, s.excluded)
	p.consumption = p.legacyTokens
	return p, nil
}

// legacyEcho are the arguments that a mock model repeats (spec/models-and-providers.md 13).
func legacyEcho(req *CompletionRequest, context []string) []llm.Arg {
	var echo []llm.Arg
	if req.Choices > 0 {
		echo = append(echo, llm.Arg{Name: "candidate_count", Value: req.Choices})
	}
	switch {
	case req.Components && len(context) == 0:
		echo = append([]llm.Arg{{Name: "code_context", Value: nil}}, echo...)
	case req.Components:
		echo = append([]llm.Arg{{Name: "code_context", Value: context}}, echo...)
	case len(context) > 0:
		echo = append(echo, llm.Arg{Name: "code_context", Value: context})
	}
	return echo
}

// agent returns a registered prompt that the caller may use.
func (s *Service) agent(id string, target Target, caller Caller) (Agent, error) {
	agent, err := s.models.Agent(id, target.Metadata)
	if err != nil {
		var notFound *prompt.NotFound
		switch {
		case errors.As(err, &notFound):
			return Agent{}, invalid("There is no registered prompt '%s' for the model '%s'", id, target.Model)
		case errors.Is(err, prompt.ErrCustomModelsDisabled):
			return Agent{}, invalid("Self-hosted models are disabled: set AIGW_CUSTOM_MODELS__ENABLED=true to allow a model_endpoint")
		case errors.Is(err, prompt.ErrFixedModel):
			return Agent{}, invalid("The registered prompt '%s' does not take another model", id)
		}
		return Agent{}, err
	}
	for _, unitPrimitive := range agent.UnitPrimitives {
		if !caller.Can(unitPrimitive) {
			return Agent{}, &PermissionError{PromptID: id}
		}
	}
	return agent, nil
}
