package conformance

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// authorization is the value of the Authorization header that the case's token makes.
func (s *Session) authorization(ctx context.Context, c *Case) (string, error) {
	t := c.Token
	claims, _ := expand(t.Claims, s.fakes.Fill).(map[string]any)
	token, err := s.fakes.MangledToken(t.Mangle, t.Issuer, t.Header, claims)
	if err != nil {
		return "", err
	}
	if t.FromIssue {
		if token, err = s.exchange(ctx, token, c.Request.Headers, t.IssueHeaders); err != nil {
			return "", err
		}
	}
	if t.Scheme != "" {
		return t.Scheme + " " + token, nil
	}
	return "Bearer " + token, nil
}

// exchange gets a user's token for the token of an instance.
func (s *Session) exchange(ctx context.Context, token string, headers ...map[string]string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.gateway.URL+"/v1/code/user_access_token", nil)
	if err != nil {
		return "", err
	}
	for _, h := range headers {
		for name, value := range h {
			req.Header.Set(name, value)
		}
	}
	req.Header.Set("Authorization", "Bearer "+token)
	answer, err := s.gateway.Send(req)
	if err != nil {
		return "", err
	}
	var issued struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(answer.Body, &issued); err != nil || issued.Token == "" {
		return "", fmt.Errorf("no token issued: status %d, %s", answer.Status, clip(answer.Body))
	}
	return issued.Token, nil
}

var nowRe = regexp.MustCompile(`^\$\{NOW([+-]\d+)?\}$`)

// now is the time that "${NOW+60}" names, in seconds since 1970.
func now(s string) (seconds int64, ok bool) {
	m := nowRe.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	offset, err := strconv.ParseInt(m[1], 10, 64)
	return time.Now().Unix() + offset, err == nil || m[1] == ""
}

// expand replaces times by numbers, and fills all other texts, in a JSON value.
func expand(v any, fill func(string) string) any {
	switch x := v.(type) {
	case string:
		if seconds, ok := now(x); ok {
			return seconds
		}
		return fill(x)
	case map[string]any:
		filled := map[string]any{}
		for name, e := range x {
			filled[name] = expand(e, fill)
		}
		return filled
	case []any:
		filled := make([]any, len(x))
		for i, e := range x {
			filled[i] = expand(e, fill)
		}
		return filled
	default:
		return v
	}
}

// compare compares header and claims of a token.
func (p *JWT) compare(d *Differences, token string, fakes *testkit.Fakes) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		d.add("token: want three parts at %s, got %q", p.At, token)
		return
	}
	p.comparePart(d, "token header", parts[0], jsonPattern{want: p.Header}, fakes)
	p.comparePart(d, "token claims", parts[1], jsonPattern{want: p.Claims, match: p.Match}, fakes)
}

func (p *JWT) comparePart(d *Differences, what, encoded string, pattern jsonPattern, fakes *testkit.Fakes) {
	have, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		d.add("%s: %v", what, err)
		return
	}
	pattern.want = nearNow(pattern.want, have)
	pattern.compare(d, what, have, fakes.Fill)
}

// nearNow replaces each time in want by the one in have, where that is a whole number of seconds within 5 s of it.
func nearNow(want, have []byte) json.RawMessage {
	const tolerance = 5
	var w, h map[string]any
	if json.Unmarshal(want, &w) != nil || json.Unmarshal(have, &h) != nil {
		return want
	}
	for name, value := range w {
		s, _ := value.(string)
		at, ok := now(s)
		if !ok {
			continue
		}
		w[name] = at
		seconds, isNumber := h[name].(float64)
		if isNumber && seconds == math.Trunc(seconds) && math.Abs(seconds-float64(at)) <= tolerance {
			w[name] = seconds
		}
	}
	return encode(w)
}

// encode is v as JSON, with <, > and & as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // what was decoded from JSON can be encoded
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
