package auth

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// gitlab is a gateway that knows a GitLab and nothing else, and the headers of a request with a token of that GitLab.
func gitlab(t testing.TB, i *issuer, change ...func(*Config)) (*gateway, http.Header) {
	t.Helper()
	cfg := Config{GitLabURL: i.URL}
	for _, c := range change {
		c(&cfg)
	}
	return newGateway(t, cfg), headersH(sign(keyGitLab(), header(obj{"kid": "gitlab"}), tokenA(obj{"iss": i.URL})))
}

func TestKeysAreFetchedOnceAndOnDemand(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	g, h := gitlab(t, i)
	g.ask(t, headersH("garbage"))
	g.ask(t, headersH("", "Authorization", "-"))
	if n := i.asked.Load(); n != 0 {
		t.Errorf("%d discoveries before a token needs keys", n)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got := g.ask(t, h); got != "" {
				t.Errorf("401 %q", got)
			}
		})
	}
	all.Wait()
	if asked, fetched := i.asked.Load(), i.fetches.Load(); asked != 1 || fetched != 1 {
		t.Errorf("%d discoveries, %d fetches; want one each", asked, fetched)
	}
	want := []obj{
		{"level": "INFO", "msg": "JWKS refreshed", "logger": "cloud_connector", "kids": []any{"gitlab"}, "provider": "GitLabOidcProvider"},
		{"level": "INFO", "msg": "JWKS refreshed", "logger": "cloud_connector", "kids": []any{"gitlab"}, "provider": "CompositeProvider"},
	}
	var got []obj
	for _, e := range g.log.entries() {
		if e["level"] == "INFO" {
			got = append(got, e)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIssuerNames(t *testing.T) {
	i := newIssuer(t, "https://gitlab.example", jwkOf(keyGitLab(), "gitlab"))
	for _, tc := range []struct {
		name, setting, issuer, want string
	}{
		{"as configured", i.URL, i.URL, ""},
		{"with a slash more", i.URL, i.URL + "/", ""},
		{"with a slash less", i.URL + "/", i.URL, ""},
		{"with the slash of the setting", i.URL + "/", i.URL + "/", ""},
		{"as the discovery document says", i.URL, "https://gitlab.example", ""},
		{"as the discovery document does not quite say", i.URL, "https://gitlab.example/", forbidden},
		{"with a path", i.URL, i.URL + "/x", forbidden},
		{"in capitals", i.URL, strings.ToUpper(i.URL), forbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := newGateway(t, Config{GitLabURL: tc.setting})
			if got := g.ask(t, headersH(sign(keyGitLab(), header(), tokenA(obj{"iss": tc.issuer})))); got != tc.want {
				t.Errorf("401 %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDiscoveryDocumentCannotTakeANameFromAnother(t *testing.T) {
	portal := newIssuer(t, "", jwkOf(keyK1(), "K1"))
	for _, name := range []string{portal.URL, portal.URL + "/", DefaultServiceName} {
		rogue := newIssuer(t, name, jwkOf(keyGitLab(), "gitlab"))
		g := newGateway(t, Config{GitLabURL: rogue.URL, CustomerPortalURL: portal.URL})
		if got := g.ask(t, headersH(sign(keyGitLab(), header(), tokenA(obj{"iss": name})))); got != forbidden {
			t.Errorf("GitLab signs as %s: 401 %q, want %q", name, got, forbidden)
		}
	}
}

func TestKeyOfTheOtherProviderIsSelectedByItsID(t *testing.T) {
	portal, other := newIssuer(t, "", jwkOf(keyK1(), "portal-1")), newIssuer(t, "", jwkOf(keyGitLab(), "gitlab-1"))
	g := newGateway(t, Config{GitLabURL: other.URL, CustomerPortalURL: portal.URL})
	token := sign(keyK1(), header(obj{"kid": "gitlab-1"}), tokenA(obj{"iss": portal.URL}))
	if got := g.ask(t, headersH(token)); got != forbidden {
		t.Errorf("401 %q, want %q", got, forbidden)
	}
}

func TestRelativeURLKeepsItsPath(t *testing.T) {
	for _, tc := range []struct {
		name, at, want string
	}{
		{"discovery under the path", "/gitlab", ""},
		{"no discovery under the path, but at the root", "", ""},
		{"no discovery anywhere", "/elsewhere", forbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			i := newIssuer(t, "")
			mux := http.NewServeMux()
			mux.HandleFunc("GET "+tc.at+"/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, `{"issuer":"https://host/gitlab","jwks_uri":%q}`, i.URL+"/keys")
			})
			mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
				i.serve(w, r, nil, func() any { return obj{"keys": []any{jwkOf(keyGitLab(), "gitlab")}} })
			})
			i.Config.Handler = mux
			g := newGateway(t, Config{GitLabURL: i.URL + "/gitlab/"})
			for _, name := range []string{i.URL + "/gitlab", "https://host/gitlab"} {
				if got := g.ask(t, headersH(sign(keyGitLab(), header(), tokenA(obj{"iss": name})))); got != tc.want {
					t.Errorf("token of %s: 401 %q, want %q", name, got, tc.want)
				}
			}
		})
	}
}

func TestTroubleUnderThePathDoesNotLeadToTheRoot(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	mux := http.NewServeMux()
	mux.HandleFunc("/gitlab/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	mux.Handle("/", i.Config.Handler)
	i.Config.Handler = mux
	g := newGateway(t, Config{GitLabURL: i.URL + "/gitlab"})
	if got := g.ask(t, headersH(sign(keyGitLab(), header(), tokenA(obj{"iss": i.URL + "/gitlab"})))); got != forbidden || i.asked.Load() != 0 {
		t.Errorf("401 %q, want %q; %d discoveries at the root", got, forbidden, i.asked.Load())
	}
}

func TestOddKeysCostNoOther(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	point, err := ec.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	good := jwkOf(keyGitLab(), "gitlab")
	odd := []any{
		nil, 5, "x",
		[]any{},
		obj{},
		true,
		obj{"kty": "EC", "crv": "P-256", "kid": "ec", "x": b64(point[1:33]), "y": b64(point[33:])},
		obj{"kty": "oct", "kid": "secret", "k": "c2VjcmV0"},
		obj{"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": b64(make([]byte, 32))},
		obj{"kty": "quantum", "kid": "q"},
		obj{"kty": 5},
		jwkOf(small, "small"),
		merge(good, obj{"n": removed}), merge(good, obj{"n": ""}), merge(good, obj{"n": 5}),
		merge(good, obj{"n": "!"}), merge(good, obj{"n": nil}),
		merge(good, obj{"e": removed}), merge(good, obj{"e": "AA"}), merge(good, obj{"e": "Ag"}), merge(good, obj{"kid": 5}),
		merge(good, obj{"n": b64(append([]byte{1}, make([]byte, 4096)...))}),
	}
	for name, keys := range map[string][]any{
		"before it":            append(append([]any{}, odd...), good),
		"after it":             append([]any{good}, odd...),
		"without an ID":        append(append([]any{}, odd...), jwkOf(keyGitLab(), "")),
		"with an unknown use":  {merge(good, obj{"use": "enc", "alg": "PS512", "key_ops": []string{"sign"}})},
		"with unknown members": {merge(good, obj{"x5c": 5, "extra": obj{}}), good},
		"under one ID":         {jwkOf(keyStranger(), "gitlab"), good},
	} {
		t.Run(name, func(t *testing.T) {
			g, h := gitlab(t, newIssuer(t, "", keys...))
			if got := g.ask(t, h); got != "" {
				t.Errorf("401 %q", got)
			}
		})
	}
}

func TestPublisherInTroubleIsA401AndALogEntry(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		}
	}
	huge := func(w http.ResponseWriter, _ *http.Request) {
		blank := []byte(strings.Repeat(" ", 1<<16))
		for range 1<<4 + 1 {
			if _, err := w.Write(blank); err != nil {
				return
			}
		}
		fmt.Fprint(w, "{}")
	}
	loop := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }
	for name, handler := range map[string]http.HandlerFunc{
		"no service":                  answer(503, "busy"),
		"a proper answer with a 500":  answer(500, `{"jwks_uri":"http://127.0.0.1:9","keys":[]}`),
		"nothing there":               answer(404, "nothing"),
		"nothing":                     answer(200, ""),
		"a web page":                  answer(200, "<html>"),
		"null":                        answer(200, "null"),
		"a list":                      answer(200, "[]"),
		"a number":                    answer(200, "5"),
		"an empty object":             answer(200, "{}"),
		"more behind the object":      answer(200, `{"keys":[]}{}`),
		"members of the wrong type":   answer(200, `{"jwks_uri":5,"keys":5,"issuer":5}`),
		"an empty address, null keys": answer(200, `{"jwks_uri":"","keys":null}`),
		"a file":                      answer(200, `{"jwks_uri":"file:///etc/passwd","keys":{}}`),
		"a path":                      answer(200, `{"jwks_uri":"/keys","keys":"x"}`),
		"no URL":                      answer(200, `{"jwks_uri":"http://[::1","keys":true}`),
		"no keys":                     answer(200, `{"jwks_uri":"http://127.0.0.1:9/x","keys":[]}`),
		"a redirect to a file":        redirect("file:///etc/passwd"),
		"a redirect to nowhere":       redirect(""),
		"a redirect off the web":      redirect("gopher://127.0.0.1/"),
		"redirects without end":       loop,
		"a megabyte and more":         huge,
		"an aborted answer":           func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, part := range []string{"discovery", "keys"} {
				i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
				if part == "keys" {
					i.answerKeys(handler)
				} else {
					i.answerDiscovery(handler)
				}
				g, h := gitlab(t, i)
				if got := g.ask(t, h); got != forbidden {
					t.Errorf("%s: 401 %q, want %q", part, got, forbidden)
				}
				var failures int
				for _, e := range g.log.entries() {
					if e["level"] == "ERROR" && cmp.Equal(e["extra"], any(obj{"oidc_provider": "Gitlab"})) && e["logger"] == "cloud_connector" {
						failures++
					}
				}
				if failures != 1 {
					t.Errorf("%s: %d log entries of the failure, want 1: %v", part, failures, g.log.entries())
				}
			}
		})
	}
}

func TestRedirectIsFollowedWithoutCredentials(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	i.answerDiscovery(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Authorization", "Cookie"} {
			if value := r.Header.Get(name); value != "" {
				t.Errorf("%s: %q was sent", name, value)
			}
		}
		if r.URL.RawQuery == "" {
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
			http.Redirect(w, r, strings.Replace(i.URL, "http://", "http://user:secret@", 1)+r.URL.Path+"?again", http.StatusFound)
			return
		}
		fmt.Fprintf(w, `{"jwks_uri":%q}`, strings.Replace(i.URL, "http://", "http://user:secret@", 1)+"/keys")
	})
	i.answerKeys(func(w http.ResponseWriter, r *http.Request) {
		if value := r.Header.Get("Authorization"); value != "" {
			t.Errorf("Authorization: %q was sent", value)
		}
		i.serve(w, r, nil, func() any { return obj{"keys": []any{jwkOf(keyGitLab(), "gitlab")}} })
	})
	g, h := gitlab(t, i, func(c *Config) { c.GitLabURL = strings.Replace(i.URL, "http://", "http://user:secret@", 1) })
	if got := g.ask(t, h); got != "" {
		t.Errorf("401 %q", got)
	}
}

func TestPasswordsStayOutOfTheLog(t *testing.T) {
	i := newIssuer(t, "")
	i.answerKeys(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	withPassword := strings.Replace(i.URL, "http://", "http://user:secret@", 1)
	i.answerDiscovery(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"jwks_uri":%q}`, withPassword+"/keys") })
	for _, address := range []string{withPassword, "http://user:secret@127.0.0.1:9", "ftp://user:secret@x", "http://user:secret@[::1"} {
		g := newGateway(t, Config{GitLabURL: address})
		g.ask(t, headersH(sign(keyGitLab(), header(), tokenA(obj{"iss": i.URL}))))
		if log := g.log.buf.String(); strings.Contains(log, "secret") || !strings.Contains(log, "Gitlab") {
			t.Errorf("log of %s: %s", address, log)
		}
	}
}

func TestEncryptionIsNotGivenUp(t *testing.T) {
	for _, tc := range []struct {
		from, to string
		ok       bool
	}{
		{"https://a", "https://b", true},
		{"http://a", "https://b", true},
		{"http://a", "http://b", true},
		{"https://a", "http://a", false},
		{"http://a", "ftp://a", false},
	} {
		document := fmt.Appendf(nil, `{"jwks_uri":%q}`, tc.to)
		from, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tc.from, nil)
		if err != nil {
			t.Fatal(err)
		}
		to, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tc.to, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseDiscovery(from.URL, document); (err == nil) != tc.ok {
			t.Errorf("jwks_uri %s in %s: %v", tc.to, tc.from, err)
		}
		if err := newKeyClient(nil).CheckRedirect(to, []*http.Request{from}); (err == nil) != tc.ok {
			t.Errorf("redirect from %s to %s: %v", tc.from, tc.to, err)
		}
	}
}

func TestOneProviderDownLeavesTheOther(t *testing.T) {
	g := workedExamples(t)
	if got := g.ask(t, headersH(sign(keyGitLab(), header(), tokenA(obj{"iss": unreachable})))); got != forbidden {
		t.Errorf("of the one that is down: 401 %q, want %q", got, forbidden)
	}
	if got := g.ask(t, headersH(sign(keyK1(), header(), tokenA()))); got != "" {
		t.Errorf("of the other: 401 %q", got)
	}
}

func TestNoKeyToBeHad(t *testing.T) {
	for name, cfg := range map[string]Config{
		"both down":              {GitLabURL: unreachable, CustomerPortalURL: unreachable},
		"none configured":        {},
		"addresses that are not": {GitLabURL: "gitlab.com", CustomerPortalURL: "ftp://x"},
		"no address at all":      {GitLabURL: "http://", CustomerPortalURL: "://"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t, cfg)
			for _, iss := range []string{unreachable, portalName, DefaultServiceName, "gitlab.com", "http://"} {
				if got := g.ask(t, headersH(sign(keyK1(), header(), tokenA(obj{"iss": iss})))); got != forbidden {
					t.Errorf("token of %s: 401 %q, want %q", iss, got, forbidden)
				}
			}
		})
	}
}

func TestFailedFetchIsRepeatedSoon(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	i.answerKeys(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	g, h := gitlab(t, i)
	wantFetches := func(want int32, when string) {
		t.Helper()
		if got := g.ask(t, h); got != forbidden {
			t.Errorf("%s: 401 %q, want %q", when, got, forbidden)
		}
		if got := i.fetches.Load(); got != want {
			t.Errorf("%s: %d fetches, want %d", when, got, want)
		}
	}
	wantFetches(1, "at first")
	wantFetches(1, "at once")
	g.clock.pass(1 * time.Second)
	wantFetches(2, "after a second")
	g.clock.pass(1 * time.Second)
	wantFetches(2, "too soon after two failures")
	for n := int32(3); n < 10; n++ {
		g.clock.pass(30 * time.Second)
		wantFetches(n, "after half a minute")
	}
	i.answerKeys(nil)
	g.clock.pass(30 * time.Second)
	if got := g.ask(t, h); got != "" {
		t.Errorf("after the end of the outage: 401 %q", got)
	}
}

func TestKeysOutliveAnOutageByADay(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	g, _ := gitlab(t, i)
	h := headersH(sign(keyGitLab(), header(obj{"kid": "gitlab"}), tokenA(obj{"iss": i.URL, "exp": noon + 100*3600})))
	if got := g.ask(t, h); got != "" {
		t.Fatalf("401 %q", got)
	}
	i.answerDiscovery(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	for hour := 1; hour < 24; hour++ {
		g.clock.pass(time.Hour)
		if got := g.ask(t, h); got != "" {
			t.Fatalf("after %d hours of outage: 401 %q", hour, got)
		}
		g.settle()
	}
	g.clock.pass(time.Hour)
	if got := g.ask(t, h); got != forbidden {
		t.Errorf("after a day of outage: 401 %q, want %q", got, forbidden)
	}
	i.answerDiscovery(nil)
	g.clock.pass(time.Minute)
	if got := g.ask(t, h); got != "" {
		t.Errorf("after the outage: 401 %q", got)
	}
}

// settle waits for fetches in the background.
func (g *gateway) settle() {
	for _, p := range g.providers {
		p.mu.Lock()
		f := p.running
		p.mu.Unlock()
		if f != nil {
			<-f.done
		}
	}
}

func TestOldKeysServeWhileNewOnesAreFetched(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	g, h := gitlab(t, i)
	if got := g.ask(t, h); got != "" {
		t.Fatalf("401 %q", got)
	}
	release := make(chan struct{})
	i.answerKeys(func(w http.ResponseWriter, r *http.Request) {
		<-release
		i.serve(w, r, nil, func() any { return obj{"keys": []any{jwkOf(keyStranger(), "gitlab")}} })
	})
	g.clock.pass(59 * time.Minute)
	g.ask(t, h)
	if n := i.asked.Load(); n != 1 {
		t.Errorf("%d fetches within the hour, want 1", n)
	}
	g.clock.pass(-59*time.Minute + time.Hour)
	h = headersH(sign(keyGitLab(), header(obj{"kid": "gitlab"}), tokenA(obj{"iss": i.URL, "exp": noon + 7200})))
	for range 3 {
		if got := g.ask(t, h); got != "" {
			t.Errorf("during the fetch: 401 %q", got)
		}
	}
	close(release)
	g.settle()
	if got := g.ask(t, h); got != forbidden {
		t.Errorf("a remembered token whose key is gone: 401 %q, want %q", got, forbidden)
	}
}

func TestWithdrawnKeysAreTrustedNoLonger(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	g, _ := gitlab(t, i)
	h := headersH(sign(keyGitLab(), header(obj{"kid": "gitlab"}), tokenA(obj{"iss": i.URL, "exp": noon + 7200})))
	if got := g.ask(t, h); got != "" {
		t.Fatalf("401 %q", got)
	}
	i.publish()
	i.answerKeys(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"keys":[]}`) })
	g.clock.pass(time.Hour)
	g.ask(t, h)
	g.settle()
	if got := g.ask(t, h); got != forbidden {
		t.Errorf("401 %q, want %q", got, forbidden)
	}
}

func TestNewKeyIsPickedUpWithItsFirstToken(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	g, h := gitlab(t, i)
	if got := g.ask(t, h); got != "" {
		t.Fatalf("401 %q", got)
	}
	i.publish(jwkOf(keyGitLab(), "gitlab"), jwkOf(keyK1(), "fresh"))
	fresh := headersH(sign(keyK1(), header(obj{"kid": "fresh"}), tokenA(obj{"iss": i.URL})))
	if got := g.ask(t, fresh); got != forbidden || i.fetches.Load() != 1 {
		t.Errorf("within 10 s of a fetch: 401 %q after %d fetches, want %q and no second one", got, i.fetches.Load(), forbidden)
	}
	g.clock.pass(10 * time.Second)
	if got := g.ask(t, fresh); got != "" {
		t.Errorf("with the new key: 401 %q", got)
	}
	if got := g.ask(t, h); got != "" {
		t.Errorf("with the old key: 401 %q", got)
	}
}

func TestMadeUpKeyIDsCauseFewFetches(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	g, _ := gitlab(t, i)
	for second := range 30 {
		for n := range 5 {
			kid := fmt.Sprint("made-up-", second, n)
			g.ask(t, headersH(sign(keyStranger(), header(obj{"kid": kid}), tokenA(obj{"iss": i.URL}))))
		}
		g.clock.pass(time.Second)
	}
	if n := i.fetches.Load(); n != 3 {
		t.Errorf("%d fetches in 30 s, want 3", n)
	}
}

func TestBadSignatureUnderAKnownKeyIDCausesNoFetch(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	g, h := gitlab(t, i)
	g.ask(t, h)
	g.clock.pass(time.Minute)
	g.ask(t, headersH(sign(keyStranger(), header(obj{"kid": "gitlab"}), tokenA(obj{"iss": i.URL}))))
	if n := i.fetches.Load(); n != 1 {
		t.Errorf("%d fetches, want 1", n)
	}
}

func TestSilentProviderHoldsNobodyUp(t *testing.T) {
	release := make(chan struct{})
	portal := newIssuer(t, "", jwkOf(keyK1(), "K1"))
	silent := newIssuer(t, "")
	silent.answerDiscovery(func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	g := newGateway(t, Config{GitLabURL: silent.URL, CustomerPortalURL: portal.URL})
	g.maxWait = time.Millisecond
	if got := g.ask(t, headersH(sign(keyGitLab(), header(), tokenA(obj{"iss": silent.URL})))); got != forbidden {
		t.Errorf("its own token: 401 %q, want %q", got, forbidden)
	}
	g.maxWait = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	h := headersH(sign(keyGitLab(), header(), tokenA(obj{"iss": silent.URL})))
	if _, err := g.Authenticate(ctx, h); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that leaves: %v, want %v", err, context.Canceled)
	}
	if got := g.ask(t, headersH(sign(keyK1(), header(obj{"kid": "K1"}), tokenA(obj{"iss": portal.URL})))); got != "" {
		t.Errorf("the other's token: 401 %q", got)
	}
}

func TestProviderThatFailedBeforeHoldsUpNobodyElse(t *testing.T) {
	release := make(chan struct{})
	portal := newIssuer(t, "", jwkOf(keyK1(), "K1"))
	silent := newIssuer(t, "")
	silent.answerDiscovery(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	g := newGateway(t, Config{GitLabURL: silent.URL, CustomerPortalURL: portal.URL})
	h := headersH(sign(keyK1(), header(obj{"kid": "unknown"}), tokenA(obj{"iss": portal.URL})))
	if got := g.ask(t, h); got != "" {
		t.Fatalf("401 %q", got)
	}
	silent.answerDiscovery(func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	g.clock.pass(time.Minute)
	g.verified = tokenCache{}
	if got := g.ask(t, h); got != "" {
		t.Errorf("401 %q", got)
	}
	p := g.providers[0]
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil {
		t.Error("the request waited for a fetch that it does not need, or there was none")
	}
}

func TestProviderWithoutKeysIsAskedAgainSoon(t *testing.T) {
	i := newIssuer(t, "")
	i.answerKeys(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"keys":[]}`) })
	g, h := gitlab(t, i)
	if got := g.ask(t, h); got != forbidden {
		t.Fatalf("401 %q, want %q", got, forbidden)
	}
	i.answerKeys(nil)
	i.publish(jwkOf(keyGitLab(), "gitlab"))
	g.clock.pass(time.Second)
	if got := g.ask(t, h); got != "" {
		t.Errorf("401 %q", got)
	}
}

func TestNumberOfKeysIsBounded(t *testing.T) {
	keys := make([]any, maxKeys)
	for n := range keys {
		keys[n] = jwkOf(keyStranger(), fmt.Sprint("stranger-", n))
	}
	g, h := gitlab(t, newIssuer(t, "", append(keys[1:], jwkOf(keyGitLab(), "gitlab"))...))
	if got := g.ask(t, h); got != "" {
		t.Errorf("the last of %d keys: 401 %q", maxKeys, got)
	}
	g, h = gitlab(t, newIssuer(t, "", append(keys, jwkOf(keyGitLab(), "gitlab"))...))
	if got := g.ask(t, h); got != forbidden {
		t.Errorf("one key more: 401 %q, want %q", got, forbidden)
	}
}

func TestTokenWithoutAKeyIDMayHaveAnyKey(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyStranger(), ""), jwkOf(keyGitLab(), "gitlab"))
	g := newGateway(t, Config{GitLabURL: i.URL})
	for _, changes := range []obj{{}, {"kid": ""}, {"kid": nil}, {"kid": 5}} {
		if got := g.ask(t, headersH(sign(keyGitLab(), header(changes), tokenA(obj{"iss": i.URL})))); got != "" {
			t.Errorf("%v: 401 %q", changes, got)
		}
	}
}

func TestProperAnswerCountsOnlyWithStatus200AndInBounds(t *testing.T) {
	for _, tc := range []struct {
		name    string
		status  int
		padding int
		want    string
	}{
		{"200", 200, 0, ""},
		{"close to the limit", 200, maxDocument - 2000, ""},
		{"beyond the limit", 200, maxDocument, forbidden},
		{"203", 203, 0, forbidden},
		{"404", 404, 0, forbidden},
		{"500", 500, 0, forbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
			proper := func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(tc.status)
				i.serve(w, r, nil, func() any { return obj{"jwks_uri": i.URL + "/keys", "keys": i.keys} })
				fmt.Fprint(w, strings.Repeat(" ", tc.padding))
			}
			for _, set := range []func(http.HandlerFunc){i.answerDiscovery, i.answerKeys} {
				set(proper)
				g, h := gitlab(t, i)
				if got := g.ask(t, h); got != tc.want {
					t.Errorf("401 %q, want %q", got, tc.want)
				}
				set(nil)
			}
		})
	}
}

func TestCloseEndsFetches(t *testing.T) {
	i := newIssuer(t, "", jwkOf(keyGitLab(), "gitlab"))
	arrived := make(chan struct{})
	i.answerDiscovery(func(_ http.ResponseWriter, r *http.Request) { close(arrived); <-r.Context().Done() })
	g, h := gitlab(t, i)
	answered := make(chan string)
	go func() { answered <- g.ask(t, h) }()
	<-arrived
	g.Close()
	if got := <-answered; got != forbidden {
		t.Errorf("the waiting request: 401 %q, want %q", got, forbidden)
	}
	g.clock.pass(time.Hour)
	if g.providers[0].start() != nil {
		t.Error("a fetch begins after the end")
	}
	if got := g.ask(t, h); got != forbidden {
		t.Errorf("a later request: 401 %q, want %q", got, forbidden)
	}
}

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"x"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},{"kty":"oct","k":"AA"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","p":"AQ","q":"AQ"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","x5c":["AA"],"x5u":"http://x","key_ops":["verify"]}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		keys, err := parseKeys(document)
		if err != nil && keys != nil {
			t.Error("keys besides an error")
		}
		for _, key := range keys {
			if bits := key.rsa.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
				t.Errorf("a key of %d bits", bits)
			}
		}
	})
}
