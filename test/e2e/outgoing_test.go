package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// frontage is a server of TLS in front of the fakes, as a company may have one in front of its models. It notes who comes.
type frontage struct {
	*httptest.Server

	mu       sync.Mutex
	visitors []visitor
}

type visitor struct {
	Protocol, Certificate, GatewayKey string // the name in the certificate, and a header
}

// newFrontage starts one. With an authority, everybody must show a certificate of it; otherwise those who have one may.
func newFrontage(t *testing.T, fakes *testkit.Fakes, clients *x509.CertPool) *frontage {
	t.Helper()
	models, err := url.Parse(fakes.URL)
	if err != nil {
		t.Fatal(err)
	}
	behind := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(models) }, FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0)}
	f := &frontage{}
	f.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitor{Protocol: r.Proto, GatewayKey: r.Header.Get("X-Gateway-Key")}
		if certificates := r.TLS.PeerCertificates; len(certificates) > 0 {
			v.Certificate = certificates[0].Subject.CommonName
		}
		f.mu.Lock()
		f.visitors = append(f.visitors, v)
		f.mu.Unlock()
		behind.ServeHTTP(w, r)
	}))
	f.EnableHTTP2 = true
	f.Config.ErrorLog = log.New(io.Discard, "", 0)
	f.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	if clients != nil {
		f.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients}
	}
	f.StartTLS()
	t.Cleanup(f.Close)
	return f
}

// seen are the visitors so far, which are then forgotten.
func (f *frontage) seen() []visitor {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.visitors
	f.visitors = nil
	return seen
}

// clientCertificate makes a certificate, and the files that settings name.
func clientCertificate(t *testing.T, name string) (cert *x509.Certificate, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return cert, pemFile(t, "CERTIFICATE", der), pemFile(t, "PRIVATE KEY", private)
}

func pemFile(t *testing.T, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The settings are those of docs/providers.md, "Behind a company's gateway".
func TestAGatewayOfACompanyGetsWhatItWantsAndNobodyElseDoes(t *testing.T) {
	fakes := testkit.NewFakes(t)
	cert, certFile, keyFile := clientCertificate(t, "our-gateway")
	clients := x509.NewCertPool()
	clients.AddCert(cert)
	company, stranger := newFrontage(t, fakes, clients), newFrontage(t, fakes, nil)
	origin := strings.TrimPrefix(company.URL, "https://")

	env := hosted(fakes)
	env["AIGW_CUSTOM_MODELS__ENABLED"] = "true"
	env["ANTHROPIC_BASE_URL"] = company.URL
	env["AIGW_VERTEX_TEXT_MODEL__ENDPOINT"] = company.URL
	env["REQUESTS_CA_BUNDLE"] = pemFile(t, "CERTIFICATE", company.Certificate().Raw)
	env["SSL_CERT_FILE"] = ""
	env["AIGW_MODEL_REQUESTS__HEADERS"] = `{"` + origin + `": {"X-Gateway-Key": "company-secret"}}`
	env["AIGW_MODEL_REQUESTS__CLIENT_CERTIFICATES"] = `{"` + origin + `": {"cert_file": "` + certFile + `", "key_file": "` + keyFile + `"}}`
	gateway := testkit.Gateway(t, env)

	at := func(url string) body { return completion(fakes).with(body{"model_endpoint": url + "/v1"}) }
	full := visitor{"HTTP/2.0", "our-gateway", "company-secret"}
	for _, tc := range []struct {
		name     string
		request  testkit.Request
		company  []visitor
		stranger []visitor
	}{
		{"a completion", testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion()}, []visitor{full}, nil},
		{"a stream", testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion().with(body{"stream": true})}, []visitor{full}, nil},
		{"a registered prompt", testkit.Request{Path: agentPath, JSON: chatTurn()}, []visitor{full}, nil},
		{"the Anthropic proxy", forReview(review()), []visitor{full}, nil},
		{
			"the Vertex AI proxy",
			testkit.Request{Path: predictPath + "code-bison@002:predict", JSON: body{}, Header: forReview(nil).Header},
			[]visitor{full},
			nil,
		},
		{"a request that names the company's gateway", testkit.Request{Path: "/v2/code/completions", JSON: at(company.URL)}, []visitor{full}, nil},
		{
			"a request that names another server",
			testkit.Request{Path: "/v2/code/completions", JSON: at(stranger.URL)},
			nil,
			[]visitor{{Protocol: "HTTP/2.0"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := gateway.Do(t, tc.request); got.Status != 200 || got.Cut {
				t.Fatalf("got %d %s", got.Status, got.Body)
			}
			if diff := cmp.Diff([][]visitor{tc.company, tc.stranger}, [][]visitor{company.seen(), stranger.seen()}); diff != "" {
				t.Error(diff)
			}
		})
	}
	used := gateway.Metric(t, "ai_gateway_model_connections_used_total", map[string]string{"vendor": "anthropic"})
	open := gateway.Metric(t, "ai_gateway_model_connections", map[string]string{"vendor": "anthropic"})
	if used != 4 || open < 1 || open >= used {
		t.Errorf("want 4 calls to Anthropic by fewer connections, got %v and %v", used, open)
	}
	for _, line := range gateway.Log.Since(0) {
		if strings.Contains(line.Text, "company-secret") {
			t.Errorf("the log has the secret: %s", line.Text)
		}
	}
}

// tunnels is an HTTP proxy that leads wherever it is asked to go to one place. It notes who wanted to go where.
func tunnels(t *testing.T, place string) (url string, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var seen []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen = append(seen, r.Method+" "+r.Host+" "+r.Header.Get("Proxy-Authorization"))
		mu.Unlock()
		there, err := new(net.Dialer).DialContext(r.Context(), "tcp", place)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer there.Close()
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer here.Close()
		io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
		go io.Copy(there, here) //nolint:errcheck // ends with the connection
		io.Copy(here, there)    //nolint:errcheck // the same
	}))
	t.Cleanup(proxy.CloseClientConnections)
	t.Cleanup(proxy.Close)
	return proxy.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return seen
	}
}

func TestAnHTTPProxyOnTheWayOutIsUsedButForHostsThatNeedNone(t *testing.T) {
	fakes := testkit.NewFakes(t)
	front := newFrontage(t, fakes, nil)
	proxy, asked := tunnels(t, front.Listener.Addr().String())
	env := selfHosted(fakes)
	env["ANTHROPIC_BASE_URL"] = "https://example.com" // a name of the front's certificate
	env["REQUESTS_CA_BUNDLE"] = pemFile(t, "CERTIFICATE", front.Certificate().Raw)
	env["SSL_CERT_FILE"] = ""
	env["AIGW_MODEL_REQUESTS__HEADERS"] = `{"example.com": {"X-Gateway-Key": "company-secret"}}`
	env["HTTPS_PROXY"] = strings.Replace(proxy, "://", "://user:password@", 1)
	env["HTTP_PROXY"] = env["HTTPS_PROXY"]
	env["NO_PROXY"] = "0.0.0.0" // this machine under a name that is not left out anyway
	gateway := testkit.Gateway(t, env)

	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion()}); got.Status != 200 {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	if diff := cmp.Diff([]visitor{{Protocol: "HTTP/2.0", GatewayKey: "company-secret"}}, front.seen()); diff != "" {
		t.Error(diff)
	}
	direct := completion(fakes).with(body{"model_endpoint": strings.Replace(fakes.URL, "127.0.0.1", "0.0.0.0", 1) + "/v1"})
	if got := gateway.Do(t, testkit.Request{Path: "/v2/code/completions", JSON: direct}); got.Status != 200 {
		t.Errorf("a host that needs no proxy: got %d %s", got.Status, got.Body)
	}
	if diff := cmp.Diff([]string{"CONNECT example.com:443 Basic dXNlcjpwYXNzd29yZA=="}, asked()); diff != "" {
		t.Error(diff)
	}
}

// Every place of docs/providers.md, "Base URLs".
func TestEveryVendorCanBeMovedBySettings(t *testing.T) {
	fakes := testkit.NewFakes(t)
	at := func(vendor string) string { return fakes.URL + "/at/" + vendor }
	env := hosted(fakes)
	for name, value := range map[string]string{
		"ANTHROPIC_BASE_URL":                                 at("anthropic"),
		"ANTHROPIC_API_URL":                                  at("anthropic-prompts"),
		"AIGW_VERTEX_TEXT_MODEL__ENDPOINT":                   at("vertex"),
		"AIGW_VERTEX_SEARCH__PROJECT":                        "my-project",
		"AIGW_VERTEX_SEARCH__ENDPOINT":                       at("search"),
		"AIGW_MODEL_KEYS__FIREWORKS_API_KEY":                 "fireworks-key",
		"AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS": `{"us": {"endpoint": "` + at("fireworks") + `", "identifier": "qwen"}}`,
		"AIGW_DEFAULT_PROMPTS":                               `{"code_suggestions/generations": "vertex"}`,
		"AIGW_GLGO_BASE_URL":                                 at("glgo"),
	} {
		env[name] = value
	}
	selfHostedEnv := selfHosted(fakes)
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_BEDROCK_RUNTIME_ENDPOINT": at("bedrock"),
	} {
		selfHostedEnv[name] = value
	}
	gateway, selfHosting := testkit.Gateway(t, env), testkit.Gateway(t, selfHostedEnv)

	bedrock := selfHostedTurn(fakes)["model_metadata"].(body).with(body{"identifier": "bedrock/anthropic.claude-v2"})
	generate := testkit.Request{Path: "/v4/code/suggestions", JSON: body{"prompt_components": []body{{"type": "code_editor_generation", "payload": body{
		"file_name": "a.py", "content_above_cursor": "# one", "content_below_cursor": "", "language_identifier": "python",
		"prompt_id": "code_suggestions/generations", "prompt_enhancer": body{"user_instruction": "Count"},
	}}}}}
	elsewhere := func(vendor string) body { return completion(fakes).with(body{"model_endpoint": at(vendor)}) }
	for _, tc := range []struct {
		name    string
		gateway *testkit.Process
		request testkit.Request
		want    string
	}{
		{"Anthropic", gateway, testkit.Request{Path: "/v2/code/completions", JSON: claudeCompletion()}, "/at/anthropic/v1/messages"},
		{"the Anthropic proxy", gateway, forReview(review()), "/at/anthropic/v1/messages"},
		{"prompts on Anthropic", gateway, testkit.Request{Path: agentPath, JSON: chatTurn()}, "/at/anthropic-prompts/v1/messages"},
		{
			"Vertex AI", gateway,
			testkit.Request{Path: "/v2/code/completions", JSON: editorCompletion()},
			"/at/vertex/v1/projects/my-project/locations/europe-west2/publishers/google/models/code-gecko@002:predict",
		},
		{
			"the Vertex AI proxy", gateway,
			testkit.Request{Path: predictPath + "code-gecko:predict", JSON: body{}, Header: forReview(nil).Header},
			"/at/vertex/v1/projects/my-project/locations/europe-west2/publishers/google/models/code-gecko:predict",
		},
		{
			"Claude at Vertex AI", gateway, generate,
			"/at/vertex/v1/projects/my-project/locations/us-east5/publishers/anthropic/models/claude-3-5-sonnet@20240620:rawPredict",
		},
		{
			"Vertex AI Search", gateway,
			testkit.Request{Path: "/v1/search/gitlab-docs", JSON: body{
				"type": "search-docs", "metadata": body{"source": "GitLab EE", "version": "17.5.0"}, "payload": body{"query": "runner"},
			}},
			"/at/search/v1/projects/my-project/",
		},
		{
			"Fireworks", gateway,
			testkit.Request{Path: "/v2/code/completions", JSON: elsewhere("ignored").with(body{
				"prompt_version": 1, "model_provider": "fireworks_ai", "model_name": "qwen2p5-coder-7b",
			})},
			"/at/fireworks/completions",
		},
		{
			"Codestral", gateway,
			testkit.Request{Path: "/v2/code/completions", JSON: elsewhere("mistral/v1/fim/completions").with(body{
				"prompt_version": 1, "model_provider": "codestral", "model_name": "codestral",
			})},
			"/at/mistral/v1/fim/completions",
		},
		{"the token exchange for Amazon Q", gateway, toAmazonQ("/oauth/application", application()), "/at/glgo/cc/token"},
		{"a self-hosted model", selfHosting, testkit.Request{Path: "/v2/code/completions", JSON: elsewhere("vllm/v1")}, "/at/vllm/v1/completions"},
		{
			"Bedrock", selfHosting,
			testkit.Request{Path: agentPath, JSON: chatTurn().with(body{"model_metadata": bedrock})},
			"/at/bedrock/model/anthropic.claude-v2/converse-stream",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fakes.Reset()
			got := tc.gateway.Do(t, tc.request) // what the vendor answers is another test's affair
			calls := fakes.Calls()
			if len(calls) == 0 || !strings.HasPrefix(calls[0].Path, tc.want) {
				t.Errorf("want a call to %s, got %v and %d %s", tc.want, calls, got.Status, got.Body)
			}
		})
	}
}

func TestARequestNamesAServerOnlyWhereSelfHostedModelsAreOn(t *testing.T) {
	fakes := testkit.NewFakes(t)
	gateway := testkit.Gateway(t, hosted(fakes))
	for name, tc := range map[string]struct {
		request testkit.Request
		status  int
	}{
		"a completion":        {testkit.Request{Path: "/v2/code/completions", JSON: completion(fakes)}, 422},
		"a generation":        {testkit.Request{Path: "/v2/code/generations", JSON: generation(fakes)}, 422},
		"a direct generation": {testkit.Request{Path: "/v2/code/generations", JSON: generation(fakes).with(body{"prompt_id": nil, "prompt": "x"})}, 422},
		"a registered prompt": {testkit.Request{Path: "/v1/prompts/chat/explain_code", JSON: body{
			"inputs": body{"selected_text": "x"}, "model_metadata": selfHostedTurn(fakes)["model_metadata"],
		}}, 400},
		"the chat agent": {testkit.Request{Path: agentPath, JSON: selfHostedTurn(fakes)}, 422},
		"a chat in one turn": {testkit.Request{Path: "/v1/chat/agent", JSON: body{"prompt_components": []body{{
			"type": "prompt", "metadata": body{"source": "GitLab EE", "version": "17.0.0"},
			"payload": body{"content": "hi", "provider": "litellm", "model": "mistral", "model_endpoint": fakes.URL + "/v1", "model_api_key": "k"},
		}}}}, 422},
	} {
		t.Run(name, func(t *testing.T) {
			if got := gateway.Do(t, tc.request); got.Status != tc.status {
				t.Errorf("want %d, got %d %s", tc.status, got.Status, got.Body)
			}
		})
	}
	if calls := fakes.Calls(); len(calls) > 0 {
		t.Errorf("somebody was asked: %v", calls)
	}
}
