package schema_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// The bodies of the contract (spec/http-api.md 11 to 22), as far as tests need them.

var (
	anthropicNames = []string{
		"claude-2.0", "claude-2.1", "claude-3-opus-20240229", "claude-3-sonnet-20240229", "claude-3-5-sonnet-20240620",
		"claude-3-haiku-20240307", "claude-3-5-haiku-20241022", "claude-3-5-sonnet-20241022",
	}
	liteLLMNames = []string{
		"codegemma", "codellama", "codestral", "mistral", "mixtral", "deepseekcoder", "claude_3", "claude_3.5", "gpt", "qwen2p5-coder-7b",
	}
)

var (
	completionModels = pairs([]string{"claude-2.1", "claude-3-5-sonnet-20240620"}, "code-gecko@002", "claude_3.5")
	generationModels = pairs(anthropicNames, "code-bison@002", "qwen2p5-coder-7b")
)

// pairs has the models of each provider (spec/http-api.md 10).
func pairs(anthropic []string, vertex, notLiteLLM string) map[string][]string {
	families := slices.DeleteFunc(slices.Clone(liteLLMNames), func(name string) bool { return name == notLiteLLM })
	return map[string][]string{
		"anthropic": anthropic, "vertex-ai": {vertex}, "litellm": families, "codestral": families, "fireworks_ai": families,
	}
}

type anthropicName string

func (anthropicName) Values() []string { return anthropicNames }

type liteLLMName string

func (liteLLMName) Values() []string { return liteLLMNames }

type message struct {
	Role    string `json:"role" schema:"enum=system|user|assistant"`
	Content string `json:"content"`
}

// Section 19: /v2/code/completions, and 20: /v2/code/generations.

type currentFile struct {
	FileName string  `json:"file_name" schema:"strip,max=255" doc:"Path of the file as the editor shows it."`
	Language *string `json:"language_identifier" schema:"max=255"`
	Above    string  `json:"content_above_cursor" schema:"max=100000"`
	Below    string  `json:"content_below_cursor" schema:"max=100000"`
}

type experiment struct {
	Name    string `json:"name"`
	Variant int64  `json:"variant"`
}

type telemetry struct {
	Engine      *string      `json:"model_engine" schema:"max=50"`
	Model       *string      `json:"model_name" schema:"max=50"`
	Lang        *string      `json:"lang" schema:"max=50"`
	Experiments []experiment `json:"experiments" schema:"optional"`
	Requests    int64        `json:"requests" schema:"ge=0"`
	Accepts     int64        `json:"accepts" schema:"ge=0"`
	Errors      int64        `json:"errors" schema:"ge=0"`
}

type snippet struct {
	Type    string `json:"type" schema:"max=1024"`
	Name    string `json:"name" schema:"max=1024"`
	Content string `json:"content" schema:"max=500000"`
}

type suggestionBody struct {
	ProjectPath *string     `json:"project_path" schema:"strip,max=255"`
	ProjectID   *int64      `json:"project_id"`
	File        currentFile `json:"current_file"`
	Provider    *string     `json:"model_provider" schema:"enum=anthropic|vertex-ai|litellm|codestral|fireworks_ai"`
	Endpoint    *string     `json:"model_endpoint"`
	APIKey      *string     `json:"model_api_key" schema:"secret"`
	Identifier  *string     `json:"model_identifier"`
	Model       *string     `json:"model_name" schema:"strip,max=50"`
	Telemetry   []telemetry `json:"telemetry" schema:"max=10,default=[]"`
	Stream      bool        `json:"stream" schema:"default=false,nullable"`
	Choices     *int64      `json:"choices_count" schema:"default=0"`
	Context     []snippet   `json:"context" schema:"max=100,default=[]"`
	PromptID    *string     `json:"prompt_id"`
}

func (b *suggestionBody) checkModel(key, useCase string, allowed map[string][]string) error {
	if key != "model_name" || b.Provider == nil {
		return nil
	}
	name := "None"
	if b.Model != nil {
		name = *b.Model
	}
	if slices.Contains(allowed[*b.Provider], name) {
		return nil
	}
	return fmt.Errorf("model %s is not supported by use case %s and provider %s", name, useCase, *b.Provider)
}

type completionBody struct{ suggestionBody }

func (b *completionBody) CheckField(key string) error {
	return b.checkModel(key, "code completions", completionModels)
}

type generationBody struct{ suggestionBody }

func (b *generationBody) CheckField(key string) error {
	return b.checkModel(key, "code generations", generationModels)
}

type completionV1 struct {
	_ struct{} `schema:"name=CompletionsRequestV1" doc:"Completion with a prompt that the gateway builds."`
	completionBody
}

type completionV2 struct {
	completionBody
	Prompt *string `json:"prompt"`
}

type completionV3 struct {
	completionBody
	Prompt []message `json:"prompt" schema:"optional"`
}

type completionsRequest struct {
	schema.Tagged `tag:"prompt_version,int"`
	V1            *completionV1 `case:"1"`
	V2            *completionV2 `case:"2"`
	V3            *completionV3 `case:"3"`
}

type generationV1 struct{ generationBody }

type generationV2 struct {
	generationBody
	Prompt string `json:"prompt"`
}

type generationV3 struct {
	generationBody
	Prompt []message `json:"prompt"`
}

type generationsRequest struct {
	schema.Tagged `tag:"prompt_version,int"`
	V1            *generationV1 `case:"1"`
	V2            *generationV2 `case:"2"`
	V3            *generationV3 `case:"3"`
}

// Section 22: /v3/code/completions and /v4/code/suggestions.

type textOrMessages struct {
	schema.Union
	Text     *string   `variant:"str"`
	Messages []message `variant:"list[Message]"`
}

type editorFile struct {
	FileName string  `json:"file_name" schema:"strip,max=255"`
	Above    string  `json:"content_above_cursor" schema:"max=100000"`
	Below    string  `json:"content_below_cursor" schema:"max=100000"`
	Language *string `json:"language_identifier" schema:"max=255"`
	Provider *string `json:"model_provider" schema:"literal=vertex-ai|anthropic" spelled:"ModelProvider.VERTEX_AI|ModelProvider.ANTHROPIC"`
	Stream   bool    `json:"stream" schema:"default=false,nullable"`
}

type editorCompletion struct {
	editorFile
	Choices *int64          `json:"choices_count" schema:"default=0"`
	Model   *string         `json:"model_name"`
	Prompt  *textOrMessages `json:"prompt"`
}

type editorGeneration struct {
	editorFile
	Prompt   *string       `json:"prompt" schema:"max=400000"`
	PromptID *string       `json:"prompt_id"`
	Enhancer schema.Object `json:"prompt_enhancer" schema:"optional"`
}

type codeContext struct {
	Type    string `json:"type" schema:"max=1024"`
	Name    string `json:"name" schema:"max=1024"`
	Content string `json:"content" schema:"max=100000"`
}

type componentMetadata struct {
	Source  string `json:"source" schema:"max=255"`
	Version string `json:"version" schema:"max=255"`
}

type completionComponent struct {
	Payload  editorCompletion   `json:"payload"`
	Metadata *componentMetadata `json:"metadata"`
}

type generationComponent struct {
	Payload  editorGeneration   `json:"payload"`
	Metadata *componentMetadata `json:"metadata"`
}

type contextComponent struct {
	Payload  codeContext        `json:"payload"`
	Metadata *componentMetadata `json:"metadata"`
}

type codeComponent struct {
	schema.Tagged `tag:"type"`
	Completion    *completionComponent `case:"code_editor_completion" spelled:"CodeEditorComponents.COMPLETION"`
	Generation    *generationComponent `case:"code_editor_generation" spelled:"CodeEditorComponents.GENERATION"`
	Context       *contextComponent    `case:"code_context" spelled:"CodeEditorComponents.CONTEXT"`
}

type suggestionsRequest struct {
	Components []codeComponent `json:"prompt_components" schema:"min=1,max=100"`
}

// Section 11: /v1/chat/{chat_invokable}.

type chatContent struct {
	schema.Union
	Text     *string   `variant:"constrained-str" schema:"max=400000"`
	Messages []message `variant:"list[Message]" schema:"min=1,max=100"`
}

type chatModel struct {
	schema.Union
	Anthropic *anthropicName `variant:"str-enum[KindAnthropicModel]"`
	LiteLLM   *liteLLMName   `variant:"str-enum[KindLiteLlmModel]"`
}

type chatParams struct {
	Stop        []string `json:"stop_sequences" schema:"min=1,max=10,default=[\"\\n\\nHuman\",\"Observation:\"]" each:"max=225"`
	Temperature float64  `json:"temperature" schema:"ge=0,le=1,default=0.2"`
	MaxTokens   int64    `json:"max_tokens_to_sample" schema:"ge=1,le=8192,default=8192"`
}

type chatPayload struct {
	Content    chatContent `json:"content"`
	Provider   *string     `json:"provider" schema:"literal=anthropic|litellm" spelled:"KindModelProvider.ANTHROPIC|KindModelProvider.LITELLM"`
	Model      *chatModel  `json:"model" schema:"default=claude-2.0"`
	Params     *chatParams `json:"params"`
	Endpoint   *string     `json:"model_endpoint"`
	APIKey     *string     `json:"model_api_key" schema:"secret"`
	Identifier *string     `json:"model_identifier"`
}

type promptMetadata struct {
	Source  string `json:"source" schema:"max=100"`
	Version string `json:"version" schema:"max=100"`
}

type chatComponent struct {
	Type     string         `json:"type" schema:"max=100"`
	Metadata promptMetadata `json:"metadata"`
	Payload  chatPayload    `json:"payload"`
}

type chatRequest struct {
	Components []chatComponent `json:"prompt_components" schema:"min=1,max=1"`
	Stream     bool            `json:"stream" schema:"default=false,nullable"`
}

// Section 13: /v1/x-ray/libraries.

type xrayPayload struct {
	Prompt   string `json:"prompt" schema:"max=400000"`
	Provider string `json:"provider" schema:"literal=anthropic" spelled:"KindModelProvider.ANTHROPIC"`
	Model    string `json:"model" schema:"literal=claude-2.1" spelled:"KindAnthropicModel.CLAUDE_2_1"`
}

type xrayComponent struct {
	Type     string            `json:"type" schema:"literal=x_ray_package_file_prompt,default=x_ray_package_file_prompt"`
	Payload  xrayPayload       `json:"payload"`
	Metadata map[string]string `json:"metadata" schema:"optional" keys:"max=100" each:"max=255"`
}

func (c *xrayComponent) CheckField(key string) error {
	if key == "metadata" && len(c.Metadata) > 10 {
		return fmt.Errorf("metadata cannot has more than 10 elements")
	}
	return nil
}

type xrayRequest struct {
	Components []xrayComponent `json:"prompt_components" schema:"min=1,max=1"`
}

// Section 14: /v1/search/gitlab-docs.

type searchRequest struct {
	Type     string         `json:"type" schema:"max=100"`
	Metadata promptMetadata `json:"metadata"`
	Payload  searchPayload  `json:"payload"`
}

type searchPayload struct {
	Query    string `json:"query" schema:"max=400000"`
	PageSize int64  `json:"page_size" schema:"ge=1,le=20,default=4"`
}

// Section 15: /v1/prompts/{prompt_id}.

type modelMetadata struct {
	Name       string  `json:"name" schema:"max=255"`
	Provider   string  `json:"provider" schema:"max=255"`
	Endpoint   string  `json:"endpoint" schema:"url,max=255"`
	APIKey     *string `json:"api_key" schema:"secret,max=2000"`
	Identifier *string `json:"identifier" schema:"max=1000"`
}

type promptRequest struct {
	Inputs   schema.Object  `json:"inputs" doc:"Values of the template's variables."`
	Stream   bool           `json:"stream" schema:"default=false,nullable"`
	Metadata *modelMetadata `json:"model_metadata"`
}

// Section 18: /v1/amazon_q/....

type amazonQApplication struct {
	ClientID     string `json:"client_id" schema:"max=255"`
	ClientSecret string `json:"client_secret" schema:"secret,max=1000"`
	InstanceURL  string `json:"instance_url" schema:"max=500"`
	RedirectURL  string `json:"redirect_url" schema:"max=500"`
	RoleARN      string `json:"role_arn" schema:"max=2048"`
}

type amazonQCommon struct {
	Command      string  `json:"command" schema:"max=255"`
	ProjectPath  string  `json:"project_path" schema:"max=1024"`
	ProjectID    string  `json:"project_id" schema:"max=1024"`
	NoteID       *string `json:"note_id" schema:"required,max=1024"`
	DiscussionID string  `json:"discussion_id" schema:"max=1024"`
}

type amazonQMergeRequest struct {
	amazonQCommon
	ID           string  `json:"merge_request_id" schema:"max=1024"`
	IID          string  `json:"merge_request_iid" schema:"max=1024"`
	SourceBranch string  `json:"source_branch" schema:"max=1024"`
	TargetBranch string  `json:"target_branch" schema:"max=1024"`
	LastCommit   string  `json:"last_commit_id" schema:"max=1024"`
	UserMessage  *string `json:"user_message" schema:"max=1024"`
}

type amazonQIssue struct {
	Source string `json:"source" schema:"literal=issue"`
	amazonQCommon
	ID  string `json:"issue_id" schema:"max=1024"`
	IID string `json:"issue_iid" schema:"max=1024"`
}

type amazonQPayload struct {
	schema.Tagged `tag:"source"`
	MergeRequest  *amazonQMergeRequest `case:"merge_request"`
	Issue         *amazonQIssue        `case:"issue"`
}

type amazonQEvent struct {
	Payload amazonQPayload `json:"payload"`
	RoleARN string         `json:"role_arn" schema:"max=2048"`
	Code    string         `json:"code" schema:"secret,max=255"`
}

// Section 21: /v2/chat/agent.

type pageContext struct {
	Type    string `json:"type" schema:"literal=issue|epic|merge_request|commit|build"`
	Content string `json:"content"`
}

type openFile struct {
	FilePath string `json:"file_path"`
	Data     string `json:"data"`
	Selected bool   `json:"selected_code"`
}

type additionalContext struct {
	Category string        `json:"category"`
	ID       *string       `json:"id"`
	Content  *string       `json:"content"`
	Metadata schema.Object `json:"metadata" schema:"optional"`
}

type agentMessage struct {
	message
	Context    *pageContext        `json:"context"`
	File       *openFile           `json:"current_file"`
	Additional []additionalContext `json:"additional_context" schema:"optional"`
}

type agentStep struct {
	Thought     string `json:"thought"`
	Tool        string `json:"tool"`
	ToolInput   string `json:"tool_input"`
	Observation string `json:"observation"`
}

type reactScratchpad struct {
	Steps []agentStep `json:"steps"`
}

type agentScratchpad struct {
	schema.Tagged `tag:"agent_type"`
	React         *reactScratchpad `case:"react"`
}

type agentOptions struct {
	Scratchpad agentScratchpad `json:"agent_scratchpad"`
}

type agentRequest struct {
	Messages    []agentMessage `json:"messages"`
	Options     *agentOptions  `json:"options"`
	Metadata    *modelMetadata `json:"model_metadata"`
	Unavailable []string       `json:"unavailable_resources" schema:"optional,default=[\"Merge Requests, Pipelines, Vulnerabilities\"]"`
}

var (
	completions  = schema.MustCompile[completionsRequest]()
	generations  = schema.MustCompile[generationsRequest]()
	suggestions  = schema.MustCompile[suggestionsRequest]()
	chat         = schema.MustCompile[chatRequest]()
	xray         = schema.MustCompile[xrayRequest]()
	search       = schema.MustCompile[searchRequest]()
	prompts      = schema.MustCompile[promptRequest]()
	metadata     = schema.MustCompile[modelMetadata]()
	applications = schema.MustCompile[amazonQApplication]()
	events       = schema.MustCompile[amazonQEvent]()
	agent        = schema.MustCompile[agentRequest]()
)

// decodeFor decodes a body as the endpoint at path would, and forgets what of.
func decodeFor(path string, raw []byte, contentType string) (any, error) {
	switch {
	case path == "/v2/code/completions", path == "/v2/completions":
		return completions.Decode(raw, contentType)
	case path == "/v2/code/generations":
		return generations.Decode(raw, contentType)
	case path == "/v3/code/completions", path == "/v4/code/suggestions":
		return suggestions.Decode(raw, contentType)
	case strings.HasPrefix(path, "/v1/chat/"):
		return chat.Decode(raw, contentType)
	case path == "/v1/x-ray/libraries":
		return xray.Decode(raw, contentType)
	case path == "/v1/search/gitlab-docs":
		return search.Decode(raw, contentType)
	case strings.HasPrefix(path, "/v1/prompts/"):
		return prompts.Decode(raw, contentType)
	case path == "/v1/amazon_q/oauth/application":
		return applications.Decode(raw, contentType)
	case path == "/v1/amazon_q/events":
		return events.Decode(raw, contentType)
	case path == "/v2/chat/agent":
		return agent.Decode(raw, contentType)
	}
	panic("no body for " + path)
}
