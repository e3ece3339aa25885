package vertexsearch

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// searchAnswer is what is read of an answer.
type searchAnswer struct {
	Results []struct {
		Document *struct {
			ID         string `json:"id"`
			StructData struct {
				Content  *string        `json:"content"`
				Metadata map[string]any `json:"metadata"`
			} `json:"structData"`
		} `json:"document"`
	} `json:"results"`
}

// readResults reads an answer. Documents that were not ingested as ours are (spec/docs-search.md 7) are an error.
func readResults(body []byte) ([]docsearch.Result, error) {
	var answer searchAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("the answer is not what it should be: %w", err)
	}
	results := make([]docsearch.Result, 0, len(answer.Results))
	for _, found := range answer.Results {
		if found.Document == nil || found.Document.StructData.Content == nil || found.Document.StructData.Metadata == nil {
			return nil, errors.New("a document has no content or no metadata")
		}
		results = append(results, docsearch.Result{
			ID: found.Document.ID, Content: *found.Document.StructData.Content, Metadata: found.Document.StructData.Metadata,
		})
	}
	return results, nil
}
