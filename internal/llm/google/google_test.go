package google_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ai-gateway/ai-gateway/internal/llm"
	"github.com/ai-gateway/ai-gateway/internal/llm/google"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// privateKey is a key of this run, in PEM.
var privateKey = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
})

// account is the key file of a service account whose tokens a server hands out.
func account(tokenURL, key string) string {
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "key-project", "private_key_id": "1", "private_key": key, "client_id": "1",
		"client_email": "fake@key-project.iam.gserviceaccount.com", "token_uri": tokenURL,
	})
	if err != nil {
		panic(err)
	}
	return string(file)
}

// serve starts a token server.
func serve(t *testing.T, answer http.HandlerFunc) (url string, client *http.Client) {
	t.Helper()
	server := httptest.NewServer(answer)
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return server.URL, &http.Client{Transport: transport}
}

// life is how long tokens live.
const life = time.Hour

// counting hands out tokens t1, t2, …
func counting(calls *atomic.Int32) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"access_token":"t%d","expires_in":%d,"token_type":"Bearer"}`, calls.Add(1), int(life.Seconds()))
	}
}

func TestATokenIsAskedForWithTheKeyOfTheAccount(t *testing.T) {
	var form, claims string
	url, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		form = r.FormValue("grant_type")
		if parts := strings.Split(r.FormValue("assertion"), "."); len(parts) == 3 {
			decoded, _ := base64.RawURLEncoding.DecodeString(parts[1])
			claims = string(decoded)
		}
		fmt.Fprint(w, `{"access_token":"ya29.fake","expires_in":3600,"token_type":"Bearer"}`)
	})
	file := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(file, []byte(account(url, privateKey())), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, options := range map[string]google.Options{
		"the text of the key":             {Key: account(url, privateKey())},
		"the text of the key, in quotes":  {Key: "'" + account(url, privateKey()) + "'"},
		"a file":                          {File: file},
		"a key goes before a file":        {Key: account(url, privateKey()), File: "no-such-file"},
		"a key whose line feeds are gone": {Key: strings.ReplaceAll(account(url, privateKey()), "\n", "")},
	} {
		t.Run(name, func(t *testing.T) {
			options.Client, form, claims = client, "", ""
			tokens := google.NewTokens(options)
			token, err := tokens.Token(t.Context())
			if token != "ya29.fake" || err != nil {
				t.Fatalf("got %q, %v", token, err)
			}
			if form != "urn:ietf:params:oauth:grant-type:jwt-bearer" || !strings.Contains(claims, `"https://www.googleapis.com/auth/cloud-platform"`) {
				t.Errorf("asked by %s for %s", form, claims)
			}
			if project, err := tokens.Project(t.Context()); project != "key-project" || err != nil {
				t.Errorf("project %q, %v", project, err)
			}
		})
	}
}

func TestATokenIsRenewedBeforeItExpires(t *testing.T) {
	for _, tc := range []struct {
		name  string
		age   time.Duration
		now   string // what a request at that age gets
		later string // what the one behind it gets, once a renewal is through
	}{
		{"a fresh one serves", life - 226*time.Second, "t1", "t1"},
		{"one that is about to expire serves while it is renewed", life - 200*time.Second, "t1", "t2"},
		{"one that has expired is waited for", life, "t2", "t2"},
		{"and so is one that would expire on its way", life - 5*time.Second, "t2", "t2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var calls atomic.Int32
			url, client := serve(t, counting(&calls))
			var age atomic.Int64
			began := time.Now()
			tokens := google.NewTokens(google.Options{
				Key: account(url, privateKey()), Client: client,
				Now: func() time.Time { return began.Add(time.Duration(age.Load())) },
			})
			if first, err := tokens.Token(t.Context()); first != "t1" || err != nil {
				t.Fatalf("got %q, %v", first, err)
			}
			age.Store(int64(tc.age))
			if now, err := tokens.Token(t.Context()); now != tc.now || err != nil {
				t.Errorf("got %q, %v", now, err)
			}
			age.Store(0)                                            // the next token is young
			for later := ""; later != tc.later; runtime.Gosched() { // for ever, when no renewal comes
				later, _ = tokens.Token(t.Context())
			}
			if want := int32(tc.later[1] - '0'); calls.Load() != want {
				t.Errorf("%d fetches", calls.Load())
			}
		})
	}
}

func TestManyRequestsCauseOneFetch(t *testing.T) {
	var calls atomic.Int32
	waiting := make(chan struct{})
	url, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		<-waiting
		counting(&calls)(w, r)
	})
	tokens := google.NewTokens(google.Options{Key: account(url, privateKey()), Client: client})
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if token, err := tokens.Token(t.Context()); token != "t1" || err != nil {
				t.Errorf("got %q, %v", token, err)
			}
		})
	}
	close(waiting)
	group.Wait()
	if calls.Load() != 1 {
		t.Errorf("%d fetches", calls.Load())
	}
}

func TestWhoLeavesTakesNobodyWithHim(t *testing.T) {
	var calls atomic.Int32
	arrived, waiting := make(chan struct{}), make(chan struct{})
	url, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-waiting
		counting(&calls)(w, r)
	})
	tokens := google.NewTokens(google.Options{Key: account(url, privateKey()), Client: client})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if _, err := tokens.Token(ctx); !errors.Is(err, context.Canceled) || llm.ErrorOf(err) != nil {
		t.Errorf("got %v", err)
	}
	close(waiting)
	if token, err := tokens.Token(t.Context()); token != "t1" || err != nil || calls.Load() != 1 {
		t.Errorf("got %q, %v after %d fetches", token, err, calls.Load())
	}
}

func TestFailures(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	key := func(url string) google.Options { return google.Options{Key: account(url, privateKey())} }
	for _, tc := range []struct {
		name    string
		answer  http.HandlerFunc
		options func(url string) google.Options
		kind    llm.Kind
		says    string
	}{
		{"an unknown account", answer(400, `{"error":"invalid_grant","error_description":"account not found"}`), key, llm.NotConfigured, "invalid_grant"},
		{"a refusal that OAuth does not know", answer(403, "<html>go away"), key, llm.NotConfigured, "403 Forbidden"},
		{"a token server that is down", answer(503, "later"), key, llm.Unavailable, "later"},
		{"too many requests", answer(429, "slow down"), key, llm.Unavailable, "slow down"},
		{"a long page", answer(502, strings.Repeat("ä", 5000)), key, llm.Unavailable, "…"},
		{"no JSON", answer(200, "<html>"), key, llm.Unavailable, "cannot fetch token"},
		{"no token", answer(200, `{}`), key, llm.Unavailable, "the answer has no token"},
		{
			"a token server that hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, key, llm.Unavailable, "EOF",
		},
		{"a file that is not there", nil, func(string) google.Options { return google.Options{File: "no-such-file"} }, llm.NotConfigured, "no such file"},
		{"a key that is no JSON", nil, func(string) google.Options { return google.Options{Key: "sesame"} }, llm.NotConfigured, "not JSON"},
		{"a key of an unknown kind", nil, func(string) google.Options { return google.Options{Key: `{"type":"door"}`} }, llm.NotConfigured, "door"},
		{
			"a private key that is none", nil, func(url string) google.Options { return google.Options{Key: account(url, "sesame")} },
			llm.NotConfigured, "private key",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			url, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if tc.answer == nil {
					t.Error("the token server is asked")
					return
				}
				tc.answer(w, r)
			})
			options := tc.options(url)
			options.Client = client
			_, err := google.NewTokens(options).Token(t.Context())
			e := llm.ErrorOf(err)
			if e == nil || e.Kind != tc.kind || !strings.Contains(err.Error(), tc.says) || len(err.Error()) > 1000 {
				t.Errorf("got %v", err)
			}
			for _, secret := range []string{"sesame", "no-such-file", "account not found", "go away"} { // clients may see it
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q is in %v", secret, err)
				}
			}
		})
	}
}

func TestAfterAFailureTheNextRequestTriesAgain(t *testing.T) {
	var calls atomic.Int32
	url, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Load() == 0 {
			calls.Add(1)
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		counting(&calls)(w, r)
	})
	tokens := google.NewTokens(google.Options{Key: account(url, privateKey()), Client: client})
	if _, err := tokens.Token(t.Context()); err == nil {
		t.Error("the first one succeeds")
	}
	if token, err := tokens.Token(t.Context()); token != "t2" || err != nil {
		t.Errorf("got %q, %v", token, err)
	}
}

// The library remembers for the life of the process whether it runs at Google: no other test may come that far.
func TestAMachineAtGoogleNeedsNoKey(t *testing.T) {
	url, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Metadata-Flavor", "Google")
		switch {
		case strings.HasSuffix(r.URL.Path, "/token"):
			fmt.Fprint(w, `{"access_token":"workload","expires_in":3600,"token_type":"Bearer"}`)
		case strings.HasSuffix(r.URL.Path, "/project-id"):
			fmt.Fprint(w, "machine-project")
		default:
			http.NotFound(w, r)
		}
	})
	t.Setenv("GCE_METADATA_HOST", strings.TrimPrefix(url, "http://"))
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
	t.Setenv("HOME", t.TempDir())
	tokens := google.NewTokens(google.Options{})
	if token, err := tokens.Token(t.Context()); token != "workload" || err != nil {
		t.Errorf("got %q, %v", token, err)
	}
	if project, err := tokens.Project(t.Context()); project != "machine-project" || err != nil {
		t.Errorf("got %q, %v", project, err)
	}
}
