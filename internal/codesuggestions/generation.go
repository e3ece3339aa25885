package codesuggestions

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/postprocess"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Stop sequences of generations: the end of the answer's tag, and of the turn in a conversation kept as text (4.5).
const (
	endOfCode = "</new_code>"
	endOfTurn = "\n\nHuman:"
)

// Generation returns the pipeline that answers a generation request (4.3).
func (s *Service) Generation(req *GenerationRequest) (*Pipeline, error) {
	switch {
	case req.Registered():
		return s.registeredGeneration(req)
	case req.Provider == Anthropic && req.PromptVersion == 3:
		return s.anthropicChatGeneration(req)
	case req.Provider == Anthropic:
		return s.anthropicTextGeneration(req)
	case req.Provider == LiteLLM:
		return s.selfHostedGeneration(req)
	default:
		return s.vertexGeneration(req)
	}
}

// registeredGeneration fills the templates of the registered prompt that the client names.
func (s *Service) registeredGeneration(req *GenerationRequest) (*Pipeline, error) {
	agent, err := s.agent(req.PromptID, req.Target, req.Caller)
	if err != nil {
		return nil, err
	}
	p, err := s.generation(agent.Handle, req)
	if err != nil {
		return nil, err
	}
	p.call.Variables = map[string]any{
		"prefix":      req.Above,
		"instruction": p.prompt.Prefix,
		"language":    nil,
		"file_name":   req.Name,
	}
	if req.EditorLanguage != nil {
		p.call.Variables["language"] = *req.EditorLanguage
	}
	for name, value := range req.Enhancer {
		p.call.Variables[name] = value
	}
	if req.Metadata != nil {
		p.generatesFor(req.Metadata.Name)
		if req.Provider != Anthropic {
			p.cleanGenerated()
		}
	}
	return p, nil
}

func (s *Service) anthropicChatGeneration(req *GenerationRequest) (*Pipeline, error) {
	if req.Model == "" {
		return nil, invalid("model_provider anthropic with prompt_version 3 needs a model_name")
	}
	return s.directGeneration(req, llm.Ref{Provider: string(Anthropic), Name: req.Model, API: llm.Chat}, []string{endOfCode})
}

func (s *Service) anthropicTextGeneration(req *GenerationRequest) (*Pipeline, error) {
	name := req.Model
	if name == "" {
		name = "claude-2.0"
	}
	return s.directGeneration(req, llm.Ref{Provider: string(Anthropic), Name: name, API: llm.Text}, []string{endOfCode, endOfTurn})
}

// selfHostedGeneration asks the chat API of the server that the request brings along.
func (s *Service) selfHostedGeneration(req *GenerationRequest) (*Pipeline, error) {
	if req.Model == "" {
		return nil, invalid("model_provider litellm needs a model_name")
	}
	p, err := s.directGeneration(req, llm.Ref{Provider: string(LiteLLM), Name: req.Model, API: llm.Chat, Server: req.Server}, nil)
	if err != nil {
		return nil, err
	}
	p.streams = !s.oneChunk
	p.generatesFor(req.Model)
	p.cleanGenerated()
	if p.call.Messages == nil {
		p.call.Messages = []llm.Message{{Role: llm.User, Content: p.call.Prompt}}
	}
	return p, nil
}

// vertexGeneration asks the default model; it never streams.
func (s *Service) vertexGeneration(req *GenerationRequest) (*Pipeline, error) {
	p, err := s.directGeneration(req, llm.Ref{Provider: string(VertexAI), Name: "code-bison@002", API: llm.Text}, nil)
	if err != nil {
		return nil, err
	}
	p.streams = false
	p.call.Timeout = legacyTimeout
	return p, nil
}

func (s *Service) directGeneration(req *GenerationRequest, ref llm.Ref, stop []string) (*Pipeline, error) {
	model, err := s.models.Resolve(ref)
	if err != nil {
		return nil, err
	}
	p, err := s.generation(model, req)
	if err != nil {
		return nil, err
	}
	p.call.Stop = stop
	return p, nil
}

// generation is what all generations share: the client's prompt or one of the code above the cursor, and the clean-up (11).
func (s *Service) generation(model llm.Handle, req *GenerationRequest) (*Pipeline, error) {
	p := s.pipeline(model, req.File)
	p.tokenEvents = tokenEvents{req.Track, generationTokens}
	p.process = func(_ context.Context, generated string) string {
		return postprocess.Generation(generated, req.Above, string(req.Provider))
	}
	if req.Prompt != nil {
		return p, p.usePrompt(req.Prompt)
	}
	label := p.language.Label()
	if label == "" {
		label = lang.Extension(req.Name)
	}
	return p, p.fencePrompt(label)
}
