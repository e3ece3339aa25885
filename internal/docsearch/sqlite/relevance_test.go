package sqlite_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/index"
)

var update = flag.Bool("update", false, "write the ranks that are found now to testdata/relevance.golden")

// Shares of questions whose page must be among the first four results. They may be raised. Whoever lowers one says in the change why.
const (
	sampleFloor = 0.98
	crowdFloor  = 0.95
)

// crowd is how many pages the sample has to stand out from, itself included.
const crowd = 1000

// asked is a question as users ask it, and the page that answers it.
type asked struct{ Question, Page string }

// TestRelevance asks what users ask, of the sample pages alone and of these among many others. At which place the answer is found is
// recorded for each question, so that a change for the worse is seen in review even where the floors are kept.
func TestRelevance(t *testing.T) {
	questions := readQuestions(t)
	path := filepath.Join(t.TempDir(), "sample.db")
	if err := index.Build(t.Context(), samplePages(t), index.Options{Output: path, WebRoot: "https://gitlab.com/help"}); err != nil {
		t.Fatal(err)
	}
	small := ranks(t, open(t, path), questions)
	crowded := ranks(t, sections(t, crowd), questions)
	contract := ranks(t, open(t, withoutSections(t, path)), questions)

	t.Logf("recall@4 of %d questions: sample %.3f, crowd %.3f, sample by the contract's search %.3f",
		len(questions), recall(small), recall(crowded), recall(contract))
	if recall(small) < sampleFloor || recall(crowded) < crowdFloor {
		t.Errorf("recall@4 is below the floors of %v and %v", sampleFloor, crowdFloor)
	}
	var found strings.Builder
	found.WriteString("# Place of the answer, 0 if not among the first four: sample, crowd, question. Written by go test -run TestRelevance -update\n")
	for i, q := range questions {
		fmt.Fprintf(&found, "%d %d %s\n", small[i], crowded[i], q.Question)
		if contract[i] > 0 && small[i] == 0 {
			t.Errorf("the contract's search answers %q, ours does not", q.Question)
		}
	}
	compareGolden(t, found.String())
}

func compareGolden(t *testing.T, found string) {
	t.Helper()
	const golden = "testdata/relevance.golden"
	if *update && !t.Failed() {
		if err := os.WriteFile(golden, []byte(found), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	recorded, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(recorded), "\n"), strings.Split(found, "\n")); diff != "" {
		t.Errorf("answers are found at other places (-recorded +found); if that is for the better, record it with -update:\n%s", diff)
	}
}

func readQuestions(t testing.TB) (questions []asked) {
	t.Helper()
	b, err := os.ReadFile("testdata/questions.json")
	if err == nil {
		err = json.Unmarshal(b, &questions)
	}
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]bool{}
	for _, page := range samplePages(t) {
		pages[page.Path] = true
	}
	for _, q := range questions {
		if !pages[q.Page] {
			t.Errorf("%q: there is no page %s", q.Question, q.Page)
		}
	}
	if len(questions) < 40 {
		t.Errorf("%d questions are too few to measure anything", len(questions))
	}
	return questions
}

// ranks are the places of the answers among the first four results; 0 is none of them.
func ranks(t testing.TB, s docsearch.Searcher, questions []asked) []int {
	t.Helper()
	places := make([]int, len(questions))
	for i, q := range questions {
		for place, name := range filenames(t, s, q.Question) {
			if name == "/"+q.Page && places[i] == 0 {
				places[i] = place + 1
			}
		}
	}
	return places
}

func recall(ranks []int) float64 {
	found := 0
	for _, r := range ranks {
		if r > 0 {
			found++
		}
	}
	return float64(found) / float64(len(ranks))
}
