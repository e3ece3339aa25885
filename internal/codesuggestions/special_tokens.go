package codesuggestions

import "github.com/ai-gateway/ai-gateway/internal/codesuggestions/specialtokens"

// fillsMiddle says that a self-hosted model of a family completes the file.
func (p *Pipeline) fillsMiddle(family string) {
	p.special = func() filter { return specialtokens.Completion(family, p.file.Above, p.file.Below) }
}

// generatesFor says that a self-hosted model of a family writes new code for the file.
func (p *Pipeline) generatesFor(family string) {
	p.special = func() filter { return specialtokens.Generation(family, p.file.Above, p.file.Below) }
}
