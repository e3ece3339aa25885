package prompting

import (
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// block is a piece of code that may go in front of a prompt.
type block struct {
	text string
	Size
}

func measure(tokens Tokens, texts []string) []block {
	blocks := make([]block, len(texts))
	for i, s := range texts {
		blocks[i] = block{text: s, Size: Size{Length: text.Length(s), Tokens: tokens.Count(s)}}
	}
	return blocks
}

func total(blocks []block) Size {
	var sum Size
	for _, b := range blocks {
		sum.Length += b.Length
		sum.Tokens += b.Tokens
	}
	return sum
}

// addBlocks puts blocks in front of the prompt, one before the other, so that they end up in reverse order
// (spec/code-suggestions.md 8.3). It skips what the prompt already holds, and adds none after the first that the budget, in tokens, has
// no room for.
//
// The length that it returns for what went in also counts the blocks that found no room; that is the contract's way to count.
func (p *Prompt) addBlocks(blocks []block, budget int) ContextSizes {
	var counted Size
	used := 0
	for _, b := range blocks {
		if strings.Contains(p.Prefix, b.text) || strings.Contains(*p.Suffix, b.text) {
			continue
		}
		counted.Length += b.Length
		counted.Tokens += b.Tokens
		if counted.Tokens <= budget {
			p.Prefix = b.text + "\n" + p.Prefix
			used = counted.Tokens
		}
	}
	return ContextSizes{Pre: total(blocks), Post: Size{Length: counted.Length, Tokens: used}}
}
