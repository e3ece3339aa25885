package schema

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// detectEncoding tells from the first bytes how a JSON text is encoded: how many bytes a unit has (1, 2 or 4) and their order. It
// returns the text without byte order mark.
func detectEncoding(raw []byte) (text []byte, unit int, bigEndian bool) {
	for _, mark := range []struct {
		bytes     string
		unit      int
		bigEndian bool
	}{
		{"\x00\x00\xFE\xFF", 4, true},
		{"\xFF\xFE\x00\x00", 4, false}, // before UTF-16, whose mark is the beginning of theirs
		{"\xFE\xFF", 2, true},
		{"\xFF\xFE", 2, false},
		{"\xEF\xBB\xBF", 1, false},
	} {
		if rest, ok := bytes.CutPrefix(raw, []byte(mark.bytes)); ok {
			return rest, mark.unit, mark.bigEndian
		}
	}
	// JSON begins with an ASCII character, so zeros tell which bytes of it are missing.
	zero := func(i int) bool { return raw[i] == 0 }
	switch {
	case len(raw) >= 4 && zero(0) && zero(1):
		return raw, 4, true
	case len(raw) >= 4 && zero(1) && zero(2) && zero(3):
		return raw, 4, false
	case (len(raw) >= 4 || len(raw) == 2) && zero(0):
		return raw, 2, true
	case (len(raw) >= 4 || len(raw) == 2) && zero(1):
		return raw, 2, false
	}
	return raw, 1, false
}

// transcode turns UTF-16 or UTF-32 into UTF-8, in which halves of surrogate pairs get three bytes each.
func transcode(raw []byte, unit int, bigEndian bool) ([]byte, error) {
	if len(raw)%unit != 0 {
		return nil, errEncoding
	}
	var order binary.ByteOrder = binary.LittleEndian
	if bigEndian {
		order = binary.BigEndian
	}
	text := make([]byte, 0, len(raw)/unit*2)
	for i := 0; i < len(raw); i += unit {
		var char rune
		switch {
		case unit == 4:
			wide := order.Uint32(raw[i:])
			if wide > utf8.MaxRune {
				return nil, errEncoding
			}
			char = rune(wide)
		case i+4 <= len(raw):
			char = rune(order.Uint16(raw[i:]))
			if pair := utf16.DecodeRune(char, rune(order.Uint16(raw[i+2:]))); pair != utf8.RuneError {
				char = pair
				i += unit
			}
		default:
			char = rune(order.Uint16(raw[i:]))
		}
		if utf16.IsSurrogate(char) {
			text = append(text, 0xE0|byte(char>>12), 0x80|byte(char>>6)&0x3F, 0x80|byte(char)&0x3F)
		} else {
			text = utf8.AppendRune(text, char)
		}
	}
	return text, nil
}

// validWithSurrogates tells whether text is UTF-8 but for halves of surrogate pairs.
func validWithSurrogates(text []byte) bool {
	for i := 0; i < len(text); {
		char, size := utf8.DecodeRune(text[i:])
		if char == utf8.RuneError && size == 1 {
			if i+3 > len(text) || text[i] != 0xED || text[i+1] < 0xA0 || text[i+1] > 0xBF || text[i+2] < 0x80 || text[i+2] > 0xBF {
				return false
			}
			size = 3
		}
		i += size
	}
	return true
}
