package google

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

const vendor = "google"

// credentials finds out who the gateway is. The library's own cache is of no use here: each of its tokens is the first.
func (t *Tokens) credentials() (*auth.Credentials, error) {
	options := &credentials.DetectOptions{Scopes: []string{scope}, Client: t.client}
	file, err := t.read()
	if err != nil {
		return nil, notConfigured(fmt.Errorf("GOOGLE_APPLICATION_CREDENTIALS: %w", withoutPath(err)))
	}
	var found *auth.Credentials
	if len(file) > 0 {
		found, err = parse(file, options)
	} else {
		found, err = credentials.DetectDefault(options)
	}
	if err != nil {
		return nil, notConfigured(err)
	}
	return found, nil
}

// read is the text of the credentials file; nil when nobody names one.
func (t *Tokens) read() ([]byte, error) {
	if len(t.key) > 0 || t.file == "" {
		return t.key, nil
	}
	return os.ReadFile(t.file)
}

// parse reads a credentials file of any kind: it comes from the operator.
func parse(file []byte, options *credentials.DetectOptions) (*auth.Credentials, error) {
	var kind struct {
		Type credentials.CredType `json:"type"`
	}
	if json.Unmarshal(file, &kind) != nil { // its error might quote the file
		return nil, errors.New("the credentials are not JSON")
	}
	return credentials.NewCredentialsFromJSON(kind.Type, file, options)
}

// notConfigured is an error for the operator. Clients may see it, so it quotes neither a file nor a server.
func notConfigured(err error) error {
	return &llm.Error{Kind: llm.NotConfigured, Vendor: vendor, Err: fmt.Errorf("there are no usable Google credentials: %w", err)}
}

func withoutPath(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// maxQuote is how much of a server's answer an error quotes, in bytes.
const maxQuote = 512

// failed is the error of a token server, or of the metadata server. Where it is the credentials that are wrong, the operator must act.
func failed(what string, err error) error {
	text := err.Error()
	var refusal *auth.Error
	switch {
	case errors.As(err, &refusal) && refusal.Response != nil && isFinal(refusal.Response.StatusCode):
		return notConfigured(errors.New("the token server refuses them: " + oauthError(refusal)))
	case strings.Contains(text, "private key"): // the library reads it late, and has no type for this
		return notConfigured(errors.New("the private key in them cannot be read"))
	}
	if len(text) > maxQuote {
		text = strings.ToValidUTF8(text[:maxQuote], "") + "…"
	}
	return &llm.Error{Kind: llm.Unavailable, Vendor: vendor, Err: fmt.Errorf("%s from Google: %s", what, text)}
}

func isFinal(status int) bool {
	return 400 <= status && status <= 499 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
}

// oauthError is the name of an error that OAuth knows, else the status.
func oauthError(refusal *auth.Error) string {
	var answer struct {
		Error string `json:"error"`
	}
	known := []string{"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}
	if json.Unmarshal(refusal.Body, &answer) == nil && slices.Contains(known, answer.Error) {
		return answer.Error
	}
	return refusal.Response.Status
}
