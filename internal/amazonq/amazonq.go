// Package amazonq connects a GitLab instance with Amazon Q Developer (spec/models-and-providers.md 15).
//
// The gateway has no account at AWS: whatever it does, it does in a role of the customer's. Each request goes three steps, whose results are
// never kept:
//
//  1. GitLab's token service, glgo, exchanges the caller's token for one that AWS knows (identity.go);
//  2. AWS's own token service, STS, lends the role for it (role.go);
//  3. with the credentials of the role, the Q Developer Integration service is told what happened (integration.go).
//
// [Service.Connect] makes a GitLab instance known to Amazon Q, [Service.Send] tells it of a quick action. Both are made of these steps and
// of what AWS's answers mean (spec/models-and-providers.md 15.4).
package amazonq

import (
	"context"
	"crypto/rsa"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

// Options are the operator's settings.
type Options struct {
	HTTP *wire.Client

	SigningKey  *rsa.PrivateKey // signs what glgo is shown (AIGW_SELF_SIGNED_JWT__SIGNING_KEY); nil: there is none
	GlgoURL     string          // AIGW_GLGO_BASE_URL, used as it is
	Region      string          // AIGW_AMAZON_Q__REGION; empty: not configured
	EndpointURL string          // AIGW_AMAZON_Q__ENDPOINT_URL; empty: not configured
	STSURL      string          // AWS_ENDPOINT_URL_STS; empty: that of the region

	// Log writes an entry of the request log (spec/observability.md 6).
	Log func(ctx context.Context, level slog.Level, message string, attrs ...slog.Attr)

	Now    func() time.Time // nil: the clock
	Random func() float64   // share of the longest wait between attempts that is waited, in [0, 1); nil: random numbers
}

// Service is Amazon Q. It is safe for concurrent use.
type Service struct {
	missing     error
	identity    *identity
	roles       *roles
	integration *integration
	log         func(ctx context.Context, level slog.Level, message string, attrs ...slog.Attr)
}

// New returns a service. It asks nobody. A setting that is missing fails each request, with a [*NotConfiguredError].
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	s := &Service{missing: missing(o), log: o.Log}
	if s.missing == nil {
		again := newRetryer(o.Random)
		s.identity = newIdentity(o)
		s.roles = newRoles(o, again)
		s.integration = newIntegration(o, again)
	}
	return s
}

// missing names the first setting that keeps Amazon Q from being asked, or is nil.
func missing(o Options) error {
	switch {
	case o.SigningKey == nil:
		return &NotConfiguredError{"AIGW_SELF_SIGNED_JWT__SIGNING_KEY"}
	case o.Region == "":
		return &NotConfiguredError{"AIGW_AMAZON_Q__REGION"}
	case !isURL(o.EndpointURL):
		return &NotConfiguredError{"AIGW_AMAZON_Q__ENDPOINT_URL"}
	case o.STSURL != "" && !isURL(o.STSURL):
		return &NotConfiguredError{"AWS_ENDPOINT_URL_STS"}
	default:
		return nil
	}
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Caller is who a request comes from.
type Caller struct {
	UserID  string // the user's id at GitLab; must not be empty
	Token   string // the bearer token of the request, secret; empty for none
	Subject string // whom the token is about; empty when it was not looked at
}

// Application is GitLab's side of the connection: an OAuth application at the instance.
type Application struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"` // secret
	InstanceURL  string `json:"instanceUrl"`
	RedirectURL  string `json:"redirectUrl"`
}

// Connect makes an application known to Amazon Q, or what is known of it up to date. role is the ARN of the customer's role.
//
// The error is [ErrNoUserID], a [*NotConfiguredError], a [*IdentityError], a [*ParameterError], a [*ServiceError], a [*UnreachableError],
// or that of a cancelled context; so are the errors of Send.
func (s *Service) Connect(ctx context.Context, caller Caller, role string, app Application) error {
	q, err := s.session(ctx, caller, role, app.ClientSecret)
	if err != nil {
		return err
	}
	s.note(ctx, "Creating OAuth Application Connection.")
	err = q.call(ctx, "CreateOAuthAppConnection", app)
	if codeOf(err) != "ConflictException" {
		return err
	}
	s.note(ctx, "OAuth Application Exists. Updating OAuth Application Connection.")
	return q.call(ctx, "UpdateOAuthAppConnection", app)
}

// Send tells Amazon Q of an event. When it does not know, or no longer knows, the user at GitLab, the grant code introduces the user, and
// the event is sent once more.
func (s *Service) Send(ctx context.Context, caller Caller, role, code string, event Event) error {
	q, err := s.session(ctx, caller, role, code)
	if err != nil {
		return err
	}
	err = q.send(ctx, event)
	var refused *ServiceError
	if !errors.As(err, &refused) || refused.Code != accessDenied {
		return err
	}
	var grant string
	switch refused.reason {
	case "gitLabExpiredIdentity":
		grant = "CreateAuthGrant"
	case "gitLabInvalidIdentity":
		grant = "UpdateAuthGrant"
	default:
		return err
	}
	if err := q.call(ctx, grant, authGrant{code}); err != nil {
		return err
	}
	return q.send(ctx, event)
}

// session gets the credentials of the role for the caller. secret is one that the calls will carry: AWS may repeat it when it refuses them.
func (s *Service) session(ctx context.Context, caller Caller, role, secret string) (*session, error) {
	if s.missing != nil {
		return nil, s.missing
	}
	if caller.UserID == "" {
		return nil, ErrNoUserID
	}
	token, err := s.identity.token(ctx, caller)
	if err != nil {
		return nil, failed(ctx, &IdentityError{err})
	}
	s.note(ctx, "Obtained Glgo token", slog.String("user_id", caller.UserID))
	name := caller.Subject
	if name == "" {
		s.log(ctx, slog.LevelWarn, "No user claims found, using a placeholder as the name of the AWS session.", source)
		name = "placeholder"
	}
	credentials, err := s.roles.assume(ctx, role, name, token)
	if err != nil {
		return nil, failed(ctx, err)
	}
	return &session{s.integration, credentials, secret}, nil
}

var source = slog.String("source", "ai_gateway.integrations.amazon_q.client")

func (s *Service) note(ctx context.Context, message string, attrs ...slog.Attr) {
	s.log(ctx, slog.LevelInfo, message, append(attrs, source)...)
}

// failed is err, or the context's own when that is why.
func failed(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
