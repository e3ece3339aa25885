package auth

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// readClaims takes the payload apart. Other claims than these are ignored.
func (t *token) readClaims(segment string) error {
	b, err := decodeSegment(segment)
	if err != nil {
		return err
	}
	claims, ok := object(b)
	if !ok {
		return errPayload
	}
	for _, read := range []func(map[string]json.RawMessage) error{t.readTimes, t.readParties, t.readRights} {
		if err := read(claims); err != nil {
			return err
		}
	}
	return nil
}

// readTimes reads when the token is good. An end is required; a beginning is not.
func (t *token) readTimes(claims map[string]json.RawMessage) error {
	if raw, present := claims["iat"]; present {
		if _, ok := integer(raw); !ok {
			return errIssuedAt
		}
	}
	t.notBefore = math.MinInt64
	var ok bool
	if raw, present := claims["nbf"]; present {
		if t.notBefore, ok = integer(raw); !ok {
			return errNotBefore
		}
	}
	if t.expires, ok = integer(claims["exp"]); !ok {
		return errExpiry
	}
	return nil
}

// readParties reads who wrote the token, about whom, and for whom.
func (t *token) readParties(claims map[string]json.RawMessage) error {
	var ok bool
	if t.audience, t.anyone, ok = audience(claims["aud"]); !ok {
		return errAudience
	}
	if raw, present := claims["sub"]; present {
		if t.Subject, ok = text(raw); !ok {
			return errSubject
		}
	}
	if raw, present := claims["jti"]; present {
		if _, ok = text(raw); !ok {
			return errTokenID
		}
	}
	if _, present := claims["at_hash"]; present {
		return errAccessHash
	}
	t.Issuer, _ = text(claims["iss"])
	return nil
}

// readRights reads what the token allows, and where.
func (t *token) readRights(claims map[string]json.RawMessage) error {
	var ok bool
	if t.Scopes, ok = scopes(claims["scopes"]); !ok {
		return errScopes
	}
	t.SeatCount = seatCount(claims["duo_seat_count"])
	t.realm, t.instance = bind(claims["gitlab_realm"]), bind(claims["gitlab_instance_id"])
	t.Realm, t.InstanceID = t.realm.text, t.instance.text
	return nil
}

// audience reads aud: a string or a list of nothing but strings. A token without aud is for anyone.
func audience(raw json.RawMessage) (names []string, anyone, ok bool) {
	if raw == nil {
		return nil, true, true
	}
	if name, isText := text(raw); isText {
		return []string{name}, false, true
	}
	members, isList := list(raw)
	for _, member := range members {
		name, isText := text(member)
		if !isText {
			return nil, false, false
		}
		names = append(names, name)
	}
	return names, false, isList
}

// scopes reads a list of names and skips what is not a name. A string is a list separated by blanks; null is no scope at all.
func scopes(raw json.RawMessage) (names []string, ok bool) {
	if raw == nil || bytes.Equal(raw, []byte("null")) {
		return nil, true
	}
	if joined, isText := text(raw); isText {
		return strings.Fields(joined), true
	}
	members, isList := list(raw)
	for _, member := range members {
		if name, isText := text(member); isText {
			names = append(names, name)
		}
	}
	return names, isList
}

// seatCount is a count as text, whether it was written as text or as a number. Anything else counts nothing.
func seatCount(raw json.RawMessage) string {
	if s, ok := text(raw); ok {
		return s
	}
	if _, err := strconv.ParseFloat(string(raw), 64); err != nil {
		return ""
	}
	return string(raw)
}

// boundClaim is a claim that a header has to repeat. One that is absent or as good as absent (null, zero, false, empty) binds nobody.
type boundClaim struct {
	text string
	odd  bool // something that no header can repeat, such as a number
}

func bind(raw json.RawMessage) boundClaim {
	if s, ok := text(raw); ok {
		return boundClaim{text: s}
	}
	switch string(raw) {
	case "", "null", "false", "[]", "{}":
		return boundClaim{}
	}
	n, err := strconv.ParseFloat(string(raw), 64)
	return boundClaim{odd: err != nil || n != 0}
}

func (c boundClaim) agrees(header string) bool { return !c.odd && (c.text == "" || c.text == header) }
