package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a key or token. Whichever way it is printed, logged or marshalled, a mask comes out; only [Secret.Reveal] gives the text.
type Secret string

// Reveal is the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String is a mask, or empty when there is no secret, so that a log shows whether one is set.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[secret]"
}

// GoString implements [fmt.GoStringer].
func (s Secret) GoString() string { return s.String() }

// Format implements [fmt.Formatter], since verbs that don't suit a text (%d) would print it.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, s.String()) }

// MarshalText implements [encoding.TextMarshaler], which JSON and YAML encoders use.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
