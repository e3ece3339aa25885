package troubleshoot

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
)

// What goes wrong on the way to a server, and what an operator has to be told about.
func TestTroubleOnTheWay(t *testing.T) {
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	picky := httptest.NewUnstartedServer(http.NotFoundHandler())
	picky.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	picky.StartTLS()
	defer picky.Close()
	silence, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silence.Close()

	trusting := secure.Client()
	port := secure.URL[strings.LastIndexByte(secure.URL, ':'):]
	refusing := &http.Client{Transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse("http://127.0.0.1:1") }}}
	impatient := &http.Client{Timeout: 1}
	for name, tc := range map[string]struct {
		client *http.Client
		target string
		words  string
	}{
		"nobody listens":                      {http.DefaultClient, "http://127.0.0.1:1", "Nobody listens at 127.0.0.1:1"},
		"an authority nobody trusts":          {http.DefaultClient, secure.URL, "SSL_CERT_FILE or REQUESTS_CA_BUNDLE"},
		"a certificate for another name":      {trusting, "https://localhost" + port, "for another name"},
		"TLS to a server without it":          {http.DefaultClient, strings.Replace(plain.URL, "http:", "https:", 1), "does not speak TLS"},
		"a server that wants a certificate":   {picky.Client(), picky.URL, "client certificate"},
		"a proxy that is not there":           {refusing, "https://gitlab.example.com", "add gitlab.example.com to NO_PROXY"},
		"a plain proxy that is not there":     {refusing, "http://gitlab.example.com", "NO_PROXY"},
		"a server that says nothing for long": {impatient, "http://" + silence.Addr().String(), "does not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			_, finding := get(t.Context(), tc.client, tc.target)
			if finding == nil || finding.Status != Failed || !strings.Contains(finding.Remedy, tc.words) {
				t.Errorf("want a remedy with %q, got %+v", tc.words, finding)
			}
		})
	}
}

// Errors that no server here can cause.
func TestTroubleOfTheNetwork(t *testing.T) {
	for name, tc := range map[string]struct {
		err   error
		words string
	}{
		"a name that is unknown":     {&net.DNSError{Name: "gitlab.example.com", IsNotFound: true}, "The name gitlab.example.com is unknown"},
		"a DNS server that is down":  {&net.DNSError{Name: "gitlab.example.com", IsTimeout: true}, "/etc/resolv.conf"},
		"no route":                   {&net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH}, "no route"},
		"no network":                 {&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}, "no route"},
		"a deadline":                 {fmt.Errorf("fetch: %w", context.DeadlineExceeded), "in time"},
		"a certificate of yesterday": {x509.CertificateInvalidError{Reason: x509.Expired}, "expired"},
		"something nobody foresaw":   {errors.New("odd"), "Check the address https://me:xxxxx@gitlab.example.com"},
		"a password in a failed URL": {&url.Error{Op: "Get", URL: "https://me:hidden@gitlab.example.com", Err: errors.New("odd")}, "Check the address"},
	} {
		t.Run(name, func(t *testing.T) {
			finding := trouble(tc.err, "https://me:hidden@gitlab.example.com")
			if finding.Status != Failed || !strings.Contains(finding.Remedy, tc.words) {
				t.Errorf("want a remedy with %q, got %+v", tc.words, finding)
			}
			if strings.Contains(finding.Seen+finding.Remedy, "hidden") {
				t.Errorf("shows a password: %+v", finding)
			}
		})
	}
}

// authority is the certificate of a test server, in PEM.
func authority(t *testing.T) []byte {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}
