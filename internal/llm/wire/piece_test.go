package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
)

func TestPiecesOfCharactersAreJoined(t *testing.T) {
	for _, tc := range []struct {
		name   string
		pieces []string // JSON
		want   []string
	}{
		{"plain texts", []string{`"a"`, `"é"`, `""`, `null`}, []string{"a", "é", "", ""}},
		{"every escape", []string{`"\"\\\/\b\f\n\r\t\u00e9\u20AC"`}, []string{"\"\\/\b\f\n\r\té€"}},
		{"a pair of escapes in one piece", []string{`"\ud83d\ude00!"`}, []string{"😀!"}},
		{"a pair of escapes in two pieces", []string{`"a\ud83d"`, `"\ude00b"`}, []string{"a", "😀b"}},
		{"an empty piece in between", []string{`"\uD83D"`, `""`, `"\uDE00"`}, []string{"", "", "😀"}},
		{"bytes in two pieces", []string{"\"a\xf0\x9f\"", "\"\x98\x80b\""}, []string{"a", "😀b"}},
		{"bytes in four pieces", []string{"\"\xf0\"", "\"\x9f\"", "\"\x98\"", "\"\x80\""}, []string{"", "", "", "😀"}},
		{"a half that nothing follows", []string{`"a\ud83d"`}, []string{"a", "\uFFFD"}},
		{"a half that something else follows", []string{`"\ud83d"`, `"x"`}, []string{"", "\uFFFDx"}},
		{"a second half alone", []string{`"\ude00x"`}, []string{"\uFFFDx"}},
		{"two first halves", []string{`"\ud83d"`, `"\ud83d\ude00"`}, []string{"", "\uFFFD😀"}},
		{"bytes that are no character", []string{"\"a\xffb\""}, []string{"a\uFFFDb"}},
		{"several pairs across pieces", []string{`"\ud83d"`, `"\ude00\ud83d"`, `"\ude01"`}, []string{"", "😀", "😁"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var j wire.Joiner
			for i, raw := range tc.pieces {
				var p wire.Piece
				if err := json.Unmarshal([]byte(raw), &p); err != nil {
					t.Fatal(err)
				}
				if got := j.Add(p); got != tc.want[i] {
					t.Errorf("piece %d: got %q, want %q", i, got, tc.want[i])
				}
			}
			want := strings.Join(tc.want[len(tc.pieces):], "")
			if got := j.End(); got != want {
				t.Errorf("at the end: got %q, want %q", got, want)
			}
		})
	}
	var p wire.Piece
	if err := json.Unmarshal([]byte(`[1]`), &p); err == nil {
		t.Error("a list was taken for a text")
	}
}

// A JSON string has the same characters as encoding/json finds, wherever it is cut into pieces.
func FuzzPiece(f *testing.F) {
	f.Add(`"a😀\ud83d\ude00\n\u00e9"`, "b😀c", 2)
	f.Add(`"\ud83d"`, "\xf0\x9f", 1)
	f.Fuzz(func(t *testing.T, raw, text string, cut int) {
		var p wire.Piece
		var s string
		if json.Unmarshal([]byte(raw), &p) == nil && json.Unmarshal([]byte(raw), &s) == nil {
			var j wire.Joiner
			got := j.Add(p) + j.End()
			if !utf8.ValidString(got) {
				t.Errorf("%q is not UTF-8", got)
			}
			if squeeze(got) != squeeze(s) {
				t.Errorf("%s: got %q, want %q", raw, got, s)
			}
		}
		if cut < 0 || cut > len(text) {
			return
		}
		var j wire.Joiner
		head := j.Add(wire.Piece(text[:cut]))
		got := head + j.Add(wire.Piece(text[cut:])) + j.End()
		if !utf8.ValidString(head) || !utf8.ValidString(got) {
			t.Errorf("%q, %q is not UTF-8", head, got)
		}
		if utf8.ValidString(text) && got != text {
			t.Errorf("%q cut at %d became %q", text, cut, got)
		}
	})
}

// squeeze makes one of neighbouring replacement characters: how many stand for a run of invalid bytes is a matter of taste.
func squeeze(s string) string {
	for strings.Contains(s, "\uFFFD\uFFFD") {
		s = strings.ReplaceAll(s, "\uFFFD\uFFFD", "\uFFFD")
	}
	return s
}

func TestLoop(t *testing.T) {
	for _, tc := range []struct {
		name   string
		pieces []string
		want   bool
	}{
		{"100 equal pieces pass", repeat("row", 100), false},
		{"the piece after 100 equal ones fails", repeat("row", 101), true},
		{"whatever it is", append(repeat("row", 100), "other"), true},
		{"unless it is empty", append(repeat("row", 100), ""), false},
		{"empty pieces between them do not count", append(append(repeat("row", 50), ""), repeat("row", 51)...), true},
		{"99 pass with another behind them", append(repeat("row", 99), "x", "row"), false},
		{"two characters may repeat for ever", repeat("éü", 1000), false},
		{"three may not", repeat("éüa", 1000), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var l wire.Loop
			got := false
			for _, p := range tc.pieces {
				got = got || l.Add(p)
			}
			if got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func repeat(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}
