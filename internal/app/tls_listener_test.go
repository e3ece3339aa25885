package app

import (
	"bufio"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

// serveTLS starts a server as [App.serve] does, with a short patience; clientCA is empty or the authority of its clients.
func serveTLS(t *testing.T, issuer *authority, clientCA []byte, wait time.Duration) (address string, files config.FastAPI) {
	t.Helper()
	dir := t.TempDir()
	files = config.FastAPI{TLSCertFile: filepath.Join(dir, "tls.crt"), TLSKeyFile: filepath.Join(dir, "tls.key")}
	cert, key := issuer.issue("gateway")
	replace(t, files.TLSCertFile, cert)
	replace(t, files.TLSKeyFile, key)
	if clientCA != nil {
		files.TLSClientCAFile = filepath.Join(dir, "ca.crt")
		replace(t, files.TLSClientCAFile, clientCA)
	}
	certificates, err := newCertificates(files, discardLog())
	if err != nil {
		t.Fatal(err)
	}
	certificates.files.looked = time.Time{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	quiet := log.New(io.Discard, "", 0)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, r.Proto)
	})
	server := &http.Server{
		Handler: headComplete(handler), ReadHeaderTimeout: wait, IdleTimeout: wait, ConnContext: connContext, ConnState: connState, ErrorLog: quiet,
	}
	go server.Serve(newTLSListener(patientListener{listener, wait}, certificates.serverConfig(), quiet)) //nolint:errcheck // ends with the test
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String(), files
}

const patience = 20 * time.Second

func httpsClient(t *testing.T, config *tls.Config) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestTheAPISpeaksHTTP2OverTLS(t *testing.T) {
	issuer := newAuthority(t, "ca")
	address, _ := serveTLS(t, issuer, nil, patience)
	res, err := httpsClient(t, issuer.client("")).Post("https://"+address, "text/plain", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); string(body) != "HTTP/2.0" || res.TLS.Version < tls.VersionTLS13 {
		t.Errorf("got %s, TLS %x", body, res.TLS.Version)
	}
}

func TestOldVersionsOfTLSAreRefused(t *testing.T) {
	issuer := newAuthority(t, "ca")
	address, _ := serveTLS(t, issuer, nil, patience)
	old := issuer.client("")
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	if conn, err := tls.Dial("tcp", address, old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
}

func TestClientsMustShowACertificate(t *testing.T) {
	issuer, stranger := newAuthority(t, "ca"), newAuthority(t, "stranger")
	address, _ := serveTLS(t, issuer, issuer.pem(), patience)
	foreign := issuer.client("")
	foreign.Certificates = stranger.client("client").Certificates
	for name, tc := range map[string]struct {
		config *tls.Config
		served bool
	}{
		"one of the authority": {issuer.client("client"), true},
		"none":                 {issuer.client(""), false},
		"one of another":       {foreign, false},
	} {
		t.Run(name, func(t *testing.T) {
			res, err := httpsClient(t, tc.config).Get("https://" + address)
			if err == nil {
				res.Body.Close()
			}
			if (err == nil) != tc.served {
				t.Errorf("want served %v, got %v", tc.served, err)
			}
		})
	}
}

// Open connections outlive a change of the certificate; new ones get the new one.
func TestARenewalDropsNoConnection(t *testing.T) {
	issuer := newAuthority(t, "ca")
	address, files := serveTLS(t, issuer, nil, patience)
	config := issuer.client("")
	config.NextProtos = []string{"http/1.1"}
	dial := func() (*tls.Conn, *bufio.Reader) {
		conn, err := tls.Dial("tcp", address, config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn, bufio.NewReader(conn)
	}
	conn, reader := dial()
	exchange(t, conn, reader)
	cert, key := issuer.issue("renewed")
	replace(t, files.TLSCertFile, cert)
	replace(t, files.TLSKeyFile, key)
	// The files are looked at once a second: go on until they were.
	for deadline := time.Now().Add(patience); ; {
		fresh, freshReader := dial()
		exchange(t, fresh, freshReader)
		if fresh.ConnectionState().PeerCertificates[0].Subject.CommonName == "renewed" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the new certificate never came into force")
		}
	}
	exchange(t, conn, reader)
	if got := conn.ConnectionState().PeerCertificates[0].Subject.CommonName; got != "gateway" {
		t.Errorf("the open connection changed to %s", got)
	}
}

func exchange(t *testing.T, conn io.Writer, reader *bufio.Reader) {
	t.Helper()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "HTTP/1.1" {
		t.Errorf("got %q, %v", body, err)
	}
}

// talkTLS sends raw bytes over TLS and reads until the server hangs up.
func talkTLS(t *testing.T, address string, config *tls.Config, raw string) string {
	t.Helper()
	conn, err := tls.Dial("tcp", address, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, piece := range strings.SplitAfter(raw, "\n") {
		if _, err := io.WriteString(conn, piece); err != nil {
			t.Fatal(err)
		}
	}
	all, err := io.ReadAll(conn)
	if err != nil {
		t.Logf("the connection ended with %v", err)
	}
	return string(all)
}

func TestSlowClientsOverTLS(t *testing.T) {
	issuer := newAuthority(t, "ca")
	address, _ := serveTLS(t, issuer, nil, 300*time.Millisecond)
	http1, http2 := issuer.client(""), issuer.client("")
	http1.NextProtos, http2.NextProtos = []string{"http/1.1"}, []string{"h2"}

	t.Run("a connection without a request is closed without a word", func(t *testing.T) {
		if answer := talkTLS(t, address, http1, ""); answer != "" {
			t.Errorf("got %q", answer)
		}
	})
	t.Run("so is an idle one", func(t *testing.T) {
		answer := talkTLS(t, address, http1, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if strings.Count(answer, "HTTP/1.1 ") != 1 || !strings.HasPrefix(answer, "HTTP/1.1 200") {
			t.Errorf("got %q", answer)
		}
	})
	t.Run("a head that never ends is a 408, in TLS", func(t *testing.T) {
		conn, err := tls.Dial("tcp", address, http1)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		reader := bufio.NewReader(conn)
		exchange(t, conn, reader) // the handshake is over for both
		if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\n"); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if body, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(body), "300ms") {
			t.Errorf("got %d %s", res.StatusCode, body)
		}
	})
	t.Run("HTTP/2 never gets an answer of HTTP/1", func(t *testing.T) {
		if answer := talkTLS(t, address, http2, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"); strings.Contains(answer, "HTTP/1.1") {
			t.Errorf("got %q", answer)
		}
	})
	t.Run("whoever does not shake hands is left", func(t *testing.T) {
		if answer := talk(t, address, ""); answer != "" {
			t.Errorf("got %q", answer)
		}
	})
	t.Run("and holds nobody up", func(t *testing.T) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		second, err := tls.Dial("tcp", address, http1)
		if err != nil {
			t.Fatal(err)
		}
		defer second.Close()
		exchange(t, second, bufio.NewReader(second))
	})
}

func TestPlainHTTPOnTheTLSPortIsToldSo(t *testing.T) {
	issuer := newAuthority(t, "ca")
	address, _ := serveTLS(t, issuer, nil, patience)
	res, err := http.Get("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), "use https://") {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
}

func TestTheEndOfTheListenerEndsHandshakes(t *testing.T) {
	issuer := newAuthority(t, "ca")
	dir := t.TempDir()
	cert, key := issuer.issue("gateway")
	files := config.FastAPI{TLSCertFile: filepath.Join(dir, "c"), TLSKeyFile: filepath.Join(dir, "k")}
	for path, content := range map[string][]byte{files.TLSCertFile: cert, files.TLSKeyFile: key} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	certificates, err := newCertificates(files, discardLog())
	if err != nil {
		t.Fatal(err)
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener := newTLSListener(patientListener{inner, patience}, certificates.serverConfig(), log.New(io.Discard, "", 0))
	accepted := make(chan error)
	go func() {
		_, err := listener.Accept()
		accepted <- err
	}()
	conn, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := listener.Close(); err != nil {
		t.Error(err)
	}
	if err := <-accepted; err == nil {
		t.Error("accepted a connection")
	}
	if _, err := io.ReadAll(conn); err != nil {
		t.Logf("the connection ended with %v", err)
	}
}
