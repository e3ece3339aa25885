package prompting

import (
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
)

// importsOf are the imports of code.
func importsOf(language lang.Language, code string) ([]string, error) {
	if !syntax.MayHaveImports(language, code) {
		return nil, nil
	}
	tree, err := syntax.Parse(language, code)
	if err != nil {
		return nil, err
	}
	return tree.Imports(), nil
}

// signaturesOf are the signatures of the functions in code, as comments (spec/code-suggestions.md 8.2, step 2).
func signaturesOf(language lang.Language, code string) ([]string, error) {
	if !syntax.MayHaveSignatures(language, code) {
		return nil, nil
	}
	tree, err := syntax.Parse(language, code)
	if err != nil {
		return nil, err
	}
	signatures := tree.Signatures()
	for i, signature := range signatures {
		signatures[i] = language.Comment(signature)
	}
	return signatures, nil
}
