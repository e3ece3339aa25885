package auth

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// minKeyBits is the least size of an RSA key for RS256 (RFC 7518, 3.3).
const minKeyBits = 2048

// loadLocalKeys reads the configured keys. Each one counts by itself: a gateway with only a signing key trusts what it signs.
func (a *Authenticator) loadLocalKeys() {
	a.local = &keySet{}
	if a.trustLocalKey("signing_key", a.cfg.SigningKey) {
		private, err := ParsePrivateKey(a.cfg.SigningKey)
		if err != nil {
			a.logKeyFailure("signing_key", err)
		} else {
			a.signer = &signer{key: private}
		}
	}
	a.trustLocalKey("validation_key", a.cfg.ValidationKey)
	if len(a.local.keys) > 0 {
		a.logLoaded("LocalAuthProvider", a.local.ids())
	}
}

func (a *Authenticator) trustLocalKey(role, text string) bool {
	if text == "" {
		return false
	}
	public, err := parsePublicKey(text)
	if err != nil {
		a.logKeyFailure(role, err)
		return false
	}
	a.local.keys = append(a.local.keys, publicKey{id: a.cfg.ServiceName + "_" + role, rsa: public})
	return true
}

// ParsePrivateKey reads an unencrypted RSA private key in PEM, PKCS #1 or PKCS #8, of 2048 bits or more (spec/auth.md 14). Errors quote
// nothing of it.
func ParsePrivateKey(text string) (*rsa.PrivateKey, error) {
	key, err := parsePEM(text)
	if err != nil {
		return nil, err
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("not an RSA private key")
	}
	return private, checkSize(&private.PublicKey)
}

// parsePublicKey reads the public half of a key that ParsePrivateKey takes, or a public key or certificate in PEM.
func parsePublicKey(text string) (*rsa.PublicKey, error) {
	key, err := parsePEM(text)
	if err != nil {
		return nil, err
	}
	if private, ok := key.(crypto.Signer); ok {
		key = private.Public()
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("not an RSA key")
	}
	return public, checkSize(public)
}

func parsePEM(text string) (key any, err error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("not PEM: it needs real line breaks")
	}
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	case "CERTIFICATE":
		var certificate *x509.Certificate
		if certificate, err = x509.ParseCertificate(block.Bytes); err == nil {
			key = certificate.PublicKey
		}
	default:
		return nil, fmt.Errorf("PEM block of an unknown type, %d bytes", len(block.Bytes))
	}
	if err != nil {
		return nil, errors.New("PEM block does not hold what it says")
	}
	return key, nil
}

func checkSize(key *rsa.PublicKey) error {
	if bits := key.N.BitLen(); bits < minKeyBits {
		return fmt.Errorf("RSA key of %d bits, fewer than %d", bits, minKeyBits)
	}
	return nil
}
