package prompting

import (
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/pep440"
)

// firstWithContext is the first language server whose code context is honoured.
var firstWithContext = pep440.MustParse("6.3.0")

// SupportsAdvancedContext reports whether a language server sends code context that is to be honoured, by its version as in the header
// X-Gitlab-Language-Server-Version (spec/code-suggestions.md 3). An empty version is too old. So is one that can't be read: the error
// is there to be logged as a warning, and no reason to refuse the request.
func SupportsAdvancedContext(version string) (bool, error) {
	if version == "" {
		return false, nil
	}
	v, err := pep440.Parse(version)
	if err != nil {
		return false, fmt.Errorf("language server version: %w", err)
	}
	return v.Compare(firstWithContext) >= 0, nil
}
