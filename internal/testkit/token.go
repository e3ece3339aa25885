package testkit

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512" // crypto.SHA384
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// Mangle is a way to make a token that must be refused.
type Mangle string

// The ways to mangle a token.
const (
	FlipSignature   Mangle = "flip-signature"   // one character of the signature is another
	DropSignature   Mangle = "drop-signature"   // nothing after the second dot
	NoneAlgorithm   Mangle = "none-alg"         // the same, for a header that says "alg": "none"
	SwapPayload     Mangle = "swap-payload"     // the signature of other claims
	HS256PublicKey  Mangle = "hs256-public-key" // HMAC keyed with the signer's public key
	RS384           Mangle = "rs384"            // a good signature by an algorithm that is not allowed
	PS256           Mangle = "ps256"            // another one
	notMangled      Mangle = ""
	signatureAlgRSA        = "RS256"
)

// Token signs claims by RS256 as [GitLab], [Portal] or [Foreign]. Fields of header are added to the usual "alg", "typ" and
// "kid"; nil removes one. The error names an unknown signer or claims that are no JSON.
func (f *Fakes) Token(signer string, header, claims map[string]any) (string, error) {
	return f.MangledToken(notMangled, signer, header, claims)
}

// MangledToken is a [Fakes.Token] with something wrong about its signature.
func (f *Fakes) MangledToken(how Mangle, signer string, header, claims map[string]any) (string, error) {
	key := signingKeys()[signer]
	if key == nil {
		return "", fmt.Errorf("sign a token: no signer %q", signer)
	}
	signature, ok := signatures[how]
	if !ok {
		return "", fmt.Errorf("sign a token: no way %q to mangle it", how)
	}
	signed, err := signingInput(signature.alg, signer, header, claims)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	sum, err := signature.sign(key, signed)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(sum), nil
}

// signature is an algorithm's name and what it does, rightly or wrongly.
type signature struct {
	alg  string
	sign func(key *rsa.PrivateKey, signed string) ([]byte, error)
}

var signatures = map[Mangle]signature{
	notMangled:     {signatureAlgRSA, signRS256},
	FlipSignature:  {signatureAlgRSA, signRS256Flipped},
	DropSignature:  {signatureAlgRSA, signNothing},
	NoneAlgorithm:  {signatureAlgRSA, signNothing},
	SwapPayload:    {signatureAlgRSA, signOtherClaims},
	HS256PublicKey: {"HS256", signHS256PublicKey},
	RS384:          {"RS384", signRS384},
	PS256:          {"PS256", signPS256},
}

func signingInput(alg, signer string, header, claims map[string]any) (string, error) {
	whole := map[string]any{"alg": alg, "typ": "JWT", "kid": keyID(signer)}
	for name, value := range header {
		if whole[name] = value; value == nil {
			delete(whole, name)
		}
	}
	var parts []string
	for _, part := range []map[string]any{whole, claims} {
		b, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(b))
	}
	return strings.Join(parts, "."), nil
}

func signRS256(key *rsa.PrivateKey, signed string) ([]byte, error) {
	return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest(crypto.SHA256, signed))
}

func signRS256Flipped(key *rsa.PrivateKey, signed string) ([]byte, error) {
	sum, err := signRS256(key, signed)
	if err == nil {
		sum[3] ^= 1
	}
	return sum, err
}

func signNothing(*rsa.PrivateKey, string) ([]byte, error) { return nil, nil }

func signOtherClaims(key *rsa.PrivateKey, signed string) ([]byte, error) {
	header, _, _ := strings.Cut(signed, ".")
	return signRS256(key, header+"."+base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"x"}`)))
}

func signHS256PublicKey(key *rsa.PrivateKey, signed string) ([]byte, error) {
	mac := hmac.New(sha256.New, publicPEM(&key.PublicKey))
	mac.Write([]byte(signed))
	return mac.Sum(nil), nil
}

func signRS384(key *rsa.PrivateKey, signed string) ([]byte, error) {
	return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA384, digest(crypto.SHA384, signed))
}

func signPS256(key *rsa.PrivateKey, signed string) ([]byte, error) {
	salt := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
	return rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest(crypto.SHA256, signed), salt)
}

func digest(hash crypto.Hash, signed string) []byte {
	h := hash.New()
	h.Write([]byte(signed))
	return h.Sum(nil)
}
