package auth

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"log/slog"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The moment, the identity and the tokens of the worked examples in spec/auth.md 19.1.
const (
	noon       = 1734700000
	portalName = "https://customers.gitlab.com"
	instanceID = "8f6e4253-58ce-42b9-869c-97f5c2287ad2"
	userID     = "Z3VpZDo0Mg=="
)

// Keys of the worked examples: K1 is the customer portal's, K2 our own for signing.
var (
	keyK1       = sync.OnceValue(newKey)
	keyK2       = sync.OnceValue(newKey)
	keyGitLab   = sync.OnceValue(newKey)
	keyStranger = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func pkcs1(key *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

type obj = map[string]any

// tokenA is the claims of token A with changes; a nil change removes the claim.
func tokenA(changes ...obj) obj {
	return merge(obj{
		"iss": portalName, "aud": DefaultServiceName, "sub": instanceID,
		"iat": noon - 60, "nbf": noon - 65, "exp": noon + 3540, "jti": "2b0d7c0c-0a7e-4b4f-9a53-5d2ad9d41c11",
		"gitlab_realm": "self-managed", "scopes": []string{"complete_code", "duo_chat"}, "duo_seat_count": 100,
	}, changes...)
}

// tokenC is the claims of token C, which the gateway issues for A, with changes.
func tokenC(changes ...obj) obj {
	return merge(obj{
		"iss": DefaultServiceName, "aud": DefaultServiceName, "sub": userID,
		"exp": noon + 3540, "nbf": noon - 60, "iat": noon - 60, "jti": "c2c4cf6f-7f0b-4a56-8bb5-31a5b7d1f0aa",
		"gitlab_realm": "self-managed", "gitlab_instance_id": instanceID,
		"scopes": []string{"complete_code"}, "duo_seat_count": "100",
	}, changes...)
}

// removed marks a claim or header that a change takes away.
var removed = &struct{}{}

func merge(base obj, changes ...obj) obj {
	out := maps.Clone(base)
	for _, change := range changes {
		for name, value := range change {
			if out[name] = value; value == any(removed) {
				delete(out, name)
			}
		}
	}
	return out
}

// sign makes a token by the standard library alone.
func sign(key *rsa.PrivateKey, header, claims any) string {
	unsigned := segment(header) + "." + segment(claims)
	digest := sha256.Sum256([]byte(unsigned))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	return unsigned + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// segment encodes a value as JSON, or a string as it is.
func segment(v any) string {
	b, isText := v.(string)
	if !isText {
		marshalled, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		b = string(marshalled)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(b))
}

func header(changes ...obj) obj { return merge(obj{"alg": "RS256", "typ": "JWT"}, changes...) }

// headersH are the base headers H with a token; a pair of name and value changes one, the value "-" removes it.
func headersH(token string, changes ...string) http.Header {
	h := http.Header{}
	h.Set("Authorization", "Bearer "+token)
	h.Set("X-Gitlab-Authentication-Type", "oidc")
	h.Set("X-Gitlab-Realm", "self-managed")
	h.Set("X-Gitlab-Instance-Id", instanceID)
	h.Set("X-Gitlab-Global-User-Id", userID)
	h.Set("X-Gitlab-Duo-Seat-Count", "100")
	for i := 0; i < len(changes); i += 2 {
		if h.Set(changes[i], changes[i+1]); changes[i+1] == "-" {
			h.Del(changes[i])
		}
	}
	return h
}

// issuer is a fake OIDC provider. Handlers can be swapped while it runs; a nil one gives the proper answer.
type issuer struct {
	*httptest.Server
	name string // the "issuer" of the discovery document; its URL when empty

	mu        sync.Mutex
	keys      []any
	discovery http.HandlerFunc
	jwks      http.HandlerFunc
	fetches   atomic.Int32 // of the key set
	asked     atomic.Int32 // for the discovery document
}

func newIssuer(t testing.TB, name string, keys ...any) *issuer {
	t.Helper()
	i := &issuer{name: name, keys: keys}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		i.asked.Add(1)
		i.serve(w, r, i.get(&i.discovery), func() any {
			name := i.name
			if name == "" {
				name = i.URL
			}
			return obj{"issuer": name, "jwks_uri": i.URL + "/keys"}
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		i.fetches.Add(1)
		i.serve(w, r, i.get(&i.jwks), func() any {
			i.mu.Lock()
			defer i.mu.Unlock()
			return obj{"keys": i.keys}
		})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) serve(w http.ResponseWriter, r *http.Request, override http.HandlerFunc, answer func() any) {
	if override != nil {
		override(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(answer())
}

func (i *issuer) get(h *http.HandlerFunc) http.HandlerFunc {
	i.mu.Lock()
	defer i.mu.Unlock()
	return *h
}

func (i *issuer) answerDiscovery(h http.HandlerFunc) { i.mu.Lock(); i.discovery = h; i.mu.Unlock() }
func (i *issuer) answerKeys(h http.HandlerFunc)      { i.mu.Lock(); i.jwks = h; i.mu.Unlock() }
func (i *issuer) publish(keys ...any)                { i.mu.Lock(); i.keys = keys; i.mu.Unlock() }

func jwkOf(key *rsa.PrivateKey, id string) obj {
	b64 := base64.RawURLEncoding.EncodeToString
	k := obj{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id,
		"n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes()),
	}
	if id == "" {
		delete(k, "kid")
	}
	return k
}

// clock stands still until a test moves it.
type clock struct{ now atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.now.Store(noon)
	return c
}

func (c *clock) pass(d time.Duration) { c.now.Add(int64(d / time.Second)) }
func (c *clock) time() time.Time      { return time.Unix(c.now.Load(), 0) }

// logbook collects log entries.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logbook) entries() (entries []obj) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := json.NewDecoder(bytes.NewReader(l.buf.Bytes()))
	for {
		var e obj
		if d.Decode(&e) != nil {
			return entries
		}
		delete(e, "time")
		entries = append(entries, e)
	}
}

// find is the first entry with a message, or nil.
func (l *logbook) find(message string) obj {
	for _, e := range l.entries() {
		if e["msg"] == message {
			return e
		}
	}
	return nil
}

// gateway is an Authenticator under test.
type gateway struct {
	*Authenticator
	clock *clock
	log   *logbook
}

func newGateway(t testing.TB, cfg Config) *gateway {
	t.Helper()
	g := &gateway{clock: newClock(), log: &logbook{}}
	g.Authenticator = NewAuthenticator(cfg, slog.New(slog.NewJSONHandler(g.log, nil)))
	g.now = g.clock.time
	t.Cleanup(g.Close)
	return g
}

// ask authenticates and gives the text of the 401, or "" for a user.
func (g *gateway) ask(t testing.TB, h http.Header) string {
	t.Helper()
	_, text := g.enter(t, h)
	return text
}

func (g *gateway) enter(t testing.TB, h http.Header) (*User, string) {
	t.Helper()
	user, err := g.Authenticate(context.Background(), h)
	if err == nil {
		return user, ""
	}
	var refusal *Error
	if !errors.As(err, &refusal) || user != nil {
		t.Fatalf("Authenticate = %v, %v; want an *Error and no user", user, err)
	}
	return nil, refusal.Text
}

const (
	unreachable       = "http://127.0.0.1:9"
	forbidden         = "Forbidden by auth provider"
	realmMismatch     = "Header mismatch 'X-Gitlab-Realm'"
	instanceMismatch  = "Header mismatch 'X-Gitlab-Instance-Id'"
	userMismatch      = "Header mismatch 'X-Gitlab-Global-User-Id'"
	wrongType         = "Invalid authentication token type - only OIDC is supported"
	noAuthorization   = "No authorization header presented"
	poorAuthorization = "Invalid authorization header"
)
