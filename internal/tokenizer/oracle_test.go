package tokenizer

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	oracle "github.com/tiktoken-go/tokenizer"
	"pgregory.net/rapid"
)

func TestTextWithoutAddedTokensIsEncodedAsByAnotherImplementation(t *testing.T) {
	codec, err := oracle.Get(oracle.R50kBase)
	if err != nil {
		t.Fatal(err)
	}
	tokenizer := New()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ToValidUTF8(anyText().Draw(t, "text"), "")
		text = strings.ReplaceAll(text, "\x7f", "") // which the other implementation has lost
		if diff := cmp.Diff(encodeBy(t, codec, text), tokenizer.Encode(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	})
}

// added matches the added tokens: Perl's alternatives in order, so the longest first.
var added = regexp.MustCompile(`<\|endoftext\|>| {2,31}|\t{2,9}|<dummy_[0-3]>|<sep>|<eom>|<mask_[1-9][0-9]?>|<mask_[1-8][0-9][0-9]>`)

// encodeBy encodes text by a codec that knows no added tokens.
func encodeBy(t *rapid.T, codec oracle.Codec, text string) []int {
	ids := []int{}
	encode := func(piece string) {
		tokens, _, err := codec.Encode(piece)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range tokens {
			ids = append(ids, int(id))
		}
	}
	at := 0
	for _, found := range added.FindAllStringIndex(text, -1) {
		encode(text[at:found[0]])
		ids = append(ids, baseSize+slices.Index(addedTokens, text[found[0]:found[1]]))
		at = found[1]
	}
	encode(text[at:])
	return ids
}

// anyText draws text made of what tokenizers trip over: code, white space of all kinds, added tokens and what only looks like one,
// contractions, long words, scripts, and bytes that are not UTF-8.
func anyText() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{
			" ", "  ", "    ", "\n", "\r\n", "\t", "\t\t", "\v", "\f", "\x1c", "\u0085", "\u00a0", "\u2003", "\u2028", "\u3000",
			"\u200b", "\ufeff", "\x00", "'s", "'re", "'LL", "'", "''", "'r",
			"<sep>", "<eom>", "<mask_1>", "<mask_899>", "<mask_900>", "<mask_01>", "<mask_", "<dummy_3>", "<dummy_4>",
			"<|endoftext|>", "<|endoftext|", "<", ">", "<<", "==", "!=", "->", "():", "_", "0", "1234567890", "½", "²", "Ⅻ",
			"日本語", "é", "e\u0301", "ß", "مرحبا", "हिन्दी", "🎉", "👩\u200d👧", "def", " return", "class", "HTTPServer", "isOpen", "xs",
			"\xff", "\xe6\x97", "\xf0\x9f", "\xc0\xaf",
		}),
		rapid.StringMatching(` ?[a-zA-Z_]{1,20}`),
		rapid.StringMatching(`[ \t\n]{1,40}`),
		rapid.Map(rapid.IntRange(1, 300), func(n int) string { return strings.Repeat("ab"[n%2:], n)[:n] }),
		rapid.String(),
	)
	return rapid.Map(rapid.SliceOfN(part, 0, 60), func(parts []string) string { return strings.Join(parts, "") })
}
