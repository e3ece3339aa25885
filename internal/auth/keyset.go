package auth

import (
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"
)

const (
	maxKeys    = 64    // keys of one publisher; the rest is ignored. An unknown key ID tries them all
	maxKeyBits = 16384 // a longer key would make each check slow
)

// keySet are the keys of one publisher at one moment. It never changes.
type keySet struct {
	issuer string // the name that the publisher's discovery document gives it; empty for none
	keys   []publicKey
	asOf   time.Time // when the fetch began
}

// publicKey verifies signatures. Its ID may be empty, or be that of another key as well.
type publicKey struct {
	id  string
	rsa *rsa.PublicKey
}

// named are the keys with an ID; none for the empty ID.
func (s *keySet) named(id string) []publicKey {
	var keys []publicKey
	for _, key := range s.keys {
		if id != "" && key.id == id {
			keys = append(keys, key)
		}
	}
	return keys
}

func (s *keySet) has(id string) bool { return len(s.named(id)) > 0 }

// ids are the IDs of all keys, for the log.
func (s *keySet) ids() []string {
	ids := make([]string, 0, len(s.keys))
	for _, key := range s.keys {
		ids = append(ids, key.id)
	}
	return ids
}

// parseKeys reads a JWKS document. Only its list of keys counts; an entry that is no usable RSA key is passed over, so that one odd key
// never costs the others. A list without a usable key is no error: its publisher trusts nobody just now.
func parseKeys(document []byte) ([]publicKey, error) {
	members, ok := object(document)
	if !ok {
		return nil, errors.New("key set is not a JSON object")
	}
	entries, ok := list(members["keys"])
	if !ok {
		return nil, errors.New("key set has no list of keys")
	}
	var keys []publicKey
	for _, entry := range entries {
		if key, err := parseKey(entry); err == nil && len(keys) < maxKeys {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// parseKey reads an RSA key of 2048 bits or more. What it says about its own use is ignored (spec/auth.md 7.1).
func parseKey(entry json.RawMessage) (publicKey, error) {
	parsed, err := jwk.ParseKey(entry)
	if err != nil {
		return publicKey{}, fmt.Errorf("parse key: %w", err)
	}
	public, err := parsed.PublicKey()
	if err != nil {
		return publicKey{}, fmt.Errorf("take public half: %w", err)
	}
	key := publicKey{rsa: new(rsa.PublicKey)}
	if err := jwk.Export(public, key.rsa); err != nil {
		return publicKey{}, fmt.Errorf("export key: %w", err)
	}
	if bits := key.rsa.N.BitLen(); bits > maxKeyBits {
		return publicKey{}, fmt.Errorf("key has %d bits, more than %d", bits, maxKeyBits)
	}
	key.id, _ = parsed.KeyID()
	return key, nil
}
