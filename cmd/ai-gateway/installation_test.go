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
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// stage is the key of a script's [installation].
type stage struct{}

// installation is what stands around the command in a script.
type installation struct {
	binary  string
	fakes   *testkit.Fakes
	gateway *testkit.Process
}

func of(ts *testscript.TestScript) *installation { return ts.Value(stage{}).(*installation) }

// healthyGitLab answers what troubleshoot asks of a GitLab that is well.
var healthyGitLab = testkit.Script{Path: "/api/v4/projects", Status: 200, Body: "[]"}

func startFakes(ts *testscript.TestScript, _ bool, _ []string) {
	fakes, err := testkit.StartFakes()
	ts.Check(err)
	ts.Defer(fakes.Close)
	of(ts).fakes = fakes
	fakes.GitLab.Script(healthyGitLab)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	ts.Check(err)
	for name, value := range map[string]string{
		"GITLAB": fakes.GitLab.URL, "PORTAL": fakes.Portal.URL, "MODELS": fakes.URL, "RSA_KEY": fakes.Fill("${RSA_KEY}"),
		"OTHER_RSA_KEY": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(other)})),
		"HOST":          strings.TrimPrefix(fakes.URL, "http://"), "GITLAB_HOST": strings.TrimPrefix(fakes.GitLab.URL, "http://"),
	} {
		ts.Setenv(name, value)
	}
}

func startGateway(ts *testscript.TestScript, _ bool, args []string) {
	i := of(ts)
	operator := map[string]string{
		"AIGW_CUSTOM_MODELS__ENABLED": "true", "AIGW_GITLAB_URL": i.fakes.GitLab.URL, "AIGW_CUSTOMER_PORTAL_URL": i.fakes.Portal.URL,
		"AIGW_SELF_SIGNED_JWT__SIGNING_KEY": i.fakes.Fill("${RSA_KEY}"),
	}
	settings := maps.Clone(operator)
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		settings[name] = value
	}
	gateway, err := testkit.Launch(i.binary, testkit.Settings{Env: settings})
	ts.Check(err)
	ts.Defer(func() { ts.Check(gateway.Stop()) })
	i.gateway = gateway
	endpoint := strings.TrimPrefix(gateway.URL, "http://")
	_, operator["AIGW_FASTAPI__API_PORT"], err = net.SplitHostPort(endpoint)
	ts.Check(err)
	operator["AIGW_FASTAPI__API_HOST"], operator["ENDPOINT"] = "127.0.0.1", endpoint
	for name, value := range operator {
		ts.Setenv(name, value)
	}
}

func scriptGitLab(ts *testscript.TestScript, _ bool, args []string) {
	of(ts).fakes.GitLab.Script(append(answers(ts, args), healthyGitLab)...)
}

func scriptModels(ts *testscript.TestScript, _ bool, args []string) {
	of(ts).fakes.Reset(answers(ts, args)...)
}

func signToken(ts *testscript.TestScript, _ bool, args []string) {
	fakes, now := of(ts).fakes, time.Now().Unix()
	issuer := fakes.GitLab.URL
	if len(args) > 1 {
		issuer = args[1]
	}
	token, err := fakes.Token(testkit.GitLab, nil, map[string]any{
		"iss": issuer, "aud": "gitlab-ai-gateway", "sub": "instance-1", "exp": now + 3600, "nbf": now - 5, "iat": now - 5,
		"gitlab_realm": "self-managed", "scopes": []string{"complete_code"}, "gitlab_instance_id": "instance-1",
	})
	ts.Check(err)
	ts.Setenv(args[0], token)
}

// asked looks at the requests that model servers were sent, one line each: method, path, Authorization, team, body.
func asked(ts *testscript.TestScript, neg bool, args []string) {
	var all strings.Builder
	for _, call := range of(ts).fakes.Calls() {
		all.WriteString(strings.Join([]string{call.Method, call.Path, call.Header.Get("Authorization"), "team=" + call.Header.Get("X-Team"), string(call.Body)}, " ") + "\n")
	}
	if regexp.MustCompile("(?m)"+args[0]).MatchString(all.String()) == neg {
		ts.Fatalf("match of %q: %v\n%s", args[0], neg, &all)
	}
}

func secureServer(ts *testscript.TestScript, _ bool, args []string) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "[]")
	}))
	pair := newCertificate(ts, -time.Hour, time.Hour)
	if len(args) > 2 {
		from, err := time.ParseDuration(args[2])
		ts.Check(err)
		to, err := time.ParseDuration(args[3])
		ts.Check(err)
		pair = newCertificate(ts, from, to)
	}
	parsed, err := tls.X509KeyPair(pair.certificate, pair.key)
	ts.Check(err)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{parsed}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
	ts.Setenv(args[0]+"_HOST", strings.TrimPrefix(server.URL, "https://"))
	writeFile(ts, args[1], pair.certificate)
}

// well waits as a container's health check does, by asking again.
func well(ts *testscript.TestScript, _ bool, _ []string) {
	var err error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if err = ts.Exec("ai-gateway", "healthcheck"); err == nil {
			return
		}
	}
	ts.Fatalf("never well: %v", err)
}

func findPort(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		listener, port := listenSomewhere(ts)
		ts.Check(listener.Close())
		ts.Setenv(name, port)
	}
}

func takePort(ts *testscript.TestScript, _ bool, args []string) {
	listener, port := listenSomewhere(ts)
	ts.Defer(func() { listener.Close() })
	ts.Setenv(args[0], port)
}

func listenSomewhere(ts *testscript.TestScript) (listener net.Listener, port string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	return listener, strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}
