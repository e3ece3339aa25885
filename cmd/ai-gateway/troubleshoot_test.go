package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// installation is a gateway for self-hosted models beside a GitLab, with authentication, and the environment of its operator.
type installation struct {
	fakes   *testkit.Fakes
	gateway *testkit.Process
	env     map[string]string
}

func install(t *testing.T) *installation {
	t.Helper()
	fakes := testkit.NewFakes(t)
	fakes.GitLab.Script(testkit.Script{Path: "/api/v4/projects", Status: 200, Body: "[]"})
	env := map[string]string{
		"AIGW_CUSTOM_MODELS__ENABLED": "true", "AIGW_GITLAB_URL": fakes.GitLab.URL, "AIGW_CUSTOMER_PORTAL_URL": fakes.Portal.URL,
		"AIGW_SELF_SIGNED_JWT__SIGNING_KEY": fakes.Fill("${RSA_KEY}"),
	}
	return &installation{fakes: fakes, gateway: testkit.Gateway(t, env), env: env}
}

// examine is a script that troubleshoots the installation, with changes of the operator's environment; "" removes a variable.
func (i *installation) examine(name string, changes map[string]string, args ...string) script {
	env := maps.Clone(i.env)
	maps.Copy(env, changes)
	s := script{name: name, args: append([]string{"troubleshoot", "--endpoint", strings.TrimPrefix(i.gateway.URL, "http://")}, args...)}
	for name, value := range env {
		if value != "" {
			s.env = append(s.env, name+"="+value)
		}
	}
	return s
}

func (s script) ends(status int, stdout ...string) script {
	s.status, s.stdout = status, stdout
	return s
}

func TestTroubleshootAHealthyInstallation(t *testing.T) {
	i := install(t)
	now := time.Now().Unix()
	token, err := i.fakes.Token(testkit.GitLab, nil, map[string]any{
		"iss": i.fakes.GitLab.URL, "aud": "gitlab-ai-gateway", "sub": "instance-1", "exp": now + 3600, "nbf": now - 5, "iat": now - 5,
		"gitlab_realm": "self-managed", "scopes": []string{"complete_code"}, "gitlab_instance_id": "instance-1",
	})
	if err != nil {
		t.Fatal(err)
	}
	s := i.examine("", nil, "--model-name", "mistral", "--model-endpoint", i.fakes.URL+"/v1", "--model-key", "-", "--token", "-").ends(0,
		`^✔ The settings are as they should be$`, `^✔ The gateway knows its GitLab and its models: self-hosted models for http`,
		`^✔ Proxies are used`, `^✔ GitLab can be reached`, `^✔ The keys of GitLab`, `^✔ The keys of the Customers Portal`, `^✔ The clock`,
		`^✔ The gateway is up and running`, `^✔ The gateway is ready`, `^✔ The gateway can issue tokens`, `^✔ The running gateway accepts a token`,
		`^✔ The running gateway exchanges`, `^✔ Model mistral answers a code completion`, `^✔ Model mistral answers a code generation`,
		`^✔ Model mistral answers a chat`, `^! The index of GitLab's documentation is there: there is no file`, `^15 passed, 0 failed, 1 with a warning$`,
		"!model-secret",
	)
	s.stdin = "model-secret\n" + token + "\n"
	s.run(t)
	calls := i.fakes.Calls()
	if len(calls) != 3 || calls[0].Header.Get("Authorization") != "Bearer model-secret" {
		t.Errorf("the model was asked %d times: %+v", len(calls), calls)
	}
	i.gateway.WaitLogs(t, map[string]any{"logger": "api.access", "path": "/v2/code/completions", "status_code": 422})
}

func TestTroubleshootWhatIsBroken(t *testing.T) {
	i := install(t)
	other := newKey(t)
	for _, tc := range []struct {
		model  []testkit.Script // of model servers
		gitlab []testkit.Script
		script script
	}{
		{script: i.examine("another key than that of the running gateway", map[string]string{"AIGW_SELF_SIGNED_JWT__SIGNING_KEY": other}).ends(1,
			`^✘ The running gateway accepts a token of its own: status 401`, `^    The running gateway has another AIGW_SELF_SIGNED_JWT__SIGNING_KEY`)},
		{script: i.examine("a key that is none", map[string]string{"AIGW_SELF_SIGNED_JWT__SIGNING_KEY": "hidden"}).ends(1,
			`^! The settings are as they should be: AIGW_SELF_SIGNED_JWT__SIGNING_KEY can't be used`, `^✘ The gateway can issue tokens`,
			`^- The running gateway accepts a token of its own \(not checked`, "!hidden")},
		{script: i.examine("no key", map[string]string{"AIGW_SELF_SIGNED_JWT__SIGNING_KEY": ""}).ends(0, `^! The gateway can issue tokens`)},
		{script: i.examine("authentication is off", map[string]string{"AIGW_AUTH__BYPASS_EXTERNAL": "true"}).ends(0,
			`^! The settings are as they should be: AIGW_AUTH__BYPASS_EXTERNAL is on`, `^✔ The running gateway accepts a token`)},
		{script: i.examine("no GitLab", map[string]string{"AIGW_GITLAB_URL": "http://127.0.0.1:1"}).ends(1,
			`^✘ GitLab can be reached`, `Nobody listens at 127\.0\.0\.1:1`, `^✘ The keys of GitLab`, `^- The clock`)},
		{script: i.examine("no Customers Portal", map[string]string{"AIGW_CUSTOMER_PORTAL_URL": "http://127.0.0.1:1"}).ends(0,
			`^! The keys of the Customers Portal`, `offline license`)},
		{
			gitlab: []testkit.Script{{Path: "/.well-known", Status: 404}, {Path: "/api", Status: 200, Body: "[]"}},
			script: i.examine("a GitLab without keys", nil).ends(1, `^✘ The keys of GitLab .* 404`),
		},
		{
			gitlab: []testkit.Script{
				{Path: "/api", Status: 200, Body: "[]", Headers: map[string]string{"Date": "Mon, 02 Jan 2006 15:04:05 GMT"}},
				{Path: "/", Status: 200, Body: "{}", Headers: map[string]string{"Date": "Mon, 02 Jan 2006 15:04:05 GMT"}},
			},
			script: i.examine("a clock that is wrong", nil).ends(1, `^✘ The clock of this machine .* apart`, `NTP`),
		},
		{script: i.examine("no gateway", nil, "--endpoint", "127.0.0.1:1").ends(1, `^✘ The gateway is up and running at http://127\.0\.0\.1:1`, `--endpoint HOST:PORT`)},
		{script: i.examine("a family without prompts", nil, "--model-name", "no-such-family", "--model-endpoint", i.fakes.URL).ends(1,
			`^✘ Model no-such-family answers a code completion`, `no prompts for this family`)},
		{
			model: []testkit.Script{{Status: 401, Body: `{"error":{"message":"Incorrect API key: model-secret"}}`}},
			script: i.examine("a wrong model key", nil, "--model-name", "mistral", "--model-endpoint", i.fakes.URL+"/v1", "--model-key", "model-secret").ends(1,
				`^✘ Model mistral answers a chat`, `Check --model-key`, "!model-secret"),
		},
		{
			model:  []testkit.Script{{Status: 404, Body: `{"error":{"message":"model x does not exist"}}`}},
			script: i.examine("a wrong model", nil, "--model-name", "mistral", "--model-endpoint", i.fakes.URL+"/v1").ends(1, `Check --model-identifier`),
		},
		{script: i.examine("no model server", nil, "--model-name", "mistral", "--model-endpoint", "http://127.0.0.1:1").ends(1,
			`^✘ Model mistral answers a code completion`, `Nobody listens at 127\.0\.0\.1:1`)},
		{script: i.examine("an event collector that is not there", map[string]string{
			"AIGW_SNOWPLOW__ENABLED": "true", "AIGW_SNOWPLOW__ENDPOINT": "http://127.0.0.1:1",
		}).ends(1, `^✘ The event collector can be reached`, `AIGW_SNOWPLOW__ENDPOINT`)},
		{script: i.examine("as JSON", map[string]string{"AIGW_GITLAB_URL": "http://127.0.0.1:1"}, "--json").ends(1,
			`\A\{\n  "ok": false,`, `"name": "gitlab",`, `"status": "failed",`, `"skipped_because_of": "GitLab can be reached`, `\}\n\z`)},
	} {
		t.Run(tc.script.name, func(t *testing.T) {
			i.fakes.Reset(tc.model...)
			i.fakes.GitLab.Reset(append(tc.gitlab, testkit.Script{Path: "/api/v4/projects", Status: 200, Body: "[]"})...)
			tc.script.run(t)
			for _, call := range append(i.fakes.Calls(), i.fakes.GitLab.Calls()...) {
				if call.Header.Get("Bypass-Auth") != "" {
					t.Error("authentication was bypassed")
				}
			}
		})
	}
}

func TestTroubleshootHostedModels(t *testing.T) {
	fakes := testkit.NewFakes(t)
	fakes.Script(testkit.Script{Status: 401, Body: `{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}`})
	script{
		args: []string{"troubleshoot"},
		env: []string{
			"ANTHROPIC_API_KEY=hidden", "ANTHROPIC_BASE_URL=" + fakes.URL, "AIGW_GITLAB_URL=http://127.0.0.1:1", "AIGW_CUSTOMER_PORTAL_URL=http://127.0.0.1:1",
			"AIGW_FASTAPI__API_PORT=1",
		},
	}.ends(1, `^✔ The gateway knows its GitLab and its models: hosted models`, `^✘ The hosted models answer: .*401`, `does not accept the key`, "!hidden").run(t)
}

func TestTroubleshootsCommandLine(t *testing.T) {
	for _, s := range []script{
		{
			name: "an option that there is not", args: []string{"troubleshoot", "--bypass"}, status: 2,
			stderr: []string{`unknown flag: --bypass`, `See 'ai-gateway troubleshoot --help'`},
		},
		{name: "an option without its argument", args: []string{"troubleshoot", "--model-name"}, status: 2, stderr: []string{`flag needs an argument: --model-name`}},
		{name: "an argument", args: []string{"troubleshoot", "now"}, status: 2, stderr: []string{`unknown command "now"`}},
		{name: "settings that are not valid", args: []string{"troubleshoot"}, env: []string{"AIGW_FASTAPI__API_PORT=x"}, status: 1, stderr: []string{`AIGW_FASTAPI__API_PORT`}},
		{name: "a secret that never comes", args: []string{"troubleshoot", "--model-key", "-"}, status: 1, stderr: []string{`read a secret from standard input`}},
		{name: "help", args: []string{"troubleshoot", "--help"}, stdout: []string{`--model-identifier`, `Exit status`}},
	} {
		t.Run(s.name, s.run)
	}
}

func newKey(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

// A private authority is trusted by the variable that GitLab's documentation names.
func TestTroubleshootWithAPrivateAuthority(t *testing.T) {
	dir := t.TempDir()
	pair := certificate(t, dir)
	gitlab := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "[]")
	}))
	gitlab.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	gitlab.Config.ErrorLog = log.New(io.Discard, "", 0)
	gitlab.StartTLS()
	defer gitlab.Close()
	env := []string{"AIGW_GITLAB_URL=" + gitlab.URL, "AIGW_CUSTOMER_PORTAL_URL=http://127.0.0.1:1", "AIGW_FASTAPI__API_PORT=1", "SSL_CERT_DIR=" + dir + "/none"}
	bundle := filepath.Join(dir, "cert.pem")
	for name, tc := range map[string]struct{ variable, want string }{
		"without it":         {"A=b", `^✘ GitLab can be reached .*\n    The certificate of 127.0.0.1:\d+ is signed by an authority that is not trusted`},
		"REQUESTS_CA_BUNDLE": {"REQUESTS_CA_BUNDLE=" + bundle, `^✔ GitLab can be reached`},
		"SSL_CERT_FILE":      {"SSL_CERT_FILE=" + bundle, `^✔ GitLab can be reached`},
		"a file that is not": {"REQUESTS_CA_BUNDLE=/nowhere.pem", `^✘ The certificate authorities of REQUESTS_CA_BUNDLE can be read: .*no such file`},
	} {
		t.Run(name, script{args: []string{"troubleshoot"}, env: append([]string{tc.variable}, env...)}.ends(1, tc.want).run)
	}
}
