package amazonq

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/uuid"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// integration is the Q Developer Integration service, of API version 2022-07-26 (spec/models-and-providers.md 15.3). There is no library for
// it: it speaks AWS's JSON protocol 1.0, in which a header names the operation and everything is posted to the same URL.
type integration struct {
	http   *wire.Client
	url    string
	region string
	signer *v4.Signer
	again  *retry.Standard
	now    func() time.Time
}

func newIntegration(o Options, again *retry.Standard) *integration {
	return &integration{http: o.HTTP, url: o.EndpointURL, region: o.Region, signer: v4.NewSigner(), again: again, now: o.Now}
}

const (
	target       = "AWSQDeveloperIntegrationService."
	service      = "q" // in signatures
	accessDenied = "AccessDeniedException"
)

// sendEvent is the input of SendEvent.
type sendEvent struct {
	ProviderID   string `json:"providerId"`
	EventID      string `json:"eventId"`
	EventVersion string `json:"eventVersion"`
	Event        []byte `json:"event"`       // the event as JSON, base64 on the wire
	ClientToken  string `json:"clientToken"` // the same for all attempts of a call
}

// authGrant is the input of CreateAuthGrant and UpdateAuthGrant.
type authGrant struct {
	Code string `json:"code"`
}

// session is the service for one request, with the credentials of the customer's role.
type session struct {
	*integration
	credentials aws.Credentials
	secret      string // to be kept out of errors
}

func (s *session) send(ctx context.Context, event Event) error {
	document, err := wire.JSON(event)
	if err != nil {
		return err
	}
	token, err := uuid.NewRandom()
	if err != nil {
		return err
	}
	return s.call(ctx, "SendEvent", sendEvent{
		ProviderID: "GITLAB", EventID: "Quick Action", EventVersion: "1.0", Event: document, ClientToken: token.String(),
	})
}

// call has the service do something, in up to 5 attempts. What it answers when it does so is of no interest. The error is a
// [*ServiceError], an [*UnreachableError], or that of a cancelled context.
func (s *session) call(ctx context.Context, operation string, input any) error {
	body, err := wire.JSON(input)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := s.attempt(ctx, operation, body)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case !s.again.IsErrorRetryable(err):
			return err
		case attempt == maxAttempts:
			if refused, ok := err.(*ServiceError); ok { //nolint:errorlint // attempt returns it as it is
				refused.Exhausted = true
			}
			return err
		}
		if err := s.pause(ctx, attempt, err); err != nil {
			return err
		}
	}
}

func (s *session) pause(ctx context.Context, attempt int, failure error) error {
	delay, err := s.again.RetryDelay(attempt, failure)
	if err != nil {
		return err
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *session) attempt(ctx context.Context, operation string, body []byte) error {
	header, err := s.sign(ctx, operation, body)
	if err != nil {
		return &UnreachableError{operation, err}
	}
	response, err := s.http.Relay(ctx, &wire.Call{
		Vendor: "amazon-q", URL: s.url, Header: header, Body: body, Secret: s.credentials.SessionToken, Connect: phase, Read: phase,
	})
	if err != nil {
		return &UnreachableError{operation, err}
	}
	answer, err := response.Whole()
	switch {
	case err != nil:
		return &UnreachableError{operation, err}
	case response.Status < 200 || response.Status > 299:
		return s.refused(operation, response.Status, answer)
	default:
		return nil
	}
}

// sign returns the header of a call, signed for this moment.
func (s *session) sign(ctx context.Context, operation string, body []byte) (http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, nil)
	if err != nil {
		return nil, err
	}
	r.Header = http.Header{
		"Content-Type": {"application/x-amz-json-1.0"}, "X-Amz-Target": {target + operation}, "User-Agent": {"ai-gateway"},
	}
	hash := sha256.Sum256(body)
	if err := s.signer.SignHTTP(ctx, s.credentials, r, hex.EncodeToString(hash[:]), service, s.region, s.now()); err != nil {
		return nil, err
	}
	return r.Header, nil
}

// refused reads the answer of a service that did not do what was asked.
func (s *session) refused(operation string, status int, answer []byte) *ServiceError {
	var said struct {
		Type    string `json:"__type"` // perhaps with a namespace before it
		Message string `json:"message"`
		Reason  string `json:"reason"`
	}
	refused := &ServiceError{Code: strconv.Itoa(status), Operation: operation, Status: status}
	if json.Unmarshal(answer, &said) != nil || said.Type == "" {
		return refused
	}
	refused.Code = said.Type[strings.LastIndexByte(said.Type, '#')+1:]
	refused.Message, refused.reason = withoutSecret(said.Message, s.secret), said.Reason
	return refused
}

// withoutSecret takes a secret out of a text that somebody else wrote. Very short ones are parts of words.
func withoutSecret(text, secret string) string {
	if len(secret) < 4 {
		return text
	}
	return strings.ReplaceAll(text, secret, "[secret]")
}
