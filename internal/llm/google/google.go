// Package google gets access tokens for Google Cloud from the credentials of the deployment (spec/auth.md 16).
//
// [Tokens] holds one token for everybody. It is renewed while it still serves, behind the request that notices; only a request that
// finds no usable token waits. The credentials themselves are found, and signed with, by Google's own library: a key that the settings
// hold, a credentials file, what gcloud left, or the metadata server of the machine. They are looked up anew for each token, so that a
// rotated key file needs no restart.
package google

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/auth"
)

// scope is what every token may be used for.
const scope = "https://www.googleapis.com/auth/cloud-platform"

const (
	freshFor     = 225 * time.Second // a token that expires sooner is renewed
	usableFor    = 10 * time.Second  // a token that expires sooner is used no more: the call has to arrive, too
	fetchTimeout = 20 * time.Second  // of the look-up and the token server together
)

// Options say where the credentials are.
type Options struct {
	Key    string       // a credentials file's text, secret (AIGW_GOOGLE_CLOUD_PLATFORM__SERVICE_ACCOUNT_JSON_KEY); empty: File
	File   string       // path of a credentials file (GOOGLE_APPLICATION_CREDENTIALS); empty: Google's own look-up
	Client *http.Client // asks the token server; nil: [http.DefaultClient]
	Now    func() time.Time
}

// Tokens hands out access tokens. It is safe for concurrent use.
type Tokens struct {
	key    []byte
	file   string
	client *http.Client
	now    func() time.Time

	mu      sync.Mutex
	token   *auth.Token // the latest; nil before the first
	running *fetch      // nil while nobody asks for a new one
	project string      // once it was found
}

// fetch is one attempt to get a token. Any number of requests may wait for it.
type fetch struct {
	done  chan struct{}
	token *auth.Token // when err is nil
	err   error
}

// NewTokens returns a source of tokens. Nothing is read or asked before the first token is needed.
func NewTokens(o Options) *Tokens {
	t := &Tokens{key: []byte(strings.Trim(o.Key, "'")), file: o.File, client: o.Client, now: o.Now} // shells leave quotes around a key
	if t.client == nil {
		t.client = http.DefaultClient // the library would make one for each token
	}
	if t.now == nil {
		t.now = time.Now
	}
	return t
}

// Token returns an access token, to be sent as a bearer token. The error is an [*llm.Error] of kind NotConfigured, when the
// credentials are missing or refused, or Unavailable, when the token server does not answer; or that of a cancelled context.
func (t *Tokens) Token(ctx context.Context) (string, error) {
	token, running := t.current()
	if token != nil {
		return token.Value, nil
	}
	select {
	case <-running.done:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if running.err != nil {
		return "", running.err
	}
	return running.token.Value, nil // whatever its state: a better one is not to be had
}

// Project returns the project that the credentials belong to; empty when they name none. It may ask the metadata server, once. The
// errors are those of Token.
func (t *Tokens) Project(ctx context.Context) (string, error) {
	t.mu.Lock()
	known := t.project
	t.mu.Unlock()
	if known != "" {
		return known, nil
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	credentials, err := t.credentials()
	if err != nil {
		return "", err
	}
	project, err := credentials.ProjectID(ctx)
	if err != nil {
		return "", failed("find the project of the credentials", err)
	}
	t.mu.Lock()
	t.project = project
	t.mu.Unlock()
	return project, nil
}

// current is the token in force. When there is none it is nil, and a fetch is under way; when it is about to expire, a fetch is under way,
// too.
func (t *Tokens) current() (*auth.Token, *fetch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lasts(freshFor) {
		return t.token, nil
	}
	if t.running == nil {
		t.running = &fetch{done: make(chan struct{})}
		go t.run(t.running)
	}
	if t.lasts(usableFor) {
		return t.token, nil
	}
	return nil, t.running
}

// lasts tells whether the latest token is good for longer than d.
func (t *Tokens) lasts(d time.Duration) bool {
	return t.token != nil && (t.token.Expiry.IsZero() || t.token.Expiry.Sub(t.now()) > d)
}

// run fetches a token for all who wait. It belongs to none of them: the first one may leave.
func (t *Tokens) run(f *fetch) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	f.token, f.err = t.fetch(ctx)
	t.mu.Lock()
	if f.err == nil {
		t.token = f.token
	}
	t.running = nil
	t.mu.Unlock()
	close(f.done)
}

func (t *Tokens) fetch(ctx context.Context) (*auth.Token, error) {
	credentials, err := t.credentials()
	if err != nil {
		return nil, err
	}
	token, err := credentials.Token(ctx)
	if err == nil && token.Value == "" {
		err = errors.New("the answer has no token")
	}
	if err != nil {
		return nil, failed("get an access token", err)
	}
	return token, nil
}
