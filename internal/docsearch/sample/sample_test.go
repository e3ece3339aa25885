package sample_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/docsearch/sample"
)

func TestTheSampleAnswers(t *testing.T) {
	searcher := &sample.Searcher{}
	defer searcher.Close()
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			results, err := searcher.Search(t.Context(), docsearch.Question{Text: "How do I add an SSH key?", PageSize: 4})
			if err != nil || len(results) == 0 {
				t.Errorf("%v, %v", results, err)
				return
			}
			got := results[0]
			if got.Metadata["source_url"] != "https://gitlab.com/help/user/ssh#add-the-key-to-your-account" || got.Metadata["title"] != "SSH keys" ||
				got.Metadata["filename"] != "/user/ssh.md" || !strings.HasPrefix(got.Content, "# SSH keys\n\n## Add the key to your account\n\nCopy") {
				t.Errorf("got %+v", got)
			}
		})
	}
	asking.Wait()
}
