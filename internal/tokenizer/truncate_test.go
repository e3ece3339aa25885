package tokenizer

import (
	"strings"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestTextIsCutToTheLastOrFirstTokens(t *testing.T) {
	tokenizer := New()
	for _, tc := range []struct {
		name  string
		keep  func(string, int) (string, int)
		text  string
		limit int
		want  string
		count int
	}{
		{"the last token", tokenizer.KeepLast, "random_text", 1, "text", 1},
		{"the last tokens, a space at the cut stays", tokenizer.KeepLast, "a b c d", 2, " c d", 2},
		{"the first tokens", tokenizer.KeepFirst, "a b c d", 2, "a b", 2},
		{"no last tokens", tokenizer.KeepLast, "a", 0, "", 0},
		{"no first tokens", tokenizer.KeepFirst, "a", 0, "", 0},
		{"fewer than no last tokens", tokenizer.KeepLast, "a", -1, "", 0},
		{"fewer than no first tokens", tokenizer.KeepFirst, "a", -1, "", 0},
		{"last characters of several tokens", tokenizer.KeepLast, "日本語", 4, "本語", 4},
		{"first characters of several tokens", tokenizer.KeepFirst, "日本語", 4, "日本", 4},
		{"a character cut in half on the left is U+FFFD", tokenizer.KeepLast, "日本語", 5, "\ufffd本語", 5},
		{"a character cut in half on the right is U+FFFD", tokenizer.KeepFirst, "日本語", 5, "日本\ufffd", 5},
		{"as many tokens as the limit", tokenizer.KeepLast, "a b c", 3, "a b c", 3},
		{"fewer tokens than the limit", tokenizer.KeepFirst, "a b c", 4, "a b c", 3},
		{"invalid UTF-8 is U+FFFD also where nothing is cut", tokenizer.KeepLast, "a\xff\xffb", 9, "a\ufffd\ufffdb", 4},
		{"a cut inside of a long word", tokenizer.KeepLast, strings.Repeat("x", 400), 2, strings.Repeat("x", 16), 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, count := tc.keep(tc.text, tc.limit); got != tc.want || count != tc.count {
				t.Errorf("got %q, %d; want %q, %d", got, count, tc.want, tc.count)
			}
		})
	}
}

func TestCutsAreThoseOfTheVectors(t *testing.T) {
	type vector struct {
		In struct {
			Text string `json:"text"`
			Max  int    `json:"max"`
			Side string `json:"side"`
		} `json:"in"`
		Text  string `json:"text"`
		Count int    `json:"count"`
	}
	tokenizer := New()
	keep := map[string]func(string, int) (string, int){"left": tokenizer.KeepLast, "right": tokenizer.KeepFirst}
	for _, v := range testkit.Vectors[vector](t, "tokenizer-truncate") {
		if got, count := keep[v.In.Side](v.In.Text, v.In.Max); got != v.Text || count != v.Count {
			t.Errorf("%.200q, %d tokens, side %s: %.200q, %d; want %.200q, %d", v.In.Text, v.In.Max, v.In.Side, got, count, v.Text, v.Count)
		}
	}
}

func TestWhatIsCutOffIsNotRead(t *testing.T) {
	// Nobody has merged this word before, so it is in the cache when it was read.
	const word = "qzxwvkj"
	far := strings.Repeat("the quick brown fox\n", 1000)
	read := func(tokenizer *Tokenizer) bool {
		return tokenizer.cache.get(word, tokenizer.vocabulary.hash(word)) != nil
	}

	tokenizer := New()
	if tokenizer.KeepLast(word+far, 10); read(tokenizer) {
		t.Error("KeepLast has read the beginning of a long text")
	}
	if tokenizer.KeepFirst(far+word, 10); read(tokenizer) {
		t.Error("KeepFirst has read the end of a long text")
	}
	if tokenizer.Count(far + word); !read(tokenizer) {
		t.Error("Count has not read the end of a long text")
	}
}

func TestShortTextIsKeptWithoutAllocation(t *testing.T) {
	tokenizer := New()
	text := strings.Repeat("qzxwvkj = return\n", 200) // one word to remember; others might drive it out
	tokenizer.Count(text)
	if got := testing.AllocsPerRun(10, func() {
		tokenizer.Count(text)
		tokenizer.KeepLast(text, 10_000)
		tokenizer.KeepFirst(text, 100)
		tokenizer.KeepLast(text, 100)
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}
