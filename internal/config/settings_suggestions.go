package config

// Suggestions says what is done with what models suggest.
type Suggestions struct {
	PostProcess string `env:"POST_PROCESS" default:"contract" doc:"Which suggestions are post-processed: contract (those of the default completion model, and what is generated in one piece), or all, see docs/code-suggestions.md"`
}

// The values of [Suggestions.PostProcess].
const (
	PostProcessContract = "contract"
	PostProcessAll      = "all"
)

// checkSuggestions refuses words that mean nothing.
func (l *loader) checkSuggestions() {
	if value := l.settings.CodeSuggestions.PostProcess; value != PostProcessContract && value != PostProcessAll {
		l.complain("AIGW_CODE_SUGGESTIONS__POST_PROCESS", show(value)+" is neither; write contract or all")
	}
}
