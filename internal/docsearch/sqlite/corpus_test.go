package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/ai-gateway/ai-gateway/internal/docsearch/index"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sample"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sqlite"
)

// samplePages are the pages of package sample.
func samplePages(tb testing.TB) []index.File {
	tb.Helper()
	files, err := sample.Files()
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

// corpus is the sample among generated pages, n together. With 3,000 it is about as much as GitLab's documentation: 25,000 sections, 20 MB. The
// generated pages are made of words of the sample and of invented ones, as frequent as words in a language are: they mention everything
// and are about nothing.
func corpus(tb testing.TB, n int) []index.File {
	files := samplePages(tb)
	g := newGenerator(files)
	for len(files) < n {
		files = append(files, index.File{Path: fmt.Sprintf("generated/%04d.md", len(files)), Text: g.page()})
	}
	return files
}

// generator makes pages. The same ones each time.
type generator struct {
	random    *rand.Rand
	topics    [][]string // the words of each page of the sample
	words     []string
	frequency *rand.Zipf
}

func newGenerator(files []index.File) *generator {
	g := &generator{random: rand.New(rand.NewPCG(1, 2))}
	known := map[string]bool{}
	for _, file := range files {
		topic := strings.FieldsFunc(file.Text, func(r rune) bool { return !unicode.IsLetter(r) })
		g.topics = append(g.topics, topic)
		for _, word := range topic {
			if len(word) > 3 && !known[word] {
				known[word] = true
				g.words = append(g.words, word)
			}
		}
	}
	for len(g.words) < 12000 {
		g.words = append(g.words, g.inventedWord())
	}
	g.random.Shuffle(len(g.words), func(i, j int) { g.words[i], g.words[j] = g.words[j], g.words[i] })
	g.frequency = rand.NewZipf(g.random, 1.1, 10, uint64(len(g.words)-1))
	return g
}

func (g *generator) inventedWord() string {
	const syllables = "badegilomunaperasitovuwixekyzaflugrintostelmarquen"
	var b strings.Builder
	for range 2 + g.random.IntN(3) {
		at := 2 * g.random.IntN(len(syllables)/2)
		b.WriteString(syllables[at : at+2])
	}
	return b.String()
}

func (g *generator) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nstage: Test\n---\n\n# %s\n\n%s\n", g.line(4), g.paragraph())
	for range 3 + g.random.IntN(11) {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n%s\n", g.line(4), g.paragraph(), g.paragraph())
	}
	return b.String()
}

// paragraph mixes invented sentences with such as have words of one page of the sample, in disorder.
func (g *generator) paragraph() string {
	var b strings.Builder
	topic := g.topics[g.random.IntN(len(g.topics))]
	for range 2 + g.random.IntN(4) {
		if g.random.IntN(3) > 0 {
			b.WriteString(g.line(8+g.random.IntN(14)) + ". ")
			continue
		}
		for range 8 + g.random.IntN(8) {
			b.WriteString(topic[g.random.IntN(len(topic))] + " ")
		}
	}
	return strings.TrimSpace(b.String())
}

// line is a heading or a sentence of n words.
func (g *generator) line(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = g.words[g.frequency.Uint64()]
	}
	return strings.Join(words, " ")
}

// indexOf is the file of an index of a corpus of n pages. It is made once, and stays until the tests end.
func indexOf(tb testing.TB, n int) string {
	tb.Helper()
	path := filepath.Join(folder, fmt.Sprintf("%d.db", n))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := index.Build(tb.Context(), corpus(tb, n), index.Options{Output: path, WebRoot: "https://gitlab.com/help"}); err != nil {
		tb.Fatal(err)
	}
	return path
}

// folder is there for all tests.
var folder string

// sections is an index, in memory, that has a corpus of n pages only in the form that the ranked search reads, which is made much faster.
func sections(tb testing.TB, n int) *sqlite.Memory {
	tb.Helper()
	memory, err := sqlite.NewMemory(tb.Context(), func(yield func(sqlite.Page) bool) {
		for page := range index.Pages(corpus(tb, n), "https://gitlab.com/help") {
			page.Row = sqlite.Row{}
			if !yield(page) {
				return
			}
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(memory.Close)
	return memory
}
