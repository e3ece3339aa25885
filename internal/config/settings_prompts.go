package config

// Prompts says which registered prompts there are, beside those that come with the gateway (spec/prompts.md 1.17).
type Prompts struct {
	Dir             string `env:"DIR" optional:"true" example:"/etc/ai-gateway/prompts" doc:"Folder of prompt definitions that take the place of the built-in ones of the same key, see docs/prompts.md"`
	UnknownFamilies string `env:"UNKNOWN_FAMILIES" default:"refuse" doc:"What becomes of model families that neither a prompt nor the gateway knows: refuse (404), or fallback to the definition for any model"`
}

// checkPrompts refuses a folder that is not there, and words that mean nothing.
func (l *loader) checkPrompts() {
	prompts := &l.settings.Prompts
	if prompts.Dir != "" && !isFolder(l.resolve(prompts.Dir)) {
		l.complain("AIGW_PROMPTS__DIR", l.resolve(prompts.Dir)+" is no folder; create it, or write the path of one with prompt definitions")
	}
	if prompts.UnknownFamilies != "refuse" && prompts.UnknownFamilies != "fallback" {
		l.complain("AIGW_PROMPTS__UNKNOWN_FAMILIES", show(prompts.UnknownFamilies)+" is neither; write refuse or fallback")
	}
}
