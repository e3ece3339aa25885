package prompt

import (
	"slices"

	"github.com/ai-gateway/ai-gateway/internal/releases"
)

// families are the model families that GitLab knows by now. A prompt that has no definition of its own for one of them is served by the
// definition that fits any model (spec/clients.md 19). The first nine are those of the contract; the others came later.
var families = append([]string{
	"mistral", "mixtral", "llama3", "codegemma", "codestral", "codellama", "deepseekcoder", "claude_3", "gpt",
}, releases.ModelFamilies...)

// anyModel are the variants that fit any model, in the order in which they are looked for.
var anyModel = []string{"general", "base"}

// standIn finds the definitions that serve a family without definitions of its own.
func (d *Definitions) standIn(id, family string, any bool) *versions {
	if !any && !slices.Contains(families, family) {
		return nil
	}
	for _, variant := range anyModel {
		if all := d.byKey[id+"/"+variant]; all != nil {
			return all
		}
	}
	return nil
}
