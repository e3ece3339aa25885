package troubleshoot

import (
	"context"
	"strings"
)

// Settings says whether there is anything odd about the settings. What is wrong with them has been said before: they could not be loaded.
func Settings(warnings, doubts []string) Check {
	return Check{Name: "settings", Title: "The settings are as they should be", Find: func(context.Context) Finding {
		if odd := append(append([]string{}, warnings...), doubts...); len(odd) > 0 {
			return warned(strings.Join(odd, "\n"), "See docs/settings.md for every setting, and `ai-gateway config` for those that count here.")
		}
		return passed("")
	}}
}

// Purpose is what a gateway is set up for.
type Purpose struct {
	CustomModels   bool   // AIGW_CUSTOM_MODELS__ENABLED
	GitLabURL      string // AIGW_GITLAB_URL
	GitLabGiven    bool   // somebody set it
	Hosted         bool   // a key for hosted models is set
	Mocked         bool   // AIGW_MOCK_MODEL_RESPONSES
	AsksForModel   bool   // the operator wants a self-hosted model tested
	BypassExternal bool   // AIGW_AUTH__BYPASS_EXTERNAL
}

// Environment says whether the gateway is set up for anything: for self-hosted models and a GitLab instance, or with a key for hosted ones.
func Environment(p Purpose) Check {
	return Check{Name: "environment", Title: "The gateway knows its GitLab and its models", Find: func(context.Context) Finding {
		switch {
		case p.Mocked:
			return warned("answers are made up", "AIGW_MOCK_MODEL_RESPONSES is on; remove it to ask real models.")
		case p.AsksForModel && !p.CustomModels:
			return failed("self-hosted models are not allowed", "Set AIGW_CUSTOM_MODELS__ENABLED=true.")
		case !p.CustomModels && !p.Hosted:
			return failed("there is no model to ask", "Set AIGW_CUSTOM_MODELS__ENABLED=true for self-hosted models, or ANTHROPIC_API_KEY for those of Anthropic.")
		case p.CustomModels && !p.GitLabGiven && p.BypassExternal:
			return warned("AIGW_GITLAB_URL is not set", "Set it to the URL of your GitLab and remove AIGW_AUTH__BYPASS_EXTERNAL, so that only its users get in.")
		case p.CustomModels && !p.GitLabGiven:
			return failed("AIGW_GITLAB_URL is not set, so only tokens of gitlab.com count", "Set AIGW_GITLAB_URL to the URL of your GitLab.")
		case p.CustomModels:
			return passed("self-hosted models for " + redacted(p.GitLabURL))
		default:
			return passed("hosted models for " + redacted(p.GitLabURL))
		}
	}}
}
