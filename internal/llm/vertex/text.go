package vertex

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

const vendorText = "vertex-ai"

// textTimeout bounds a call as a whole, the access token included.
const textTimeout = 30 * time.Second

// maxCandidates is how many answers the models give at most.
const maxCandidates = 4

// family is what the models of one name have in common, whatever their version (spec/models-and-providers.md 4.2, 4.3, 8).
type family struct {
	inputLimit int
	maxTokens  int
	stop       []string
	instance   func(text, suffix string) any
	rated      bool // every answer has a score
	silent     bool // an answer may be missing altogether
}

var families = map[string]*family{
	"code-gecko": {
		inputLimit: 2048, maxTokens: 64, stop: []string{"\n\n"}, rated: true, silent: true,
		instance: func(text, suffix string) any {
			return struct {
				Prefix string `json:"prefix"`
				Suffix string `json:"suffix"`
			}{text, suffix}
		},
	},
	"code-bison": {
		inputLimit: 4096, maxTokens: 2048,
		instance: func(text, _ string) any {
			return struct {
				Prefix string `json:"prefix"`
			}{text}
		},
	},
	"text-bison": {
		inputLimit: 8192, maxTokens: 32,
		instance: func(text, _ string) any {
			return struct {
				Content string `json:"content"`
			}{text}
		},
	},
}

// textModels are the names that [Text] knows (spec/models-and-providers.md 2.2).
var textModels = map[string]*family{
	"code-gecko":     families["code-gecko"],
	"code-gecko@002": families["code-gecko"],
	"code-bison":     families["code-bison"],
	"code-bison@002": families["code-bison"],
	"text-bison":     families["text-bison"],
	"text-bison@002": families["text-bison"],
}

// Text serves Google's text models (spec/models-and-providers.md 8). They never stream: an answer is one chunk, several are one each.
//
// What a request leaves open has the values of 4.3: Temperature 0.2, TopP 0.95, TopK 40, MaxTokens 64 (code-gecko), 2048 (code-bison) or
// 32 (text-bison), Stop an empty line (code-gecko). Candidates above 4 stands for 4. Timeout, 0 for 30 s, is that of the whole
// call. A failed call is not repeated.
type Text struct {
	options Options
}

// NewText returns the provider. BaseURL and Location must be there.
func NewText(o Options) *Text { return &Text{o.trimmed()} }

// Resolve implements [llm.Provider]. An unknown model is refused; without a project the provider is not configured.
func (t *Text) Resolve(ref llm.Ref) (llm.Handle, error) {
	f := textModels[ref.Name]
	if f == nil {
		return llm.Handle{}, refused(vendorText, "no model found by '%s'", ref.Name)
	}
	if t.options.Project == "" {
		return llm.Handle{}, notConfigured(vendorText, "AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT is not set")
	}
	return llm.Handle{
		Model: textModel{t.options, f, ref.Name}, ID: llm.ID{Engine: vendorText, Name: ref.Name}, InputLimit: f.inputLimit,
	}, nil
}

type textModel struct {
	Options
	family *family
	name   string
}

// predictBody is the request.
type predictBody struct {
	Instances  [1]any     `json:"instances"`
	Parameters parameters `json:"parameters"`
}

type parameters struct {
	Temperature     *float64 `json:"temperature"`
	MaxOutputTokens int      `json:"maxOutputTokens"`
	TopP            *float64 `json:"topP"`
	TopK            *int     `json:"topK"`
	CandidateCount  int      `json:"candidateCount"`
	StopSequences   []string `json:"stopSequences,omitempty"`
}

// Generate implements [llm.Model]. A conversation is refused. An empty text is not sent: its answer is an empty text with score 0.
func (m textModel) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	if len(req.Messages) > 0 {
		return nil, refused(vendorText, "%s is asked to continue a text, but was given messages", m.name)
	}
	if req.Prompt == "" {
		return llm.Of(llm.Chunk{Score: new(0.0), Safety: &llm.Safety{}}), nil
	}
	body, err := wire.JSON(m.body(req))
	if err != nil {
		return nil, refused(vendorText, "write the request: %w", err)
	}
	timeout := cmp.Or(m.Timeout, req.Timeout, textTimeout)
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	data, err := m.predict(bounded, body, timeout)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, &llm.Error{Kind: llm.TimedOut, Vendor: vendorText, Err: errors.New("Request timed out: no answer within " + timeout.String())}
	}
	if err != nil {
		return nil, err
	}
	answers, err := m.family.answers(data)
	if err != nil {
		return nil, wire.Garbled(vendorText, err)
	}
	return llm.Of(answers...), nil
}

func (m textModel) body(req llm.Request) predictBody {
	suffix := ""
	if req.Suffix != nil {
		suffix = *req.Suffix
	}
	stop := req.Stop
	if stop == nil {
		stop = m.family.stop
	}
	return predictBody{
		Instances: [1]any{m.family.instance(req.Prompt, suffix)},
		Parameters: parameters{
			Temperature:     cmp.Or(req.Temperature, new(0.2)),
			MaxOutputTokens: cmp.Or(req.MaxTokens, m.family.maxTokens),
			TopP:            cmp.Or(req.TopP, new(0.95)),
			TopK:            cmp.Or(req.TopK, new(40)),
			CandidateCount:  min(max(req.Candidates, 1), maxCandidates),
			StopSequences:   stop,
		},
	}
}

func (m textModel) predict(ctx context.Context, body []byte, timeout time.Duration) ([]byte, error) {
	token, err := m.Tokens.Token(ctx)
	if err != nil {
		return nil, err
	}
	return m.HTTP.Post(ctx, &wire.Call{
		Vendor:  vendorText,
		URL:     m.BaseURL + resource(m.Project, m.Location, "google", m.name) + ":predict",
		Header:  header(token),
		Body:    body,
		Secret:  token,
		Connect: timeout,
		Read:    timeout,
	})
}
