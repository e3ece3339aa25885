package prompting

import (
	"math"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/text"
)

// Input is what [Build] makes a prompt of.
type Input struct {
	Total int // size of the model's context window in tokens

	Prefix  string   // above the cursor
	Suffix  string   // below the cursor; empty: none
	Context []string // code of other files; empty: none

	// SuffixReserve is the share of the window that is kept for the suffix alone, 0 to 1.
	SuffixReserve float64
	// ContextShare is the share of the window that the code context may take at most, up to 1; 0 is read as 1.
	ContextShare float64

	// Template is put around what is left of the prefix; nil: nothing is. Its tokens count.
	Template func(prefix string) string
}

// Build makes a prompt of no more than in.Total tokens (spec/code-suggestions.md 9.2). Room that prefix and suffix leave goes
// to the code context, which comes first in the prompt. The error is a [*TooLargeError] when the template alone doesn't fit.
func Build(tokens Tokens, in Input) (Prompt, error) {
	window, err := in.window(tokens)
	if err != nil {
		return Prompt{}, err
	}
	prefixMax := int(math.Ceil((1 - clamp(in.SuffixReserve)) * float64(window)))

	prefix, prefixTokens := tokens.KeepLast(in.Prefix, prefixMax)
	prompt := Prompt{Prefix: prefix, Components: []Component{component("prefix", prefix, prefixTokens)}}
	room := window - prefixTokens
	if in.Suffix != "" {
		suffix, suffixTokens := tokens.KeepFirst(in.Suffix, window-prefixMax)
		prompt.Suffix = &suffix
		prompt.Components = append(prompt.Components, component("suffix", suffix, suffixTokens))
		room -= suffixTokens
	}
	if in.Template != nil {
		prompt.Prefix = in.Template(prefix)
	}
	if len(in.Context) > 0 {
		prompt.addContext(tokens, in.Context, min(room, int(float64(window)*in.contextShare())))
	}
	return prompt, nil
}

// window is the number of tokens that the template leaves.
func (in *Input) window(tokens Tokens) (int, error) {
	total := max(in.Total, 0)
	if in.Template == nil {
		return total, nil
	}
	reserved := tokens.Count(in.Template(""))
	if reserved > total {
		return 0, &TooLargeError{Tokens: reserved, Limit: total}
	}
	return total - reserved, nil
}

func (in *Input) contextShare() float64 {
	if share := clamp(in.ContextShare); share > 0 {
		return share
	}
	return 1
}

// addContext puts as much of the code context as limit tokens hold in front of the prompt.
func (p *Prompt) addContext(tokens Tokens, items []string, limit int) {
	context := strings.Join(items, "\n")
	p.Context = &ContextSizes{
		// The contract counts the tokens of the first item only.
		Pre: Size{Length: text.Length(context), Tokens: tokens.Count(items[0])},
	}
	if limit > 0 {
		kept, count := tokens.KeepFirst(context, limit)
		p.Context.Post = Size{Length: text.Length(kept), Tokens: count}
		p.Prefix = kept + "\n" + p.Prefix
	}
}

func component(name, s string, tokens int) Component {
	return Component{Name: name, Size: Size{Length: text.Length(s), Tokens: tokens}}
}

func clamp(share float64) float64 { return min(max(share, 0), 1) }
