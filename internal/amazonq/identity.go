package amazonq

import (
	"context"
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

const (
	identityIssuer   = "https://cloud.gitlab.com"
	identityAudience = "glgo"
	identityLife     = time.Hour
	identityPhase    = 30 * time.Second // time-out of each phase of the exchange; it is not repeated
)

// identity exchanges the token of a caller for one that AWS knows, at GitLab's token service (spec/auth.md 15).
type identity struct {
	http  *wire.Client
	url   string
	key   *rsa.PrivateKey
	keyID string
	now   func() time.Time
}

func newIdentity(o Options) *identity {
	return &identity{http: o.HTTP, url: o.GlgoURL + "/cc/token", key: o.SigningKey, keyID: keyID(&o.SigningKey.PublicKey), now: o.Now}
}

// keyID is the thumbprint of a key (RFC 7638).
func keyID(key *rsa.PublicKey) string {
	public, err := jwk.Import(key)
	if err != nil {
		panic(err) // every RSA key can be imported
	}
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		panic(err) // and has a thumbprint
	}
	return base64.RawURLEncoding.EncodeToString(thumbprint)
}

// identityClaims are what glgo is told, in their order.
type identityClaims struct {
	Issuer      string `json:"iss"`
	Audience    string `json:"aud"`
	IssuedAt    int64  `json:"iat"`
	NotBefore   int64  `json:"nbf"`
	Expires     int64  `json:"exp"`
	ID          string `json:"jti"`
	CallerToken string `json:"cct"`
	UserID      string `json:"uid"`
}

// token is the caller's token for AWS, a secret; nil when glgo gives none, which AWS is left to refuse. Errors quote neither token.
func (i *identity) token(ctx context.Context, caller Caller) (*string, error) {
	if caller.Token == "" {
		return nil, errors.New("the request brings no token along")
	}
	assertion, err := i.sign(caller)
	if err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	body, err := wire.JSON(struct {
		UserID string `json:"user_id"`
	}{caller.UserID})
	if err != nil {
		return nil, err
	}
	header := wire.Header()
	header["Authorization"] = []string{"Bearer " + assertion}
	response, err := i.http.Relay(ctx, &wire.Call{
		Vendor: "glgo", URL: i.url, Header: header, Body: body, Secret: assertion, Connect: identityPhase, Read: identityPhase,
	})
	if err != nil {
		return nil, err
	}
	answer, err := response.Whole()
	if err != nil {
		return nil, err
	}
	if response.Status < 200 || response.Status > 299 {
		return nil, fmt.Errorf("the token service answers with status %d %s", response.Status, http.StatusText(response.Status))
	}
	var granted *struct {
		Token *string `json:"token"`
	}
	if json.Unmarshal(answer, &granted) != nil || granted == nil { // its error might quote the token
		return nil, errors.New("the answer of the token service cannot be read")
	}
	return granted.Token, nil
}

func (i *identity) sign(caller Caller) (string, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return "", err
	}
	now := i.now()
	payload, err := wire.JSON(identityClaims{
		Issuer: identityIssuer, Audience: identityAudience, IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(identityLife).Unix(),
		ID: id.String(), CallerToken: caller.Token, UserID: caller.UserID,
	})
	if err != nil {
		return "", err
	}
	header := jws.NewHeaders()
	if err := errors.Join(header.Set(jws.TypeKey, "JWT"), header.Set(jws.KeyIDKey, i.keyID)); err != nil {
		return "", err
	}
	token, err := jws.Sign(payload, jws.WithKey(jwa.RS256(), i.key, jws.WithProtectedHeaders(header)))
	return string(token), err
}
