package prompting

import (
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// Budgets of [Legacy], in tokens (spec/code-suggestions.md 8.2 and 8.3).
const (
	legacyTotal      = 2048
	legacySuffix     = legacyTotal * 7 / 100 // 143
	legacyContextMax = legacyTotal / 2
)

// Legacy makes the prompt of the default completion model: a header that names the file, code context, and the text around the cursor
// (spec/code-suggestions.md 8). Header and code context don't count against the budget of 2048 tokens.
func Legacy(tokens Tokens, fileName string, language lang.Language, prefix, suffix string, context []string) Prompt {
	suffix, suffixTokens := tokens.KeepFirst(suffix, legacySuffix)
	prefix, prefixTokens := tokens.KeepLast(prefix, legacyTotal-suffixTokens)
	prefix = text.DropIncompleteLeadingBlock(prefix) // its tokens stay those from before

	prompt := Prompt{
		Prefix:     prefix,
		Suffix:     &suffix,
		Components: []Component{component("prefix", prefix, prefixTokens), component("suffix", suffix, suffixTokens)},
	}
	if len(context) > 0 {
		blocks := measure(tokens, context)
		sizes := prompt.addBlocks(blocks, min(total(blocks).Tokens, legacyContextMax))
		prompt.Context = &sizes
	}
	prompt.Prefix = header(fileName, language) + "\n" + prompt.Prefix
	return prompt
}
