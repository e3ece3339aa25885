// Package anthropic asks Claude models over Anthropic's HTTP interface, in the three ways of the contract:
//
//   - [NewDirect]: a use case's own messages or text, with the operator's key (spec/models-and-providers.md 6);
//   - [NewPrompted]: rendered prompt definitions, with the operator's key (section 7);
//   - [NewRouted]: a server and a key that a request brings along, as "anthropic/MODEL" (section 9.7).
//
// They share the wire format (messages.go, complete.go, stream.go) and differ in defaults, in how messages are merged, in time-outs
// and repetitions, and in the status that an error is given.
package anthropic

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

const (
	vendor     = "anthropic"
	defaultURL = "https://api.anthropic.com"
	version    = "2023-06-01"

	messagesPath = "/v1/messages"
	completePath = "/v1/complete"
)

// Models are the models that [Direct] knows (spec/models-and-providers.md 2.2).
var Models = []string{
	"claude-2.0",
	"claude-2.1",
	"claude-3-opus-20240229",
	"claude-3-sonnet-20240229",
	"claude-3-5-sonnet-20240620",
	"claude-3-haiku-20240307",
	"claude-3-5-haiku-20241022",
	"claude-3-5-sonnet-20241022",
}

// Input limits in tokens (spec/models-and-providers.md 4.2).
const (
	textInput = 100_000
	chatInput = 200_000
)

// Options are the operator's settings.
type Options struct {
	HTTP      *wire.Client
	BaseURL   string // ANTHROPIC_BASE_URL; empty: https://api.anthropic.com
	APIKey    string // ANTHROPIC_API_KEY, secret
	AuthToken string // ANTHROPIC_AUTH_TOKEN, secret; used when there is no APIKey
}

// server is where calls go, and with which key.
type server struct {
	http  *wire.Client
	url   string // without a trailing slash
	key   string
	token string
}

func newServer(o Options) server {
	s := server{http: o.HTTP, url: strings.TrimRight(o.BaseURL, "/"), key: o.APIKey, token: o.AuthToken}
	if s.url == "" {
		s.url = defaultURL
	}
	if s.key != "" {
		s.token = ""
	}
	return s
}

// configured tells whether there is a key at all. Nothing is sent without one.
func (s server) configured() error {
	if s.key == "" && s.token == "" {
		return &llm.Error{
			Kind: llm.NotConfigured, Vendor: vendor, Err: errors.New("neither ANTHROPIC_API_KEY nor ANTHROPIC_AUTH_TOKEN is set"),
		}
	}
	return nil
}

// call is a request of the given body, a value for JSON, with one repetition.
func (s server) call(url string, body any) (*wire.Call, error) {
	data, err := wire.JSON(body)
	if err != nil {
		return nil, refused("write the request: %w", err)
	}
	return &wire.Call{
		Vendor:      vendor,
		URL:         url,
		Header:      s.header(),
		Body:        data,
		Secret:      s.key + s.token, // one of them is empty
		Retries:     1,
		RetryHeader: "X-Stainless-Retry-Count",
	}, nil
}

func (s server) header() http.Header {
	h := wire.Header()
	h["Anthropic-Version"] = []string{version}
	if s.key != "" {
		h["X-Api-Key"] = []string{s.key}
	}
	if s.token != "" {
		h["Authorization"] = []string{"Bearer " + s.token}
	}
	return h
}

// phases sets the time-outs of a call: what the request wants, else the provider's own.
func phases(call *wire.Call, req llm.Request, connect, read time.Duration) *wire.Call {
	call.Connect, call.Read = connect, read
	if req.Timeout > 0 {
		call.Connect, call.Read = req.Timeout, req.Timeout
	}
	return call
}

func refused(format string, args ...any) error {
	return &llm.Error{Kind: llm.Refused, Vendor: vendor, Err: fmt.Errorf(format, args...)}
}

func known(name string) error {
	if !slices.Contains(Models, name) {
		return refused("no model found by the name '%s'", name)
	}
	return nil
}
