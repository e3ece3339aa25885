package proxy

import (
	"context"
	"fmt"
	"regexp"
	"slices"
)

// VertexModels are the models that clients may ask through [VertexAI] (spec/http-api.md 10).
var VertexModels = []string{
	"code-bison",
	"code-bison@002",
	"code-gecko",
	"code-gecko@002",
	"text-bison",
	"text-bison@002",
	"chat-bison",
	"codechat-bison",
	"textembedding-gecko",
	"textembedding-gecko@003",
	"codestral@2405",
}

// Tokens hands out access tokens for Google's services (spec/auth.md 16).
type Tokens interface {
	Token(ctx context.Context) (string, error)
}

// VertexAI passes requests on to models that Google serves.
type VertexAI struct {
	vendor
	tokens            Tokens
	project, location string
}

// NewVertexAI returns a proxy for the models of a project at a location, whatever project and location clients name.
func NewVertexAI(tokens Tokens, project, location string, o Options) *VertexAI {
	return &VertexAI{newVendor("vertex-ai", o), tokens, project, location}
}

// prediction finds a model and what is asked of it in a URL (spec/models-and-providers.md 14.2). What stands behind it is dropped.
var prediction = regexp.MustCompile(
	`/v1/projects/.+/locations/.+/publishers/google/models/(.+):(predict|serverStreamingPredict)(\?alt=sse)?`)

// Forward passes a request on (spec/http-api.md 17). The error is a [Refusal], a [*NotReadyError], a [*VendorError], that of
// [Calls], or that of a cancelled context. Nothing is sent before all is checked.
func (v *VertexAI) Forward(ctx context.Context, req *Request) (*Answer, error) {
	if v.Mock {
		return mocked(false), nil
	}
	asked := prediction.FindStringSubmatch("/" + req.Path + "?" + req.Query)
	if asked == nil {
		return nil, PathNotAllowed
	}
	model, action, query := asked[1], asked[2], asked[3]
	if _, ok := readDocument(req.Body); !ok {
		return nil, NotJSON
	}
	if !slices.Contains(VertexModels, model) {
		return nil, ModelNotAllowed
	}
	token, err := v.token(ctx)
	if err != nil {
		return nil, err
	}
	path := fmt.Sprintf("/v1/projects/%s/locations/%s/publishers/google/models/%s:%s%s", v.project, v.location, model, action, query)
	call := v.call(req, path, "Content-Type")
	call.Header["Authorization"], call.Secret = []string{"Bearer " + token}, token
	return v.ask(ctx, call, model, action == "serverStreamingPredict")
}

func (v *VertexAI) token(ctx context.Context) (string, error) {
	if v.project == "" {
		return "", &NotReadyError{Detail: "The Vertex AI proxy is not configured: AIGW_GOOGLE_CLOUD_PLATFORM__PROJECT is not set"}
	}
	token, err := v.tokens.Token(ctx)
	if err != nil && ctx.Err() == nil {
		err = &NotReadyError{Detail: "The Vertex AI proxy is not configured: Google gave no access token, the log says why", Err: err}
	}
	return token, err
}
