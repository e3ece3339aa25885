package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
	"github.com/ai-gateway/ai-gateway/internal/llm/bedrock"
	"github.com/ai-gateway/ai-gateway/internal/llm/openai"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/troubleshoot"
)

// Examination says what an operator wants to know about an installation.
type Examination struct {
	Endpoint string // of the running gateway, HOST:PORT or a URL; empty: where the settings put it
	Model    troubleshoot.Model
	ModelKey config.Secret
	Token    config.Secret // a token of GitLab to exchange; empty: none
}

// examiner makes the checks for one installation.
type examiner struct {
	Examination
	settings *config.Settings
	app      *App // like the gateway that is examined, in this process; it serves nothing
	outside  *http.Client
	inside   *http.Client // to the running gateway
	models   *http.Client // to model servers, with the headers and certificates that the gateway shows them
	gateway  string       // base URL of its API
	probes   string       // base URL of what answers /monitoring/…
}

// Checks are all checks that make sense for an installation with these settings (spec/settings-and-operations.md 13). Call release when they
// have been made.
func Checks(settings *config.Settings, what Examination) (checks []troubleshoot.Check, release func(), err error) {
	app, err := New(quiet(settings))
	if err != nil {
		return nil, nil, err
	}
	e := &examiner{
		Examination: what, settings: settings, app: app,
		outside: &http.Client{Timeout: 10 * time.Second}, inside: &http.Client{Timeout: 30 * time.Second},
		models: &http.Client{Timeout: 10 * time.Second, Transport: wire.NewPool(app.pool)},
	}
	e.locate()
	checks = append(checks, e.ofSettings()...)
	checks = append(checks, e.ofGitLab()...)
	checks = append(checks, e.ofGateway()...)
	checks = append(checks, e.ofModels()...)
	checks = append(checks, e.ofEvents()...)
	return checks, app.Close, nil
}

// quiet are settings for a gateway that keeps what it does to itself, and lets nobody in without a token.
func quiet(settings *config.Settings) *config.Settings {
	s := *settings
	s.Logging = config.Logging{Level: "CRITICAL"}
	s.Snowplow.Enabled, s.InternalEvent.Enabled, s.OpenTelemetry.Enabled, s.LangSmith = false, false, false, config.LangSmith{}
	s.Auth.BypassExternal, s.Auth.BypassExternalWithHeader, s.Auth.BypassJWTSignature = false, false, false
	return &s
}

// locate finds out where the running gateway is.
func (e *examiner) locate() {
	e.gateway = apiURL(e.settings.FastAPI)
	e.probes = ProbeURL(e.settings.FastAPI)
	if e.Endpoint == "" {
		if e.settings.FastAPI.TLSCertFile != "" { // its name need not be this machine's
			e.inside.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // it is the gateway beside us
		}
		return
	}
	e.gateway = strings.TrimRight(e.Endpoint, "/")
	if !strings.Contains(e.gateway, "://") {
		e.gateway = scheme(e.settings.FastAPI) + "://" + e.gateway
	}
	if e.settings.FastAPI.TLSClientCAFile == "" {
		e.probes = e.gateway
	}
}

func (e *examiner) ofSettings() []troubleshoot.Check {
	s := e.settings
	checks := []troubleshoot.Check{
		troubleshoot.Settings(s.Warnings(), Doubts(s)),
		troubleshoot.Environment(troubleshoot.Purpose{
			CustomModels: s.CustomModels.Enabled, GitLabURL: s.GitLabURL, GitLabGiven: e.given("AIGW_GITLAB_URL") && s.GitLabURL != "",
			Hosted: s.Anthropic.APIKey != "" || s.Anthropic.AuthToken != "", Mocked: s.MockModelResponses, AsksForModel: e.Model.Family != "",
			BypassExternal: s.Auth.BypassExternal,
		}),
	}
	for _, file := range []struct{ setting, path string }{{"REQUESTS_CA_BUNDLE", s.TLS.CABundle}, {"SSL_CERT_FILE", e.valueOf("SSL_CERT_FILE")}} {
		if file.path != "" {
			checks = append(checks, troubleshoot.Authorities(file.setting, file.path, func() ([]byte, error) { return os.ReadFile(file.path) }))
		}
	}
	if s.FastAPI.TLSCertFile != "" {
		checks = append(checks, troubleshoot.Certificate(time.Now(), func() (*x509.Certificate, error) { return leaf(s.FastAPI) }))
	}
	proxies := map[string]string{}
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY"} {
		proxies[name] = e.valueOf(name)
	}
	return append(checks, troubleshoot.Proxies(e.targets(), proxies, http.ProxyFromEnvironment))
}

// leaf is the certificate that clients of the API see.
func leaf(s config.FastAPI) (*x509.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(s.TLSCertFile, s.TLSKeyFile)
	if err != nil {
		return nil, err
	}
	return pair.Leaf, nil
}

// targets are the servers that are asked.
func (e *examiner) targets() []string {
	targets := []string{e.settings.GitLabURL, e.settings.CustomerPortalURL}
	if e.Model.Endpoint != "" {
		targets = append(targets, e.Model.Endpoint)
	}
	if e.settings.Anthropic.APIKey != "" {
		targets = append(targets, e.settings.Anthropic.BaseURL)
	}
	return targets
}

func (e *examiner) ofGitLab() []troubleshoot.Check {
	s := e.settings
	probe := func(base string) func(context.Context) (string, int, error) {
		return func(ctx context.Context) (string, int, error) {
			published, err := auth.Probe(ctx, base, nil)
			return published.Issuer, published.Keys, err
		}
	}
	return []troubleshoot.Check{
		troubleshoot.GitLab(e.outside, s.GitLabURL),
		troubleshoot.Keys("gitlab-keys", "GitLab", "AIGW_GITLAB_URL", s.GitLabURL, true, probe(s.GitLabURL)),
		troubleshoot.Keys("portal-keys", "the Customers Portal", "AIGW_CUSTOMER_PORTAL_URL", s.CustomerPortalURL, !s.CustomModels.Enabled,
			probe(s.CustomerPortalURL)),
		troubleshoot.Clock(e.outside, s.GitLabURL, s.Auth.ClockSkew, time.Now),
	}
}

func (e *examiner) ofGateway() []troubleshoot.Check {
	checks := []troubleshoot.Check{
		troubleshoot.Gateway(e.inside, e.probes),
		troubleshoot.Ready(e.inside, e.probes),
		troubleshoot.SigningKey(e.settings.SelfSignedJWT.SigningKey == "", e.exchangeHere),
	}
	if e.settings.FastAPI.TLSClientCAFile != "" {
		return append(checks, troubleshoot.NotChecked("token", "The running gateway accepts a token of its own", "clients need a certificate"))
	}
	if e.settings.SelfSignedJWT.SigningKey != "" {
		checks = append(checks, troubleshoot.TokenAccepted(e.inside, e.gateway, e.ownCredentials))
	}
	if e.Token != "" {
		checks = append(checks, troubleshoot.Exchange(e.inside, e.gateway, func() (http.Header, error) {
			return auth.HeadersFor(e.Token.Reveal(), examinerID.GlobalUserID)
		}, func(ctx context.Context, header http.Header) error {
			_, err := e.app.authenticator.Authenticate(ctx, header)
			return errors.Unwrap(err) // without the answer, which the running gateway gave itself
		}))
	}
	return checks
}

// examinerID is in whose name tokens are issued and exchanged here.
var examinerID = auth.Identity{GlobalUserID: "troubleshoot", InstanceID: "troubleshoot", Realm: "self-managed"}

// exchangeHere issues a token and verifies it, as the gateway would.
func (e *examiner) exchangeHere(ctx context.Context) error {
	header, err := e.ownCredentials(ctx)
	if err != nil {
		return err
	}
	_, err = e.app.authenticator.Authenticate(ctx, header)
	return err
}

func (e *examiner) ownCredentials(context.Context) (http.Header, error) {
	token, _, err := e.app.authenticator.IssueUserToken(nil, examinerID)
	if err != nil {
		return nil, err
	}
	return examinerID.Headers(token), nil
}

func (e *examiner) ofModels() []troubleshoot.Check {
	var checks []troubleshoot.Check
	s := e.settings
	if (s.Anthropic.APIKey != "" || s.Anthropic.AuthToken != "") && !s.MockModelResponses && !s.CustomModels.Enabled {
		checks = append(checks, troubleshoot.HostedModels(func(ctx context.Context) error { return modelError(e.app.ready.Ready(ctx), "") }))
	}
	if e.Model.Family != "" {
		checks = append(checks, e.ofModel()...)
	}
	if s.CustomModels.Enabled {
		checks = append(checks, docsIndexCheck())
	}
	return checks
}

func (e *examiner) ofModel() []troubleshoot.Check {
	var checks []troubleshoot.Check
	e.Model.HasKey = e.ModelKey != ""
	if provider(e.Model) == "bedrock" {
		checks = append(checks, troubleshoot.Provider(e.Model.Identifier, func(name string) bool { return e.valueOf(name) != "" }))
		aws := e.settings.AWS
		account := bedrock.New(bedrock.Options{
			HTTP: wire.NewClient(wire.Options{}), Region: aws.Region, AccessKeyID: aws.AccessKeyID.Reveal(),
			SecretAccessKey: aws.SecretAccessKey.Reveal(), SessionToken: aws.SessionToken.Reveal(),
		})
		checks = append(checks, troubleshoot.ProviderAccess(aws.Region, func(ctx context.Context) (int, error) {
			return account.ListModels(ctx, e.outside, "")
		}))
	}
	if openai.Compatible(provider(e.Model)) {
		checks = append(checks, troubleshoot.ModelServer(e.models, e.Model, e.ModelKey.Reveal()))
	}
	asker := modelAsker{app: e.app, model: e.Model, key: e.ModelKey}
	return append(checks,
		troubleshoot.Answers("completion", "a code completion", e.Model, asker.completion),
		troubleshoot.Answers("generation", "a code generation", e.Model, asker.generation),
		troubleshoot.Answers("chat", "a chat", e.Model, asker.chat))
}

// provider is who serves a model; one without an identifier is behind the URL itself.
func provider(m troubleshoot.Model) string {
	if m.Identifier == "" {
		return openai.Direct
	}
	name, _, _ := strings.Cut(m.Identifier, "/")
	return name
}

// docsIndexFile is where the documentation index of a self-hosted gateway is (spec/settings-and-operations.md 9).
const docsIndexFile = "tmp/docs.db"

func docsIndexCheck() troubleshoot.Check {
	_, err := os.Stat(docsIndexFile)
	return troubleshoot.DocsIndex(docsIndexFile, !errors.Is(err, os.ErrNotExist), func(ctx context.Context) (int, error) {
		index := sqlite.New(sqlite.Options{Path: docsIndexFile, Log: discardLog()})
		defer index.Close()
		results, err := index.Search(ctx, docsearch.Question{Text: "gitlab", PageSize: 1})
		return len(results), err
	})
}

func (e *examiner) ofEvents() []troubleshoot.Check {
	var checks []troubleshoot.Check
	if c := e.settings.Snowplow; c.Enabled {
		checks = append(checks, troubleshoot.Collector("snowplow", "AIGW_SNOWPLOW__ENDPOINT", c.Endpoint, e.outside))
	}
	if c := e.settings.InternalEvent; c.Enabled {
		checks = append(checks, troubleshoot.Collector("internal-events", "AIGW_INTERNAL_EVENT__ENDPOINT", c.Endpoint, e.outside))
	}
	return checks
}

// given tells whether an operator set a setting.
func (e *examiner) given(name string) bool {
	for _, entry := range e.settings.Effective() {
		if entry.Name == name {
			return entry.Given
		}
	}
	return false
}

// valueOf is the value of a setting or variable as it may be shown.
func (e *examiner) valueOf(name string) string {
	for _, entry := range e.settings.Effective() {
		if entry.Name == name {
			return entry.Value
		}
	}
	return ""
}

// apiURL is where a gateway with these settings serves its API, seen from beside it.
func apiURL(s config.FastAPI) string {
	return scheme(s) + "://" + address(near(s.APIHost), s.APIPort)
}

func scheme(s config.FastAPI) string {
	if s.TLSCertFile != "" {
		return "https"
	}
	return "http"
}

// ProbeURL is the base URL, seen from beside it, of what answers /monitoring/healthz in a gateway with these settings. When clients need
// certificates, which probes have not, that is the metrics listener.
func ProbeURL(s config.FastAPI) string {
	if s.TLSClientCAFile != "" {
		return "http://" + address(near(s.MetricsHost), s.MetricsPort)
	}
	return apiURL(s)
}

// near is the host to connect to for one that is bound.
func near(host string) string {
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		return "localhost"
	}
	return host
}
