package auth

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// maxToken bounds a token in bytes. Issuers write a kilobyte or two.
const maxToken = 64 << 10

// token is a JWT in compact form, taken apart but not yet believed: its signature is checkSignature's business, its times and audience
// are validate's.
type token struct {
	Claims
	algorithm string // alg of the header
	keyID     string // kid of the header; empty for none

	realm    boundClaim
	instance boundClaim

	expires   int64 // Unix seconds
	notBefore int64 // Unix seconds
	audience  []string
	anyone    bool // no audience is named
}

// parseToken takes a token apart (spec/auth.md 7.1, steps 2, 5 and the types of step 6). It accepts the one canonical encoding only, so
// that no two texts are the same token.
func parseToken(raw string) (*token, error) {
	header, rest, _ := strings.Cut(raw, ".")
	payload, signature, whole := strings.Cut(rest, ".")
	if !whole || strings.Contains(signature, ".") {
		return nil, errSegments
	}
	t := &token{}
	if err := t.readHeader(header); err != nil {
		return nil, err
	}
	if err := t.readClaims(payload); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *token) readHeader(segment string) error {
	b, err := decodeSegment(segment)
	if err != nil {
		return err
	}
	members, ok := object(b)
	if !ok {
		return errHeader
	}
	if _, present := members["alg"]; !present {
		return errAlgorithm
	}
	if _, present := members["crit"]; present {
		return errExtension
	}
	t.algorithm, _ = text(members["alg"])
	t.keyID, _ = text(members["kid"])
	return nil
}

// validate checks what depends on the moment and on who we are. The second in which a token expires still belongs to it.
func (t *token) validate(now time.Time, skew time.Duration, service string) error {
	switch {
	case t.notBefore > now.Add(skew).Unix():
		return errNotYet
	case t.expires < now.Add(-skew).Unix():
		return errExpired
	case !t.anyone && !slices.Contains(t.audience, service):
		return errAudience
	default:
		return nil
	}
}

// segmentEncoding refuses trailing bits; decodeSegment refuses the line breaks that it lets through.
var segmentEncoding = base64.RawURLEncoding.Strict()

// decodeSegment decodes base64url in the one spelling that encoders write: without padding, blanks or spare bits.
func decodeSegment(segment string) ([]byte, error) {
	b, err := segmentEncoding.DecodeString(segment)
	if err != nil || strings.ContainsAny(segment, "\r\n") {
		return nil, errEncoding
	}
	return b, nil
}
