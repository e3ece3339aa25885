package schema

import (
	"errors"
	"math"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// UnreadableError is a body that is no text or that is beyond what a parser takes on: it is answered with status 400 and the detail
// "There was an error parsing the body" (spec/http-api.md 7.5).
type UnreadableError struct {
	Reason string // for the log; it quotes nothing of the body
}

func (e *UnreadableError) Error() string { return "unreadable body: " + e.Reason }

var (
	errEncoding      = &UnreadableError{"it is not valid in its character encoding"}
	errTooDeep       = &UnreadableError{"its values are nested too deep"}
	errTooManyDigits = &UnreadableError{"it has an integer of too many digits"}
	errTooLarge      = &UnreadableError{"it has more than 4 GB"}
)

// Parse reads JSON text as the contract does, see [Body.Decode]. The error is a [*ValidationError] or an [*UnreadableError].
func Parse(raw []byte) (Value, error) {
	text, surrogates, err := decodeText(raw)
	if err != nil {
		return Value{}, err
	}
	v, err := parse(text, surrogates)
	var syntax *syntaxError
	if errors.As(err, &syntax) {
		return Value{}, syntax.validationError()
	}
	return v, err
}

// read returns the value that a body is: null when it is empty, its text when it is not announced as JSON.
func read(raw []byte, contentType string) (Value, error) {
	switch {
	case len(raw) == 0:
		return Value{}, nil
	case isJSON(contentType):
		return Parse(raw)
	case !utf8.Valid(raw):
		return Value{}, errEncoding
	}
	return ValueOf(string(raw)), nil
}

// isJSON tells whether a content type announces JSON (spec/http-api.md 7.2). None does, too.
func isJSON(contentType string) bool {
	if contentType == "" {
		return true
	}
	mediaType, _, _ := strings.Cut(contentType, ";")
	subtype, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(mediaType)), "application/")
	return ok && !strings.Contains(subtype, "/") && (subtype == "json" || strings.HasSuffix(subtype, "+json"))
}

// decodeText returns a body as UTF-8. Halves of surrogate pairs are allowed in every encoding; then surrogates is true and they stand
// in the text as three bytes each. UTF-8 is not copied.
func decodeText(raw []byte) (text string, surrogates bool, err error) {
	if uint64(len(raw)) > math.MaxUint32 {
		return "", false, errTooLarge
	}
	raw, unit, bigEndian := detectEncoding(raw)
	if unit > 1 {
		if raw, err = transcode(raw, unit, bigEndian); err != nil {
			return "", false, err
		}
	}
	if !utf8.Valid(raw) {
		if !validWithSurrogates(raw) {
			return "", false, errEncoding
		}
		surrogates = true
	}
	return unsafe.String(unsafe.SliceData(raw), len(raw)), surrogates, nil
}
