package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"
)

func pemOf(t *testing.T, kind string, der []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs8(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return pemOf(t, "PRIVATE KEY", der, err)
}

func certificate(t *testing.T, key *rsa.PrivateKey) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Unix(noon, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return pemOf(t, "CERTIFICATE", der, err)
}

func TestLocalKeys(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&keyK2().PublicKey)
	publicPEM := pemOf(t, "PUBLIC KEY", public, err)
	for _, tc := range []struct {
		name, pem       string
		verifies, signs bool
	}{
		{"PKCS #1", pkcs1(keyK2()), true, true},
		{"PKCS #8", pkcs8(t, keyK2()), true, true},
		{"with white space around", "\n  \n" + pkcs1(keyK2()) + "\n \t\n", true, true},
		{"a public key", publicPEM, true, false},
		{"a public key in PKCS #1", pemOf(t, "RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&keyK2().PublicKey), nil), true, false},
		{"a certificate", certificate(t, keyK2()), true, false},
		{"no key", "", false, false},
		{"text", "secret", false, false},
		{"line breaks in two characters", strings.ReplaceAll(pkcs1(keyK2()), "\n", `\n`), false, false},
		{"a key cut short", pkcs1(keyK2())[:500] + "\n-----END RSA PRIVATE KEY-----\n", false, false},
		{"the wrong label", strings.ReplaceAll(pkcs1(keyK2()), "RSA PRIVATE", "PUBLIC"), false, false},
		{"an unknown label", strings.ReplaceAll(pkcs1(keyK2()), "RSA PRIVATE", "ENCRYPTED PRIVATE"), false, false},
		{"another kind of key", pkcs8(t, ec), false, false},
		{"a weak key", pkcs1(small), false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, cfg := range []Config{
				{SigningKey: tc.pem},
				{SigningKey: tc.pem, ValidationKey: "bad"},
				{SigningKey: pkcs1(keyK1()), ValidationKey: tc.pem},
			} {
				g := newGateway(t, cfg)
				want := forbidden
				if tc.verifies {
					want = ""
				}
				if got := g.ask(t, headersH(sign(keyK2(), header(), tokenC()))); got != want {
					t.Errorf("a token of it: 401 %q, want %q", got, want)
				}
				_, _, err := g.IssueUserToken(nil, Identity{})
				if signs := tc.signs || cfg.SigningKey != tc.pem; signs != (err == nil) || (err != nil && !errors.Is(err, ErrNoSigningKey)) {
					t.Errorf("issue: %v, want success %t", err, signs)
				}
				for _, e := range g.log.entries() {
					if text, _ := e["msg"].(string); strings.Contains(text, "secret") || strings.Contains(text, "MII") {
						t.Errorf("log shows the key: %s", text)
					}
				}
			}
		})
	}
}

func TestWeakKeyIsNotTrusted(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	g := newGateway(t, Config{SigningKey: pkcs1(small)})
	if got := g.ask(t, headersH(sign(small, header(), tokenC()))); got != forbidden {
		t.Errorf("401 %q, want %q", got, forbidden)
	}
	if _, err := ParsePrivateKey(pkcs1(small)); err == nil {
		t.Error("a weak key is parsed")
	}
}

func TestBrokenKeyIsLoggedOnceByItsName(t *testing.T) {
	g := newGateway(t, Config{SigningKey: "x", ValidationKey: pkcs1(keyK2())})
	var messages []string
	for _, e := range g.log.entries() {
		if e["level"] == "ERROR" {
			messages = append(messages, e["msg"].(string))
		}
	}
	if len(messages) != 1 || !strings.HasPrefix(messages[0], "AIGW_SELF_SIGNED_JWT__SIGNING_KEY ") {
		t.Errorf("errors = %q", messages)
	}
	if e := g.log.find("JWKS refreshed"); e == nil || e["provider"] != "LocalAuthProvider" || len(e["kids"].([]any)) != 1 {
		t.Errorf("entry of the loaded key = %v", e)
	}
}

func TestRotationKeepsOldTokens(t *testing.T) {
	before := newGateway(t, Config{SigningKey: pkcs1(keyK2()), ValidationKey: pkcs1(keyStranger())})
	after := newGateway(t, Config{SigningKey: pkcs1(keyK1()), ValidationKey: pkcs1(keyK2())})
	token, _, err := before.IssueUserToken(nil, Identity{GlobalUserID: userID, InstanceID: instanceID, Realm: "self-managed"})
	if err != nil {
		t.Fatal(err)
	}
	if got := after.ask(t, headersH(token)); got != "" {
		t.Errorf("401 %q", got)
	}
}
