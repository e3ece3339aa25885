package app

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

// lookAgain is how long the files of a certificate are taken to be what they were.
const lookAgain = time.Second

// certificates are the files with which the API speaks TLS. When they have changed they are read again, so that a renewed certificate needs
// no restart: connections that are open keep theirs, new ones get the new one. Files that don't fit together, for instance because only one
// of them has been replaced so far, leave the old ones in force.
type certificates struct {
	cert, key, clientCA string // paths; clientCA is empty when clients show no certificates
	log                 *slog.Logger
	now                 func() time.Time

	current atomic.Pointer[tls.Config]

	mu     sync.Mutex
	looked time.Time
	seen   []os.FileInfo // the files when they were last read; nil for one that was not there
}

// newCertificates reads the files that the settings name; it returns nil when the API speaks no TLS.
func newCertificates(s config.FastAPI, log *slog.Logger) (*certificates, error) {
	if s.TLSCertFile == "" {
		return nil, nil
	}
	c := &certificates{cert: s.TLSCertFile, key: s.TLSKeyFile, clientCA: s.TLSClientCAFile, log: log, now: time.Now}
	c.seen, c.looked = c.stat(), c.now()
	return c, c.read()
}

// serverConfig is for a listener. It takes TLS 1.2 and newer with Go's choice of ciphers, and offers HTTP/2.
func (c *certificates) serverConfig() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			c.refresh()
			return c.current.Load(), nil
		},
	}
}

// refresh reads the files again if they have changed. It looks at most once a second, and one handshake at a time does.
func (c *certificates) refresh() {
	if !c.mu.TryLock() {
		return
	}
	defer c.mu.Unlock()
	if c.now().Sub(c.looked) < lookAgain {
		return
	}
	c.looked = c.now()
	files := c.stat()
	if slices.EqualFunc(files, c.seen, unchanged) {
		return
	}
	c.seen = files
	if err := c.read(); err != nil {
		c.log.Error("The changed certificate can't be used, the old one stays in force: " + err.Error())
		return
	}
	c.log.Info("The certificate was read again", slog.String("file", c.cert))
}

func (c *certificates) stat() []os.FileInfo {
	files := make([]os.FileInfo, 3)
	for i, path := range []string{c.cert, c.key, c.clientCA} {
		files[i], _ = os.Stat(path)
	}
	return files
}

func unchanged(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

func (c *certificates) read() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("read %s with %s: %w", c.cert, c.key, err)
	}
	read := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, Certificates: []tls.Certificate{pair}}
	if c.clientCA != "" {
		if read.ClientCAs, err = readAuthorities(c.clientCA); err != nil {
			return fmt.Errorf("read %s: %w", c.clientCA, err)
		}
		read.ClientAuth = tls.RequireAndVerifyClientCert
		read.SessionTicketsDisabled = true // an authority that was taken out counts no more from the next connection on
	}
	c.current.Store(read)
	return nil
}

func readAuthorities(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("there is no certificate in PEM form in it")
	}
	return pool, nil
}
