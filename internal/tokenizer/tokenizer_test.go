package tokenizer

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestTextBecomesTheTokensOfTheSpec(t *testing.T) {
	tokenizer := New()
	for _, tc := range []struct {
		name string
		text string
		want []int
	}{
		{"words and punctuation are apart", "random_text", []int{25120, 62, 5239}},
		{"a word may need several tokens", "prompt prompt ", []int{16963, 457, 6152, 220}},
		{"spaces are one token", "    return x", []int{50284, 7783, 2124}},
		{"one tab is a byte", "\treturn", []int{197, 7783}},
		{"several tabs are one token", "\t\t\treturn", []int{50293, 7783}},
		{"two spaces leave none for the next word", "a  b", []int{64, 50286, 65}},
		{"spaces beyond 31 are the next token", "x" + strings.Repeat(" ", 33) + "y", []int{87, 50257, 50286, 88}},
		{"a space left over belongs to the next word", strings.Repeat(" ", 32) + "x", []int{50257, 2124}},
		{"line feeds merge", "\n\n\n", []int{628, 198}},
		{"a contraction is a word", "don't", []int{9099, 470}},
		{"an upper-case contraction is none", "I'LL", []int{40, 6, 3069}},
		{"numbers are words", "foo123bar", []int{21943, 10163, 5657}},
		{"a space belongs to the operator behind it", "==> !=", []int{855, 29, 14512}},
		{"carriage return and line feed are apart before a word", "a\r\nb", []int{64, 201, 198, 65}},
		{"markers are tokens", "<mask_1><sep>", []int{51199, 50299}},
		{"a character may need several tokens", "日本", []int{33768, 98, 17312, 105}},
		{"nothing is no token", "", []int{}},

		{"U+001C is no white space, so a line feed before it stands alone", "\n\n\x1cx", []int{198, 198, 216, 87}},
		{"U+0085 is white space", "\n\n\u0085x", []int{628, 126, 227, 87}},
		{"U+200B is no white space", "\n\n\u200bx", []int{198, 198, 9525, 87}},
		{"bytes that are no UTF-8 are tokens", "a\xff\xe6\x97", []int{64, 187, 33768}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tokenizer.Encode(tc.text)); diff != "" {
				t.Error(diff)
			}
			if got := tokenizer.Count(tc.text); got != len(tc.want) {
				t.Errorf("Count: %d, want %d", got, len(tc.want))
			}
		})
	}
}

func TestTokensHaveTheTextsOfTheSpec(t *testing.T) {
	tokenizer := New()
	for text, want := range map[string][]string{
		"prompt prompt ":            {"prom", "pt", " prompt", " "},
		"start\n\nend":              {"start", "\n", "\n", "end"},
		"def hello_world() -> int:": {"def", " hello", "_", "world", "()", " ->", " int", ":"},
	} {
		var got []string
		for _, id := range tokenizer.Encode(text) {
			got = append(got, tokenizer.Decode([]int{id}))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestCountsAreThoseOfTheVectors(t *testing.T) {
	type vector struct {
		In    string `json:"in"`
		Count int    `json:"count"`
		IDs   []int  `json:"ids"`
	}
	tokenizer := New()
	for _, v := range testkit.Vectors[vector](t, "tokenizer-counts") {
		got := tokenizer.Encode(v.In)
		if v.IDs != nil && !slices.Equal(got, v.IDs) {
			t.Errorf("%.200q: ids %v, want %v", v.In, got, v.IDs)
		}
		if len(got) != v.Count || tokenizer.Count(v.In) != v.Count {
			t.Errorf("%.200q: Encode %d tokens, Count %d, want %d", v.In, len(got), tokenizer.Count(v.In), v.Count)
		}
		if got := tokenizer.Decode(got); got != v.In {
			t.Errorf("%.200q comes back as %.200q", v.In, got)
		}
	}
}

func TestIDsOutsideTheVocabularyHaveNoText(t *testing.T) {
	if got := New().Decode([]int{-1, 64, vocabularySize, 51199, 1 << 40}); got != "a<mask_1>" {
		t.Errorf("got %q", got)
	}
}

// Looking a word up instead of merging it is right only because of this.
func TestEveryTokenIsWhatItsBytesMergeInto(t *testing.T) {
	v := sharedVocabulary()
	for id := range uint16(baseSize) {
		text := string(v.text(id))
		if got := mergeShort(v.bytes(text, nil), v); !slices.Equal(got, []uint16{id}) {
			t.Errorf("token %d, %q, merges into %v", id, text, got)
		}
		if got, ok := v.lookup(text, v.hash(text)); !ok || got != id {
			t.Errorf("token %d, %q, is looked up as %d, %v", id, text, got, ok)
		}
	}
}

func TestConcurrentRequestsGetTheSameTokens(t *testing.T) {
	tokenizer := New()
	text := strings.Repeat("warehouse.reserveUnits(articleNumber, wantedQuantity)\n", 20)
	want := New().Encode(text)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				if got := tokenizer.Encode(text); !slices.Equal(got, want) {
					t.Errorf("got %v", got)
				}
				if got := tokenizer.Count(text); got != len(want) {
					t.Errorf("got %d tokens, want %d", got, len(want))
				}
			}
		})
	}
	wait.Wait()
}

// checkText holds whatever the tokenizer promises for any text against it.
func checkText(t interface{ Errorf(string, ...any) }, tokenizer *Tokenizer, text string, limit int) {
	ids := tokenizer.Encode(text)
	if got := tokenizer.Count(text); got != len(ids) {
		t.Errorf("%q: Count %d, but Encode %d tokens", text, got, len(ids))
	}
	var joined []byte
	for _, id := range ids {
		joined = append(joined, tokenizer.vocabulary.text(uint16(id))...)
	}
	if string(joined) != text {
		t.Errorf("%q: the tokens join to %q", text, joined)
	}
	if utf8.ValidString(text) && tokenizer.Decode(ids) != text {
		t.Errorf("%q comes back as %q", text, tokenizer.Decode(ids))
	}

	limit = min(max(limit, 0), len(ids))
	if got, count := tokenizer.KeepFirst(text, limit); count != limit || got != tokenizer.Decode(ids[:limit]) {
		t.Errorf("KeepFirst(%q, %d): %q, %d; want %q", text, limit, got, count, tokenizer.Decode(ids[:limit]))
	}
	if got, count := tokenizer.KeepLast(text, limit); count != limit || got != tokenizer.Decode(ids[len(ids)-limit:]) {
		t.Errorf("KeepLast(%q, %d): %q, %d; want %q", text, limit, got, count, tokenizer.Decode(ids[len(ids)-limit:]))
	}
}

func TestAnyTextComesBackAndIsCutBetweenTokens(t *testing.T) {
	tokenizer := New()
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		checkText(t, tokenizer, text, rapid.IntRange(0, len(text)).Draw(t, "limit"))
	})
}

func FuzzTokenizer(f *testing.F) {
	f.Add("def f(x):\n    return  x'll<mask_12>\t\t日本\xff\xe6\x97", 5)
	f.Add(strings.Repeat("a", 300), 2)
	tokenizer := New()
	f.Fuzz(func(t *testing.T, text string, limit int) {
		checkText(t, tokenizer, text, limit)
		checkText(t, tokenizer, strings.Repeat(text, 1+2*stride/(len(text)+1)), limit) // long enough for KeepLast to go back in steps
	})
}
