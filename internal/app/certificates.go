package app

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

// certificates are the files with which the API speaks TLS. When they have changed they are read again, so that a renewed certificate needs
// no restart: connections that are open keep theirs, new ones get the new one. Files that don't fit together, for instance because only one
// of them has been replaced so far, leave the old ones in force.
type certificates struct {
	cert, key, clientCA string // paths; clientCA is empty when clients show no certificates
	log                 *slog.Logger
	files               *changedFiles

	current atomic.Pointer[tls.Config]
}

// newCertificates reads the files that the settings name; it returns nil when the API speaks no TLS.
func newCertificates(s config.FastAPI, log *slog.Logger) (*certificates, error) {
	if s.TLSCertFile == "" {
		return nil, nil
	}
	c := &certificates{cert: s.TLSCertFile, key: s.TLSKeyFile, clientCA: s.TLSClientCAFile, log: log}
	c.files = filesAsTheyAre(c.cert, c.key, c.clientCA)
	return c, c.read()
}

// serverConfig is for a listener. It takes TLS 1.2 and newer with Go's choice of ciphers, and offers HTTP/2.
func (c *certificates) serverConfig() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			c.files.since(c.readAgain)
			return c.current.Load(), nil
		},
	}
}

func (c *certificates) readAgain() {
	if err := c.read(); err != nil {
		c.log.Error("The changed certificate can't be used, the old one stays in force: " + err.Error())
		return
	}
	c.log.Info("The certificate was read again", slog.String("file", c.cert))
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
