package app

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

// renewal is a store of certificates with a clock and a log of its own.
type renewal struct {
	*certificates
	dir string
	log bytes.Buffer
}

func newRenewal(t *testing.T, issuer *authority) *renewal {
	t.Helper()
	r := &renewal{dir: t.TempDir()}
	cert, key := issuer.issue("first")
	replace(t, r.path("tls.crt"), cert)
	replace(t, r.path("tls.key"), key)
	c, err := newCertificates(config.FastAPI{TLSCertFile: r.path("tls.crt"), TLSKeyFile: r.path("tls.key")}, slog.New(slog.NewTextHandler(&r.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	c.files.now = func() time.Time { now = now.Add(2 * lookAgain); return now }
	r.certificates = c
	return r
}

func (r *renewal) path(name string) string { return filepath.Join(r.dir, name) }

// name is that of the certificate which the next client gets.
func (r *renewal) name(t *testing.T) string {
	t.Helper()
	c, err := r.serverConfig().GetConfigForClient(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Certificates[0].Leaf.Subject.CommonName
}

func TestARenewedCertificateCountsForTheNextClient(t *testing.T) {
	issuer := newAuthority(t, "ca")
	r := newRenewal(t, issuer)
	if got := r.name(t); got != "first" {
		t.Errorf("at first: %s", got)
	}
	cert, key := issuer.issue("second")
	replace(t, r.path("tls.crt"), cert)
	if got := r.name(t); got != "first" {
		t.Errorf("while only the certificate is replaced: %s", got)
	}
	replace(t, r.path("tls.key"), key)
	if got := r.name(t); got != "second" {
		t.Errorf("after both are replaced: %s", got)
	}
	replace(t, r.path("tls.key"), []byte("no key"))
	for range 3 {
		if got := r.name(t); got != "second" {
			t.Errorf("after the key is broken: %s", got)
		}
	}
	log := r.log.String()
	if strings.Count(log, "level=ERROR") != 2 || strings.Count(log, "level=INFO") != 1 {
		t.Errorf("want an entry for each change, got:\n%s", log)
	}
}

func TestCertificatesThatCannotBeUsed(t *testing.T) {
	issuer := newAuthority(t, "ca")
	dir := t.TempDir()
	cert, _ := issuer.issue("a")
	_, key := issuer.issue("b")
	replace(t, filepath.Join(dir, "tls.crt"), cert)
	replace(t, filepath.Join(dir, "tls.key"), key)
	settings := config.FastAPI{TLSCertFile: filepath.Join(dir, "tls.crt"), TLSKeyFile: filepath.Join(dir, "tls.key")}
	if _, err := newCertificates(settings, discardLog()); err == nil || !strings.Contains(err.Error(), "does not match") {
		t.Errorf("a key of another certificate: %v", err)
	}
	cert, key = issuer.issue("a")
	replace(t, settings.TLSCertFile, cert)
	replace(t, settings.TLSKeyFile, key)
	settings.TLSClientCAFile = settings.TLSKeyFile
	if _, err := newCertificates(settings, discardLog()); err == nil || !strings.Contains(err.Error(), "no certificate in PEM form") {
		t.Errorf("authorities that are none: %v", err)
	}
}

func TestWithoutACertificateThereIsNoTLS(t *testing.T) {
	if c, err := newCertificates(config.FastAPI{}, discardLog()); c != nil || err != nil {
		t.Errorf("got %v, %v", c, err)
	}
}
