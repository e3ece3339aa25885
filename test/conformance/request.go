package conformance

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// send asks the gateway what the case says.
func (s *Session) send(c *Case) (testkit.Answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestPatience)
	defer cancel()
	req, err := s.httpRequest(ctx, c)
	if err != nil {
		return testkit.Answer{}, err
	}
	if c.Request.AbortAfterMS > 0 {
		time.AfterFunc(time.Duration(c.Request.AbortAfterMS)*time.Millisecond, cancel)
	}
	return s.gateway.Send(req)
}

func (s *Session) httpRequest(ctx context.Context, c *Case) (*http.Request, error) {
	r := c.Request
	base, method := s.gateway.URL, r.Method
	if r.Port == "metrics" {
		base = s.gateway.MetricsURL
	}
	if method == "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, base+r.Path, bytes.NewReader(r.body(s.fakes)))
	if err != nil {
		return nil, err
	}
	if r.JSON != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.Headers {
		s.setHeader(req, name, value)
	}
	for _, header := range r.AddHeaders {
		req.Header.Add(header[0], s.fakes.Fill(header[1]))
	}
	if c.Token != nil {
		authorization, err := s.authorization(ctx, c)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", authorization)
	}
	return req, nil
}

func (s *Session) setHeader(req *http.Request, name, value string) {
	if value == "" {
		req.Header.Del(name)
		return
	}
	if strings.EqualFold(name, "Host") {
		req.Host = value
	}
	req.Header.Set(name, s.fakes.Fill(value))
}

func (r Request) body(fakes *testkit.Fakes) []byte {
	switch {
	case r.Raw != nil:
		return []byte(repeat(fakes.Fill(*r.Raw)))
	case r.RawBase64 != nil:
		return r.RawBase64
	default:
		return []byte(repeat(fakes.Fill(string(r.JSON))))
	}
}

var repeatRe = regexp.MustCompile(`\$\{REPEAT (\d+) ([^}]*)\}`)

// repeat writes "${REPEAT 3 ab}" out as "ababab", so that a case at a limit of 400,000 characters stays short.
func repeat(s string) string {
	return repeatRe.ReplaceAllStringFunc(s, func(m string) string {
		parts := repeatRe.FindStringSubmatch(m)
		n, err := strconv.Atoi(parts[1])
		if err != nil {
			return m
		}
		return strings.Repeat(parts[2], n)
	})
}
