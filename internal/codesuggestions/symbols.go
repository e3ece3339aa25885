package codesuggestions

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/syntax"
)

// symbolCount is what a prompt consists of, or why nobody knows.
type symbolCount struct {
	symbols  map[string]int
	unparsed error
}

// countSymbols starts to count the symbols of the prompt (8.1, step 4). It is done while the model is at work, which takes longer.
func (p *Pipeline) countSymbols() {
	if !p.legacy {
		return
	}
	count := make(chan symbolCount, 1)
	p.symbols = count
	go func() {
		tree, err := syntax.Parse(p.language, p.prompt.Prefix)
		if err != nil {
			count <- symbolCount{unparsed: err}
			return
		}
		count <- symbolCount{symbols: tree.Symbols()}
	}()
}

// countedSymbols are the symbols of the prompt; nil when they aren't counted, or can't be.
func (p *Pipeline) countedSymbols(ctx context.Context) map[string]int {
	if p.symbols == nil {
		return nil
	}
	count := <-p.symbols
	if count.unparsed != nil {
		p.warnUnparsed(ctx, count.unparsed)
	}
	return count.symbols
}

// warnUnparsed logs why steps of the pipeline that need to parse code were left out.
func (p *Pipeline) warnUnparsed(ctx context.Context, reasons ...error) {
	for _, reason := range reasons {
		p.service.log.WarnContext(ctx, "Failed to parse code: "+reason.Error())
	}
}
