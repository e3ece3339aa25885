package troubleshoot

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// expect makes one check and compares how it ended, with words that must be in what was seen and in the remedy.
func expect(t *testing.T, check Check, status Status, words ...string) {
	t.Helper()
	got := check.Find(t.Context())
	if got.Status != status {
		t.Errorf("%s: want %s, got %s: %s", check.Name, status, got.Status, got.Seen)
	}
	for _, word := range words {
		if !strings.Contains(got.Seen+"\n"+got.Remedy, word) {
			t.Errorf("%s: nothing of %q in %q, %q", check.Name, word, got.Seen, got.Remedy)
		}
	}
	if (status == Failed || status == Warned) && got.Remedy == "" {
		t.Errorf("%s: no remedy", check.Name)
	}
}

func TestSettings(t *testing.T) {
	expect(t, Settings(nil, nil), Passed)
	expect(t, Settings([]string{"AIGW_X is no setting"}, []string{"the key can't be used"}), Warned, "AIGW_X", "key", "docs/settings.md")
}

func TestEnvironment(t *testing.T) {
	for name, tc := range map[string]struct {
		purpose Purpose
		status  Status
		words   string
	}{
		"self-hosted models for a GitLab":   {Purpose{CustomModels: true, GitLabURL: "https://g", GitLabGiven: true}, Passed, "https://g"},
		"self-hosted models for nobody":     {Purpose{CustomModels: true}, Failed, "AIGW_GITLAB_URL"},
		"self-hosted models for everybody":  {Purpose{CustomModels: true, BypassExternal: true}, Warned, "remove AIGW_AUTH__BYPASS_EXTERNAL"},
		"a model that may not be asked":     {Purpose{Hosted: true, AsksForModel: true}, Failed, "AIGW_CUSTOM_MODELS__ENABLED=true"},
		"no models":                         {Purpose{}, Failed, "ANTHROPIC_API_KEY"},
		"hosted models":                     {Purpose{Hosted: true, GitLabURL: "https://gitlab.com"}, Passed, "gitlab.com"},
		"mock models":                       {Purpose{Mocked: true}, Warned, "AIGW_MOCK_MODEL_RESPONSES"},
		"a self-hosted model and a GitLab":  {Purpose{CustomModels: true, GitLabGiven: true, AsksForModel: true}, Passed, ""},
		"hosted models beside self-hosted":  {Purpose{CustomModels: true, GitLabGiven: true, Hosted: true}, Passed, ""},
		"self-hosted, and the URL is empty": {Purpose{CustomModels: true, GitLabGiven: false, GitLabURL: ""}, Failed, "only tokens of gitlab.com"},
	} {
		t.Run(name, func(t *testing.T) { expect(t, Environment(tc.purpose), tc.status, tc.words) })
	}
}

func TestGatewayIsUp(t *testing.T) {
	fakes := testkit.NewFakes(t)
	for name, tc := range map[string]struct {
		script testkit.Script
		status Status
		words  string
	}{
		"it is well":           {testkit.Script{Status: 200, Body: "{}"}, Passed, ""},
		"something else":       {testkit.Script{Status: 404, Body: "{}"}, Failed, "--endpoint"},
		"it hangs up":          {testkit.Script{CutHead: true}, Failed, "Start it"},
		"a proxy that can't":   {testkit.Script{Status: 502, Body: "<html>"}, Failed, "502"},
		"it answers something": {testkit.Script{Status: 204}, Failed, "204"},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Script(tc.script)
			expect(t, Gateway(http.DefaultClient, fakes.URL), tc.status, tc.words)
		})
	}
	expect(t, Gateway(http.DefaultClient, "http://127.0.0.1:1"), Failed, "Nobody listens at 127.0.0.1:1")
}

func TestReady(t *testing.T) {
	fakes := testkit.NewFakes(t)
	for name, tc := range map[string]struct {
		script testkit.Script
		status Status
		words  string
	}{
		"all models answer":   {testkit.Script{Status: 200, Body: "{}"}, Passed, ""},
		"one does not":        {testkit.Script{Status: 503, Body: `{"detail":"Inference failed"}`}, Failed, "Inference failed"},
		"an answer of others": {testkit.Script{Status: 500, Body: `<html>`}, Failed, "no JSON"},
		"nothing":             {testkit.Script{CutHead: true}, Failed, ""},
		"no reason":           {testkit.Script{Status: 503, Body: `{"detail":[1]}`}, Failed, "no reason"},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.Script(tc.script)
			expect(t, Ready(http.DefaultClient, fakes.URL), tc.status, tc.words)
		})
	}
}

func TestGitLab(t *testing.T) {
	fakes := testkit.NewFakes(t)
	asJSON := map[string]string{"Content-Type": "application/json"}
	for name, tc := range map[string]struct {
		script testkit.Script
		status Status
		words  string
	}{
		"its API answers":         {testkit.Script{Status: 200, Body: "[]", Headers: asJSON}, Passed, ""},
		"it shows no projects":    {testkit.Script{Status: 401, Body: "{}", Headers: asJSON}, Passed, "keeps the list"},
		"a page to log in at":     {testkit.Script{Status: 200, Body: "<html>", ContentType: "text/html"}, Failed, "log in"},
		"no GitLab there":         {testkit.Script{Status: 404, Body: "{}", Headers: asJSON}, Failed, "AIGW_GITLAB_URL"},
		"GitLab is in trouble":    {testkit.Script{Status: 502, Body: "<html>"}, Failed, "in trouble"},
		"GitLab hangs up at once": {testkit.Script{CutHead: true}, Failed, "network"},
	} {
		t.Run(name, func(t *testing.T) {
			fakes.GitLab.Reset(tc.script)
			expect(t, GitLab(http.DefaultClient, fakes.GitLab.URL+"/"), tc.status, tc.words)
			if got := fakes.GitLab.Calls()[0].Path; got != "/api/v4/projects" {
				t.Errorf("asked %s", got)
			}
		})
	}
	expect(t, GitLab(http.DefaultClient, "https://gitlab.invalid"), Failed)
	expect(t, GitLab(http.DefaultClient, "http://[::1"), Failed, "not a URL")
	expect(t, GitLab(http.DefaultClient, "gitlab.example.com"), Failed, "Write AIGW_GITLAB_URL with its scheme")
	fakes.GitLab.Script(testkit.Script{Status: 400, Body: "<center>The plain HTTP request was sent to HTTPS port</center>"})
	expect(t, GitLab(http.DefaultClient, fakes.GitLab.URL), Failed, "Use https://")
}

func TestKeys(t *testing.T) {
	answers := func(itself string, n int, err error) func(context.Context) (string, int, error) {
		return func(context.Context) (string, int, error) { return itself, n, err }
	}
	finds := func(n int, err error) func(context.Context) (string, int, error) {
		return answers("https://gitlab.example.com", n, err)
	}
	keys := func(needed bool, probe func(context.Context) (string, int, error)) Check {
		return Keys("gitlab-keys", "GitLab", "AIGW_GITLAB_URL", "https://gitlab.example.com", needed, probe)
	}
	expect(t, keys(true, finds(2, nil)), Passed, "2 keys")
	expect(t, keys(true, finds(0, nil)), Failed, "AIGW_GITLAB_URL")
	expect(t, keys(true, finds(0, errors.New("status 404 Not Found"))), Failed, "404", "tokens of GitLab are refused")
	expect(t, keys(false, finds(0, errors.New("no route"))), Warned, "offline license")
	expect(t, keys(true, answers("", 1, nil)), Passed)
	expect(t, keys(true, answers("http://10.0.0.7", 1, nil)), Warned, "calls itself http://10.0.0.7", "external_url")
	sentOn := &url.Error{Op: "Get", URL: "https://git.internal/oauth/discovery/keys", Err: &net.DNSError{Name: "git.internal", IsNotFound: true}}
	expect(t, keys(true, finds(0, fmt.Errorf("fetch keys: %w", sentOn))), Failed, "name git.internal is unknown", "GitLab itself names git.internal")
}

func TestClock(t *testing.T) {
	there := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	fakes := testkit.NewFakes(t)
	at := func(offset, tolerated time.Duration) Check {
		return Clock(http.DefaultClient, fakes.GitLab.URL, tolerated, func() time.Time { return there.Add(offset) })
	}
	fakes.GitLab.Script(testkit.Script{Status: 200, Body: "{}", Headers: map[string]string{"Date": there.Format(http.TimeFormat)}})
	expect(t, at(time.Second, 0), Passed)
	expect(t, at(-time.Second, 0), Passed)
	expect(t, at(10*time.Second, 0), Warned, "NTP")
	expect(t, at(-10*time.Second, 10*time.Second), Passed)
	expect(t, at(-time.Hour, 0), Failed, "1h0m", "NTP")
	expect(t, at(45*time.Second, 20*time.Second), Warned)
	fakes.GitLab.Script(testkit.Script{Status: 200, Body: "{}", Headers: map[string]string{"Date": "noon"}})
	expect(t, at(0, 0), Warned, "does not tell the time")
	fakes.GitLab.Script(testkit.Script{CutHead: true})
	expect(t, at(0, 0), Failed)
}

func TestSigningKey(t *testing.T) {
	expect(t, SigningKey(true, nil), Warned, "AIGW_SELF_SIGNED_JWT__SIGNING_KEY")
	expect(t, SigningKey(false, func(context.Context) error { return nil }), Passed)
	expect(t, SigningKey(false, func(context.Context) error { return errors.New("no usable signing key") }), Failed, "openssl")
}

func TestTokenAccepted(t *testing.T) {
	fakes := testkit.NewFakes(t)
	credentials := func(context.Context) (http.Header, error) { return http.Header{"Authorization": {"Bearer t"}}, nil }
	for status, want := range map[int]Status{422: Passed, 401: Failed, 403: Failed, 500: Failed, 200: Failed} {
		fakes.Reset(testkit.Script{Status: status, Body: `{"detail":"why"}`})
		expect(t, TokenAccepted(http.DefaultClient, fakes.URL, credentials), want)
		call := fakes.Calls()[0]
		if call.Path != "/v2/code/completions" || call.Header.Get("Authorization") != "Bearer t" || call.Header.Get("Bypass-Auth") != "" {
			t.Errorf("asked %s with %v", call.Path, call.Header)
		}
	}
	fakes.Script(testkit.Script{Status: 401, Body: `{"error":"Forbidden by auth provider"}`})
	expect(t, TokenAccepted(http.DefaultClient, fakes.URL, credentials), Failed, "Forbidden by auth provider", "CLOUD_CONNECTOR_SERVICE_NAME")
	fakes.Script(testkit.Script{CutHead: true})
	expect(t, TokenAccepted(http.DefaultClient, fakes.URL, credentials), Failed)
	none := func(context.Context) (http.Header, error) { return nil, errors.New("no key") }
	expect(t, TokenAccepted(http.DefaultClient, fakes.URL, none), Failed, "no key")
}

func TestExchange(t *testing.T) {
	verify := func(context.Context, http.Header) error { return errors.New("Invalid issuer") }
	fakes := testkit.NewFakes(t)
	credentials := func() (http.Header, error) { return http.Header{"Authorization": {"Bearer t"}}, nil }
	for status, want := range map[int]struct {
		status Status
		words  string
	}{
		200: {Passed, ""}, 401: {Failed, "why: Invalid issuer"}, 403: {Failed, "seats"}, 500: {Failed, "SIGNING_KEY"}, 404: {Failed, "log"},
	} {
		fakes.Script(testkit.Script{Status: status, Body: `{"detail":"why"}`})
		expect(t, Exchange(http.DefaultClient, fakes.URL, credentials, verify), want.status, want.words)
	}
	fakes.Script(testkit.Script{CutHead: true})
	expect(t, Exchange(http.DefaultClient, fakes.URL, credentials, verify), Failed)
	expect(t, Exchange(http.DefaultClient, fakes.URL, func() (http.Header, error) { return nil, errors.New("this is no token") }, verify), Failed, "bearer")
}

func TestAModelAnswers(t *testing.T) {
	model := Model{Family: "mistral", Endpoint: "http://localhost:8000/v1", Identifier: "custom_openai/m"}
	for name, tc := range map[string]struct {
		said   string
		err    error
		status Status
		words  string
	}{
		"it does":                 {"print()", nil, Passed, "7 characters"},
		"it says nothing":         {" \n", nil, Warned, "--model-name"},
		"it is not there":         {"", &ModelError{Unreachable, errors.New("no")}, Failed, "http://localhost:8000/v1"},
		"it is slow":              {"", &ModelError{Silent, errors.New("no")}, Failed, "in time"},
		"it is busy":              {"", &ModelError{Busy, errors.New("no")}, Failed, "Try again"},
		"the key is wrong":        {"", &ModelError{WrongKey, errors.New("no")}, Failed, "--model-key"},
		"the name is wrong":       {"", &ModelError{NoSuchModel, errors.New("no")}, Failed, "does not know m,"},
		"the question is refused": {"", &ModelError{WrongRequest, errors.New("no")}, Failed, "family suits the model"},
		"the family is unknown":   {"", &ModelError{UnknownFamily, errors.New("no")}, Failed, "--model-name"},
		"a setting is missing":    {"", &ModelError{NotConfigured, errors.New("set X")}, Failed, "set X"},
		"something else happened": {"", errors.New("odd"), Failed, "odd"},
	} {
		t.Run(name, func(t *testing.T) {
			check := Answers("chat", "a chat", model, func(context.Context) (string, error) { return tc.said, tc.err })
			expect(t, check, tc.status, tc.words)
			if check.Title != "Model custom_openai/m (mistral) answers a chat" {
				t.Error(check.Title)
			}
		})
	}
}

func TestHostedModels(t *testing.T) {
	expect(t, HostedModels(func(context.Context) error { return nil }), Passed)
	expect(t, HostedModels(func(context.Context) error {
		return fmt.Errorf("ask anthropic: %w", &ModelError{WrongKey, errors.New("401")})
	}), Failed, "ANTHROPIC_API_KEY")
	expect(t, HostedModels(func(context.Context) error { return &ModelError{NoSuchModel, errors.New("404")} }), Failed, "does not offer this model")
	expect(t, HostedModels(func(context.Context) error { return &ModelError{Busy, errors.New("429")} }), Failed, "Try again")
	expect(t, HostedModels(func(context.Context) error { return errors.New("odd") }), Failed, "all that is known")
}

func TestTheAccountAtBedrock(t *testing.T) {
	variables := func(set ...string) func(string) bool {
		return func(name string) bool { return strings.Contains(strings.Join(set, " ")+" ", name+" ") }
	}
	expect(t, Provider("bedrock/m", variables("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION_NAME")), Passed)
	expect(t, Provider("bedrock/m", variables("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")), Passed)
	expect(t, Provider("bedrock/m", variables("AWS_REGION")), Warned, "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY not set")
	expect(t, Provider("custom_openai/m", variables()), Passed)
	expect(t, ProviderAccess("us-east-1", func(context.Context) (int, error) { return 3, nil }), Passed, "3 models")
	expect(t, ProviderAccess("us-east-1", func(context.Context) (int, error) { return 0, errors.New("403") }), Failed, "ListFoundationModels")
}

func TestDocsIndex(t *testing.T) {
	finds := func(n int, err error) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return n, err }
	}
	expect(t, DocsIndex("tmp/docs.db", true, finds(1, nil)), Passed, "tmp/docs.db")
	expect(t, DocsIndex("tmp/docs.db", false, nil), Warned, "index-docs --output_path tmp/docs.db")
	expect(t, DocsIndex("tmp/docs.db", true, finds(0, nil)), Failed, "no documentation")
	expect(t, DocsIndex("tmp/docs.db", true, finds(0, errors.New("no database"))), Failed, "no database", "index-docs")
}

func TestProxies(t *testing.T) {
	proxy := func(_ *http.Request) (*url.URL, error) { return url.Parse("http://me:hidden@proxy:3128") }
	expect(t, Proxies([]string{"https://gitlab.com"}, nil, func(*http.Request) (*url.URL, error) { return nil, nil }), Passed, "none")
	expect(t, Proxies([]string{"https://gitlab.example.com", "::"}, nil, proxy), Passed, "gitlab.example.com by proxy:3128")
	expect(t, Proxies([]string{"http://vllm:8000/v1", "http://10.0.0.7:1/v1", "http://m.ai.svc"}, nil, proxy), Warned, "NO_PROXY: vllm,10.0.0.7,m.ai.svc")
	expect(t, Proxies([]string{"https://gitlab.com"}, nil, func(*http.Request) (*url.URL, error) { return nil, errors.New("invalid proxy") }), Failed, "HTTPS_PROXY")
	direct := func(*http.Request) (*url.URL, error) { return nil, nil }
	for value, want := range map[string]Status{"": Passed, "proxy:3128": Passed, "http://me:pw@proxy:3128": Passed, "socks5://proxy:1080": Passed, "http://bad host": Failed, "ftp://proxy": Failed} {
		expect(t, Proxies(nil, map[string]string{"HTTP_PROXY": value}, direct), want)
	}
	if got := Proxies([]string{"https://gitlab.com"}, nil, proxy).Find(t.Context()); strings.Contains(got.Seen, "hidden") {
		t.Errorf("shows the password: %s", got.Seen)
	}
}

func TestCertificate(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	until := func(days int) func() (*x509.Certificate, error) {
		return func() (*x509.Certificate, error) {
			return &x509.Certificate{NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(0, 0, days), DNSNames: []string{"ai.example.com"}}, nil
		}
	}
	expect(t, Certificate(now, until(90)), Passed, "ai.example.com", "2026-04-01")
	expect(t, Certificate(now, until(7)), Warned, "TLS_CERT_FILE")
	expect(t, Certificate(now, until(0)), Warned)
	expect(t, Certificate(now.Add(time.Hour), until(0)), Failed)
	expect(t, Certificate(now.AddDate(0, 0, -2), until(90)), Failed)
	expect(t, Certificate(now, func() (*x509.Certificate, error) { return nil, errors.New("no file") }), Failed, "no file")
}

func TestAuthorities(t *testing.T) {
	expect(t, Authorities("SSL_CERT_FILE", "/ca.pem", func() ([]byte, error) { return nil, errors.New("no such file") }), Failed, "mount")
	expect(t, Authorities("SSL_CERT_FILE", "/ca.pem", func() ([]byte, error) { return []byte("DER"), nil }), Failed, "PEM")
	expect(t, Authorities("SSL_CERT_FILE", "/ca.pem", func() ([]byte, error) { return authority(t), nil }), Passed, "/ca.pem")
}

func TestCollector(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Status: 404})
	expect(t, Collector("snowplow", "AIGW_SNOWPLOW__ENDPOINT", fakes.URL, http.DefaultClient), Passed)
	expect(t, Collector("snowplow", "AIGW_SNOWPLOW__ENDPOINT", "http://127.0.0.1:1", http.DefaultClient), Failed, "Events are lost", "AIGW_SNOWPLOW__ENDPOINT")
}
