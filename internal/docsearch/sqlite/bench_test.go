package sqlite_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// BenchmarkSearch asks what users ask of an index of the size of GitLab's documentation. The metric to look at is p50-ms.
func BenchmarkSearch(b *testing.B) {
	questions := readQuestions(b)
	path := indexOf(b, 3000)
	for _, bm := range []struct{ name, path string }{{"sections", path}, {"contract", withoutSections(b, path)}} {
		b.Run(bm.name, func(b *testing.B) {
			searcher := open(b, bm.path)
			var times []time.Duration
			for b.Loop() {
				q := questions[len(times)%len(questions)]
				start := time.Now()
				if _, err := searcher.Search(b.Context(), docsearch.Question{Text: q.Question, PageSize: 4}); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
