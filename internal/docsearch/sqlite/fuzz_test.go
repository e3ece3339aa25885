package sqlite_test

import (
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// FuzzQuestion asks anything. No question is an error, whichever way it is searched for.
func FuzzQuestion(f *testing.F) {
	for _, q := range readQuestions(f) {
		f.Add(q.Question)
	}
	for _, q := range []string{
		"", "?!", "create OR", "git AND NOT lfs AND OR", "NEAR(a b, 2)", `"unbalanced`, "content:x", "a*", "^start", "-minus +plus", "{title}: x",
		"create\x0bissue", "a\u0301bc", "ß\ufb03", "新しい課題", "\x00", "\xff\xfe", "'; DROP TABLE doc_index; --", "user's don’t", "___", "²³",
	} {
		f.Add(q)
	}
	sections := f.TempDir() + "/docs.db"
	buildIndex(f, sections, "a.md", "# Create an issue\n\nNot all, and no OR near it: a.b-c_d e_f ²³ ß 新しい課題.\n", "b.md", "# Merge\n\n## Requests\n\nx\n")
	indexes := []docsearch.Searcher{open(f, sections), open(f, foreignIndex(f, "create issue", "and not or near"))}
	f.Fuzz(func(t *testing.T, question string) {
		for i, index := range indexes {
			results, err := index.Search(t.Context(), docsearch.Question{Text: question, PageSize: 2})
			if err != nil || len(results) > 2 {
				t.Errorf("index %d: %d results, %v", i, len(results), err)
			}
		}
	})
}
