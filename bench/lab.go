package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// lab is everything that one run measures with.
type lab struct {
	model, proxy, gateway *peer
	metricsURL            string // of the gateway
	issuers               *testkit.Fakes
	token                 string
	body                  []byte // of a completion request to the gateway
	upstreamBody          []byte // what the gateway makes of it, roughly: the request of the proxy and of the bare model
	messagesBody          []byte // of a request that the gateway only passes on
}

func openLab(ctx context.Context) (*lab, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	l := &lab{}
	if l.issuers, err = testkit.StartFakes(); err != nil {
		return nil, err
	}
	address := freeAddress()
	if l.model, err = startPeer(ctx, "http://"+address, "/", nil, self, "-role", "model", "-listen", address); err != nil {
		return nil, err
	}
	address = freeAddress()
	l.proxy, err = startPeer(ctx, "http://"+address, "/", nil, self, "-role", "proxy", "-listen", address, "-upstream", l.model.url)
	if err != nil {
		return nil, err
	}
	if err := l.startGateway(ctx); err != nil {
		return nil, err
	}
	return l, l.prepareRequests()
}

// startGateway starts the gateway as an operator with self-hosted models would run it, with real authentication.
func (l *lab) startGateway(ctx context.Context) (err error) {
	api, metrics := freeAddress(), freeAddress()
	_, apiPort, _ := net.SplitHostPort(api)
	_, metricsPort, _ := net.SplitHostPort(metrics)
	l.metricsURL = "http://" + metrics
	l.gateway, err = startPeer(ctx, "http://"+api, "/monitoring/healthz", []string{
		"AIGW_FASTAPI__API_HOST=127.0.0.1", "AIGW_FASTAPI__API_PORT=" + apiPort,
		"AIGW_FASTAPI__METRICS_HOST=127.0.0.1", "AIGW_FASTAPI__METRICS_PORT=" + metricsPort,
		"ANTHROPIC_API_KEY=key", "ANTHROPIC_BASE_URL=" + l.model.url,
		"AIGW_CUSTOM_MODELS__ENABLED=true", "AIGW_AUTH__BYPASS_EXTERNAL=false", "AIGW_MOCK_MODEL_RESPONSES=false",
		"AIGW_GITLAB_URL=" + l.issuers.GitLab.URL, "AIGW_CUSTOMER_PORTAL_URL=" + l.issuers.Portal.URL,
		"AIGW_LOGGING__FORMAT_JSON=true", "AIGW_LOGGING__TO_FILE=" + os.DevNull,
		"AIGW_INSTRUMENTATOR__PPROF_ENABLED=" + strconv.FormatBool(*profiles != ""),
	}, *binary)
	return err
}

const instanceID = "8f6e4253-58ce-42b9-869c-97f5c2287ad2"

func (l *lab) prepareRequests() (err error) {
	now := time.Now().Unix()
	l.token, err = l.issuers.Token(testkit.Portal, nil, map[string]any{
		"iss": l.issuers.Portal.URL, "aud": "gitlab-ai-gateway", "sub": instanceID, "iat": now, "nbf": now, "exp": now + 3600,
		"gitlab_realm": "self-managed", "scopes": []string{"complete_code", "review_merge_request"},
	})
	if err != nil {
		return err
	}
	above := strings.Repeat(pythonCode, 3072/len(pythonCode)+1)[:3072]
	l.body, err = json.Marshal(map[string]any{
		"prompt_version": 2, "project_path": "shop/app", "project_id": 42, "model_provider": "litellm", "model_name": "codegemma",
		"model_endpoint": l.model.url + "/v1", "model_api_key": "key", "prompt": nil,
		"current_file": map[string]any{
			"file_name": "shop/cart.py", "language_identifier": "python",
			"content_above_cursor": above, "content_below_cursor": "\n\nprint(total_price([]))\n",
		},
	})
	if err != nil {
		return err
	}
	l.upstreamBody, err = json.Marshal(map[string]any{"model": "codegemma", "prompt": above, "max_tokens": 128, "stream": false})
	if err != nil {
		return err
	}
	l.messagesBody, err = json.Marshal(map[string]any{
		"model": "claude-3-5-sonnet-20240620", "max_tokens": 128, "messages": []any{map[string]any{"role": "user", "content": above}},
	})
	return err
}

const pythonCode = `class Item:
    """One line of an order."""

    def __init__(self, sku, price, quantity=1):
        self.sku = sku
        self.price = price
        self.quantity = quantity

    def total(self):
        if self.quantity <= 0:
            raise ValueError(f"bad quantity: {self.quantity}")
        return self.price * self.quantity


def total_price(items):
    total = 0
    for item in items:
        `

// freeAddress is one on which nobody listens right now.
func freeAddress() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (l *lab) close() {
	for _, p := range []*peer{l.gateway, l.proxy, l.model} {
		if p != nil {
			p.stop()
		}
	}
	l.issuers.Close()
}

// completion asks the gateway, as GitLab does.
func (l *lab) completion(ctx context.Context, c *http.Client) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.gateway.url+"/v2/code/completions", bytes.NewReader(l.body))
	if err != nil {
		return err
	}
	l.authorize(req)
	return expectText(c, req)
}

// passedOn has the gateway pass a request on to Anthropic, as GitLab does with prompts of its own.
func (l *lab) passedOn(ctx context.Context, c *http.Client) error {
	url := l.gateway.url + "/v1/proxy/anthropic/v1/messages"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(l.messagesBody))
	if err != nil {
		return err
	}
	l.authorize(req)
	req.Header.Set("Anthropic-Version", "2023-06-01")
	req.Header.Set("X-Gitlab-Unit-Primitive", "review_merge_request")
	return expectText(c, req)
}

func (l *lab) authorize(req *http.Request) {
	req.Header.Set("Authorization", "Bearer "+l.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Gitlab-Authentication-Type", "oidc")
	req.Header.Set("X-Gitlab-Instance-Id", instanceID)
	req.Header.Set("X-Gitlab-Realm", "self-managed")
	req.Header.Set("X-Gitlab-Global-User-Id", "bXlVc2VySWQ=")
}

func (l *lab) bareProxy(ctx context.Context, c *http.Client) error {
	return l.askModel(ctx, c, l.proxy)
}

func (l *lab) direct(ctx context.Context, c *http.Client) error { return l.askModel(ctx, c, l.model) }

func (l *lab) askModel(ctx context.Context, c *http.Client, at *peer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at.url+"/v1/completions", bytes.NewReader(l.upstreamBody))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	return expectText(c, req)
}

// expectText sends a request whose answer must hold the model's text.
func expectText(c *http.Client, req *http.Request) error {
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("item.quantity")) {
		return fmt.Errorf("unexpected answer %d: %.200s", res.StatusCode, body)
	}
	return nil
}

// holdStreams opens n streams at once and returns what the gateway's memory came to while all were open.
func holdStreams(ctx context.Context, l *lab, n int) (peak int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	streaming := bytes.Replace(l.body, []byte(`"prompt_version":2`), []byte(`"prompt_version":2,"stream":true`), 1)
	c := client(n)
	defer c.CloseIdleConnections()
	first := make(chan error, n)
	for range n {
		go func() {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.gateway.url+"/v2/code/completions", bytes.NewReader(streaming))
			if err != nil {
				first <- err
				return
			}
			l.authorize(req)
			res, err := c.Do(req)
			if err != nil {
				first <- err
				return
			}
			defer res.Body.Close()
			_, err = res.Body.Read(make([]byte, 1))
			first <- err
			_, _ = io.Copy(io.Discard, res.Body)
		}()
	}
	for range n {
		if err := <-first; err != nil {
			return 0, fmt.Errorf("open a stream: %w", err)
		}
	}
	for range 20 {
		peak = max(peak, l.gateway.rss())
		time.Sleep(100 * time.Millisecond)
	}
	return peak, nil
}
