package auth

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object reads exactly one JSON object. Its members keep their case: "SUB" is not "sub".
func object(b []byte) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	if !utf8.Valid(b) || json.Unmarshal(b, &members) != nil || members == nil {
		return nil, false
	}
	return members, true
}

// text reads a JSON string; anything else, also nothing, is not ok.
func text(raw json.RawMessage) (s string, ok bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	return s, json.Unmarshal(raw, &s) == nil
}

// integer reads a time claim: a number, cut toward zero; a boolean; or digits in a string. Beyond 64 bits it saturates.
func integer(raw json.RawMessage) (int64, bool) {
	switch {
	case len(raw) == 0:
		return 0, false
	case raw[0] == '"':
		s, _ := text(raw)
		n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		return n, err == nil
	case raw[0] == 't':
		return 1, true
	case raw[0] == 'f':
		return 0, true
	}
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	switch {
	case err != nil:
		return 0, false
	case f >= math.MaxInt64:
		return math.MaxInt64, true
	case f <= math.MinInt64:
		return math.MinInt64, true
	default:
		return int64(f), true
	}
}

func list(raw json.RawMessage) (members []json.RawMessage, ok bool) {
	return members, json.Unmarshal(raw, &members) == nil && members != nil
}
