package tokenizer

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLongWordsMergeLikeShortOnes(t *testing.T) {
	v := sharedVocabulary()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(
			rapid.StringMatching(`[a-d]{1,120}`),
			rapid.StringMatching(`[a-zA-Z]{1,120}`),
			rapid.StringMatching(`[=\-*#/]{1,120}`),
			rapid.StringOfN(rapid.RuneFrom([]rune("日本語中文漢字")), 1, 40, cachedWord),
		).Draw(t, "word")
		short := mergeShort(v.bytes(word, nil), v)
		long := mergeLong(v.bytes(word, nil), v.merge)
		if !slices.Equal(short, long) {
			t.Errorf("%q: %v as a short word, %v as a long one", word, short, long)
		}
	})
}

// Every step of merging a long word asks once what a pair merges into.
func TestMergingLongWordsTakesStepsInProportionToTheirLength(t *testing.T) {
	v := sharedVocabulary()
	for name, pattern := range map[string]string{
		"one letter":      "a",
		"a pair":          "ab",
		"Chinese":         "中文字符集",
		"a row of dashes": "-",
		"letters":         pseudoRandomLetters(5000),
	} {
		steps := func(length int) (n int) {
			word := strings.Repeat(pattern, length/len(pattern)+1)[:length]
			mergeLong(v.bytes(word, nil), func(left, right uint16) uint16 {
				n++
				return v.merge(left, right)
			})
			return n
		}
		const length = 50_000
		if once, twice := steps(length), steps(2*length); once > 6*length || twice > 2*once+once/10 {
			t.Errorf("%s: %d steps for %d bytes, %d for %d", name, once, length, twice, 2*length)
		}
	}
}

// A quadratic step anywhere would keep this test running for minutes.
func TestHugeTextsOfAnythingAreCounted(t *testing.T) {
	tokenizer := New()
	const size = 1 << 19
	for name, pattern := range map[string]string{
		"one letter":              "a",
		"spaces":                  " ",
		"line feeds":              "\n",
		"mixed white space":       " \n\t\u3000",
		"added tokens":            "<mask_1><sep>",
		"unfinished added tokens": "<mask_",
		"angle brackets":          "<",
		"apostrophes":             "'",
		"Chinese":                 "中文字符集",
		"half characters":         "\xe6\x97",
		"letters":                 pseudoRandomLetters(100_000),
	} {
		text := strings.Repeat(pattern, size/len(pattern))
		count := tokenizer.Count(text)
		for _, keep := range []func(string, int) (string, int){tokenizer.KeepFirst, tokenizer.KeepLast} {
			if _, kept := keep(text, count-1); kept != count-1 {
				t.Errorf("%s: kept %d of %d tokens, want all but one", name, kept, count)
			}
		}
	}
}

func pseudoRandomLetters(n int) string {
	letters := make([]byte, n)
	state := uint32(1)
	for i := range letters {
		state = state*1664525 + 1013904223
		letters[i] = 'a' + byte(state>>16)%26
	}
	return string(letters)
}
