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

func TestARenewedClientCertificateCountsForTheNextConnection(t *testing.T) {
	issuer := newAuthority(t, "ca")
	dir := t.TempDir()
	pair := config.ClientCertificate{CertFile: filepath.Join(dir, "client.crt"), KeyFile: filepath.Join(dir, "client.key")}
	cert, key := issuer.issue("first")
	replace(t, pair.CertFile, cert)
	replace(t, pair.KeyFile, key)
	var log bytes.Buffer
	c, err := newClientCertificate(pair, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	c.files.now = func() time.Time { now = now.Add(2 * lookAgain); return now }
	check := func(when, want string) {
		t.Helper()
		shown, err := c.show(nil)
		if err != nil || shown.Leaf.Subject.CommonName != want {
			t.Errorf("%s: want %s, got %v, %v", when, want, shown.Leaf.Subject, err)
		}
	}
	check("at first", "first")
	cert, key = issuer.issue("second")
	replace(t, pair.KeyFile, key)
	check("while only the key is replaced", "first")
	replace(t, pair.CertFile, cert)
	check("after both are", "second")
	if !strings.Contains(log.String(), "can't be used") || !strings.Contains(log.String(), "was read again") {
		t.Errorf("the log doesn't tell: %s", log.String())
	}
}

func TestAClientCertificateThatCannotBeReadStopsTheStart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "client.pem")
	replace(t, file, []byte("no certificate"))
	_, err := New(&config.Settings{
		Logging:       config.Logging{Level: "CRITICAL"},
		ModelRequests: config.ModelRequests{ClientCertificates: map[string]config.ClientCertificate{"llm.example.com": {CertFile: file, KeyFile: file}}},
	})
	if err == nil || !strings.Contains(err.Error(), "AIGW_MODEL_REQUESTS__CLIENT_CERTIFICATES") || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v", err)
	}
}
