package testkit

import (
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"net/http"
)

// Issuer is a fake OIDC issuer. Unless scripted otherwise it publishes a discovery document at
// /.well-known/openid-configuration and, at /oauth/discovery/keys, the one key that signs the tokens of [Fakes.Token].
type Issuer struct {
	*Server
	name string
	key  *rsa.PrivateKey
}

func newIssuer(name string) *Issuer {
	i := &Issuer{name: name, key: signingKeys()[name]}
	i.Server = &Server{answer: i.publish}
	return i
}

func (i *Issuer) publish(e *exchange) {
	switch e.r.URL.Path {
	case "/.well-known/openid-configuration":
		e.writeJSON(http.StatusOK, object{"issuer": i.URL, "jwks_uri": i.URL + "/oauth/discovery/keys"})
	case "/oauth/discovery/keys":
		e.writeJSON(http.StatusOK, object{"keys": []any{i.jwk()}})
	default:
		http.NotFound(e.w, e.r)
	}
}

func (i *Issuer) jwk() object {
	b64 := base64.RawURLEncoding.EncodeToString
	return object{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID(i.name),
		"n": b64(i.key.N.Bytes()), "e": b64(big.NewInt(int64(i.key.E)).Bytes()),
	}
}
