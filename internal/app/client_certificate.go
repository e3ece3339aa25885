package app

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

// clientCertificate is what the gateway shows to model servers that want to know who asks. Like the certificates of the API it is read
// again when its files have changed, and the old one stays in force while they don't fit together.
type clientCertificate struct {
	config.ClientCertificate
	log     *slog.Logger
	files   *changedFiles
	current atomic.Pointer[tls.Certificate]
}

// newClientCertificate reads the files.
func newClientCertificate(pair config.ClientCertificate, log *slog.Logger) (*clientCertificate, error) {
	c := &clientCertificate{ClientCertificate: pair, log: log, files: filesAsTheyAre(pair.CertFile, pair.KeyFile)}
	return c, c.read()
}

// show is the certificate for a handshake, see [tls.Config.GetClientCertificate].
func (c *clientCertificate) show(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	c.files.since(c.readAgain)
	return c.current.Load(), nil
}

func (c *clientCertificate) readAgain() {
	if err := c.read(); err != nil {
		c.log.Error("The changed client certificate can't be used, the old one stays in force: " + err.Error())
		return
	}
	c.log.Info("The client certificate was read again", slog.String("file", c.CertFile))
}

func (c *clientCertificate) read() error {
	pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
	if err != nil {
		return fmt.Errorf("read %s with %s: %w", c.CertFile, c.KeyFile, err)
	}
	c.current.Store(&pair)
	return nil
}
