// Package bedrock asks models on Amazon Bedrock over its Converse interface, which is the same for all of them
// (spec/models-and-providers.md 9.7, 9.8).
//
// Requests and answers are typed structs on llm/wire; credentials, signatures and the frames of a stream are AWS's own libraries'. Its
// client for Bedrock would write the same document, but with the colon of a model's name escaped in the path and temperatures cut to
// 32 bits, and knows no time-out for a single read of a stream.
package bedrock

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

const (
	vendor  = "bedrock"
	service = "bedrock" // the name that signatures are for
)

// Time-outs: those of a stream are fixed, those of another call are the request's, if it has any.
const (
	connectTimeout = 5 * time.Second
	readTimeout    = 600 * time.Second
)

// inputLimit is how many tokens a prompt may have. The models differ; nobody builds prompts to measure for them.
const inputLimit = 32768

// Options are the operator's settings.
type Options struct {
	HTTP     *wire.Client
	Region   string // "us-west-2"
	Endpoint string // URL instead of the region's own (AWS_BEDROCK_RUNTIME_ENDPOINT); empty: none

	// The key of an account (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN), secret. Without the first two, AWS's own look-up
	// decides: shared files, web identity, container, machine.
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
}

// Provider serves all models of Bedrock, for the router's key "bedrock".
//
// What a request leaves open is left out of the call. TopK is not sent, nor are the server and the key of a reference: the account is the
// operator's. A failed call is not repeated, except that a broken connection is tried once more. The status of an error is that
// of section 9.10.
type Provider struct {
	http   *wire.Client
	region string
	base   string // URL without a trailing slash
	login  func() (aws.CredentialsProvider, error)
	signer *v4.Signer
}

// New returns the provider. Nobody is asked for credentials before the first call.
func New(o Options) *Provider {
	return &Provider{
		http:   o.HTTP,
		region: o.Region,
		base:   strings.TrimRight(cmp.Or(o.Endpoint, "https://bedrock-runtime."+o.Region+".amazonaws.com"), "/"),
		login:  login(o),
		signer: v4.NewSigner(),
	}
}

// Resolve implements [llm.Provider]. Any name is passed on: a model's, an inference profile's, an ARN. The prefix "converse/", with which
// the contract chooses the interface, is taken off.
func (p *Provider) Resolve(ref llm.Ref) (llm.Handle, error) {
	name := strings.TrimPrefix(ref.Name, "converse/")
	if name == "" {
		return llm.Handle{}, refused("the name of the model is missing")
	}
	return llm.Handle{Model: model{p, name}, ID: llm.ID{Engine: "litellm", Name: "bedrock/" + ref.Name}, InputLimit: inputLimit}, nil
}

type model struct {
	*Provider
	name string
}

// Generate implements [llm.Model].
func (m model) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	body, err := wire.JSON(newConverseBody(req))
	if err != nil {
		return nil, refused("write the request: %w", err)
	}
	call := &wire.Call{
		Vendor: vendor, URL: m.url(req.Stream), Header: wire.Header(), Body: body, Reconnect: true,
		Connect: cmp.Or(req.Timeout, readTimeout), Read: cmp.Or(req.Timeout, readTimeout),
	}
	if req.Stream {
		call.Header["Accept"] = []string{"application/vnd.amazon.eventstream"}
		call.Connect, call.Read = connectTimeout, readTimeout
	}
	if err := m.sign(ctx, call); err != nil {
		return nil, err
	}
	stream, err := m.http.Generate(ctx, call, req.Stream, wire.Answer{
		Whole:  whole,
		Pieces: func(b *wire.Body) llm.Stream { return newStream(call, b).read() },
	})
	return stream, classed(err)
}

func (m model) url(stream bool) string {
	verb := "/converse"
	if stream {
		verb = "/converse-stream"
	}
	return m.base + "/model/" + url.PathEscape(m.name) + verb
}

func refused(format string, args ...any) error {
	return &llm.Error{Kind: llm.Refused, Vendor: vendor, Err: fmt.Errorf(format, args...)}
}
