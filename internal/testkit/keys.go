package testkit

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"sync"
)

// Names of those who sign tokens.
const (
	GitLab  = "gitlab"  // the GitLab instance
	Portal  = "portal"  // the customers portal
	Foreign = "foreign" // somebody whose key nobody publishes
)

// signingKeys makes the RSA keys, once for all fakes of a test process: making them is the dearest part of a start.
var signingKeys = sync.OnceValue(func() map[string]*rsa.PrivateKey {
	keys := map[string]*rsa.PrivateKey{}
	for _, name := range []string{GitLab, Portal, Foreign} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err) // 2048 is a valid size
		}
		keys[name] = key
	}
	return keys
})

// keyID is the "kid" of a signer's key.
func keyID(signer string) string { return signer + "-1" }

// privatePEM is the private key as PKCS #8.
func privatePEM(key *rsa.PrivateKey) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err) // RSA keys can be marshalled
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// publicPEM is the public key as a SubjectPublicKeyInfo.
func publicPEM(key *rsa.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err) // RSA keys can be marshalled
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}
