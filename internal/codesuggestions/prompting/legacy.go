package prompting

import (
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// Budgets of [Legacy], in tokens (spec/code-suggestions.md 8.2 and 8.3).
const (
	legacyTotal         = 2048
	legacyImportsMax    = legacyTotal * 12 / 100 // 245
	legacySignaturesMax = 1024
	legacyContextMax    = legacyTotal / 2
	legacySuffixShare   = 0.07 // of what imports and signatures leave
)

// Legacy makes the prompt of the default completion model: a header that names the file, code context, the imports of the prefix and the
// signatures of the suffix as far as they were cut off, and the text around the cursor (spec/code-suggestions.md 8). Header and code context
// don't count against the budget of 2048 tokens.
//
// Imports and signatures that can't be had are left out; Unparsed of the prompt says why.
func Legacy(tokens Tokens, fileName string, language lang.Language, prefix, suffix string, context []string) Prompt {
	prompt := Prompt{Suffix: &suffix}
	imports := measure(tokens, prompt.parsed(importsOf(language, prefix)))
	signatures := measure(tokens, prompt.parsed(signaturesOf(language, suffix)))
	importsBudget := min(total(imports).Tokens, legacyImportsMax)
	signaturesBudget := min(total(signatures).Tokens, legacySignaturesMax)

	body := legacyTotal - importsBudget - signaturesBudget
	suffix, suffixTokens := tokens.KeepFirst(suffix, int(legacySuffixShare*float64(body)))
	prefix, prefixTokens := tokens.KeepLast(prefix, body-suffixTokens)
	prefix = text.DropIncompleteLeadingBlock(prefix) // its tokens stay those from before
	prompt.Prefix = prefix
	prompt.Components = []Component{component("prefix", prefix, prefixTokens), component("suffix", suffix, suffixTokens)}

	prompt.Signatures = prompt.addBlocks(signatures, signaturesBudget)
	prompt.Imports = prompt.addBlocks(imports, importsBudget)
	if len(context) > 0 {
		items := measure(tokens, context)
		sizes := prompt.addBlocks(items, min(total(items).Tokens, legacyContextMax))
		prompt.Context = &sizes
	}
	prompt.Prefix = header(fileName, language) + "\n" + prompt.Prefix
	return prompt
}

// parsed is what was found in code, or nothing when the code has no syntax tree.
func (p *Prompt) parsed(found []string, err error) []string {
	if err != nil {
		p.Unparsed = append(p.Unparsed, err)
	}
	return found
}
