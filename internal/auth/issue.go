package auth

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"

	"github.com/ai-gateway/ai-gateway/internal/asciijson"
)

// userTokenLife is how long a token for an editor lives, whatever life the caller's token has left.
const userTokenLife = time.Hour

// ErrNoSigningKey says that the gateway has no key to sign with.
var ErrNoSigningKey = errors.New("no usable signing key")

// userClaims are the claims of a token for an editor, in their order (spec/auth.md 13).
type userClaims struct {
	Issuer     string   `json:"iss"`
	Subject    string   `json:"sub"`
	Audience   string   `json:"aud"`
	Expires    int64    `json:"exp"`
	NotBefore  int64    `json:"nbf"`
	IssuedAt   int64    `json:"iat"`
	ID         string   `json:"jti"`
	Realm      string   `json:"gitlab_realm"`
	InstanceID string   `json:"gitlab_instance_id"`
	Scopes     []string `json:"scopes"`
	SeatCount  string   `json:"duo_seat_count,omitempty"`
}

// IssueUserToken signs a token with which the editor of the user id may complete code for an hour, without asking GitLab each time
// (spec/auth.md 13). The seat count is taken from user's own token. The error wraps [ErrNoSigningKey] if there is no key.
func (a *Authenticator) IssueUserToken(user *User, id Identity) (token string, expiresAt time.Time, err error) {
	if a.signer == nil {
		return "", time.Time{}, fmt.Errorf("sign user token: %w", ErrNoSigningKey)
	}
	tokenID, err := uuid.NewRandom()
	if err != nil {
		return "", time.Time{}, fmt.Errorf("make token ID: %w", err)
	}
	now := a.now()
	claims := userClaims{
		Issuer:     a.cfg.ServiceName,
		Subject:    id.GlobalUserID,
		Audience:   a.cfg.ServiceName,
		Expires:    now.Add(userTokenLife).Unix(),
		NotBefore:  now.Unix(),
		IssuedAt:   now.Unix(),
		ID:         tokenID.String(),
		Realm:      id.Realm,
		InstanceID: id.InstanceID,
		Scopes:     []string{string(CompleteCode)},
	}
	if user != nil && user.Claims != nil && strings.TrimSpace(user.Claims.SeatCount) != "" {
		claims.SeatCount = user.Claims.SeatCount
	}
	token, err = a.signer.sign(claims)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign user token: %w", err)
	}
	return token, time.Unix(claims.Expires, 0), nil
}

// signer signs with RS256. Its tokens carry no kid.
type signer struct{ key *rsa.PrivateKey }

func (s *signer) sign(claims any) (string, error) {
	payload, err := asciijson.MarshalCompact(claims)
	if err != nil {
		return "", err
	}
	header := jws.NewHeaders()
	if err := header.Set(jws.TypeKey, "JWT"); err != nil {
		return "", err
	}
	token, err := jws.Sign(payload, jws.WithKey(jwa.RS256(), s.key, jws.WithProtectedHeaders(header)))
	return string(token), err
}
