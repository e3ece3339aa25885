package tokenizer

import (
	"fmt"
	"slices"
	"testing"
)

func TestWordsThatDriveEachOtherOutKeepTheirTokens(t *testing.T) {
	tokenizer := New()
	v := tokenizer.vocabulary
	for range 2 {
		for i := range 5 * len(tokenizer.cache.places) {
			word := fmt.Sprintf("q%xz", 7919*i)
			want := mergeShort(v.bytes(word, nil), v)
			if got := tokenizer.tokens(word, false, make([]uint16, 0, cachedWord)); !slices.Equal(got, want) {
				t.Fatalf("%q: %v, want %v", word, got, want)
			}
		}
	}
}

func TestLongWordsAreNotRemembered(t *testing.T) {
	tokenizer := New()
	word := pseudoRandomLetters(cachedWord + 1)
	tokenizer.Count(word)
	if tokenizer.cache.get(word, tokenizer.vocabulary.hash(word)) != nil {
		t.Error("remembered")
	}
}
