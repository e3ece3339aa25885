package app

import (
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/config"
)

// Problems says what keeps a gateway with these settings from starting, beyond what [config.Load] can tell: what is in the files that they
// name. It changes nothing and asks nobody.
func Problems(settings *config.Settings) []config.Problem {
	var problems []config.Problem
	if _, err := newCertificates(settings.FastAPI, discardLog()); err != nil {
		problems = append(problems, config.Problem{Variable: "AIGW_FASTAPI__TLS_CERT_FILE", Message: err.Error()})
	}
	if path := settings.Logging.ToFile; path != "" {
		if err := checkLogFile(path); err != nil {
			problems = append(problems, config.Problem{Variable: "AIGW_LOGGING__TO_FILE", Message: err.Error()})
		}
	}
	if _, err := loadPrompts(settings); err != nil {
		problems = append(problems, config.Problem{Variable: "AIGW_PROMPTS__DIR", Message: err.Error()})
	}
	return problems
}

// Doubts says, one sentence each, what a gateway with these settings starts with but hardly anybody wants.
func Doubts(settings *config.Settings) []string {
	var doubts []string
	if key := settings.SelfSignedJWT.SigningKey; key != "" {
		if _, err := auth.ParsePrivateKey(key.Reveal()); err != nil {
			doubts = append(doubts, fmt.Sprintf("AIGW_SELF_SIGNED_JWT__SIGNING_KEY can't be used: %v; make one with: openssl genrsa 2048", err))
		}
	}
	if key := settings.SelfSignedJWT.ValidationKey; key != "" {
		if err := auth.CheckVerificationKey(key.Reveal()); err != nil {
			doubts = append(doubts, fmt.Sprintf("AIGW_SELF_SIGNED_JWT__VALIDATION_KEY can't be used: %v", err))
		}
	}
	for _, open := range []struct {
		name string
		on   bool
	}{
		{"AIGW_AUTH__BYPASS_EXTERNAL", settings.Auth.BypassExternal},
		{"AIGW_AUTH__BYPASS_EXTERNAL_WITH_HEADER", settings.Auth.BypassExternalWithHeader},
		{"AIGW_AUTH__BYPASS_JWT_SIGNATURE", settings.Auth.BypassJWTSignature},
	} {
		if open.on {
			doubts = append(doubts, open.name+" is on: everybody who reaches the gateway may use it; that is for development only")
		}
	}
	return doubts
}
