package main

import "testing"

func TestConfig(t *testing.T) {
	for _, s := range []script{
		{
			name: "every setting is printed with its source", args: []string{"config"},
			env:   []string{"AIGW_FASTAPI__API_PORT=5052", "ANTHROPIC_API_KEY=hidden"},
			files: map[string]string{".env": "AIGW_LOGGING__LEVEL=debug\n"},
			stdout: []string{
				`^# API server$`, `^AIGW_FASTAPI__API_PORT +5052 +environment$`, `^AIGW_FASTAPI__METRICS_PORT +8082 +default$`,
				`^AIGW_LOGGING__LEVEL +DEBUG +/.*/\.env, line 1$`, `^ANTHROPIC_API_KEY +\[secret\] +environment$`, `!hidden`,
			},
		},
		{
			name: "only what was given", args: []string{"config", "--given"}, env: []string{"AIGW_ENVIRONMENT=a\nb"},
			stdout: []string{`^AIGW_ENVIRONMENT +"a\\nb" +environment$`, `!default`},
		},
		{
			name: "as JSON", args: []string{"config", "--json", "--given"}, env: []string{"AIGW_FASTAPI__API_PORT=1"},
			stdout: []string{`\A\[\s+\{\s+"name": "AIGW_FASTAPI__API_PORT",\s+"group": "API server",\s+"value": "1",\s+"default": "5000",\s+"source": "environment",\s+"given": true\s+\}\s+\]\s+\z`},
		},
		{
			name: "nothing given is an empty list", args: []string{"config", "--json", "--given"},
			stdout: []string{`\A\[\]\n\z`},
		},
		{
			name: "warnings don't mix with the output", args: []string{"config", "--given"}, env: []string{"AIGW_LOGGING_LEVEL=debug"},
			stderr: []string{`^warning: AIGW_LOGGING_LEVEL is no setting and is ignored; did you mean AIGW_LOGGING__LEVEL\?$`},
		},
		{
			name: "settings that are not valid", args: []string{"config"}, env: []string{"AIGW_FASTAPI__API_PORT=http"}, status: 1,
			stderr: []string{`the settings are not valid:\n  AIGW_FASTAPI__API_PORT: "http" is not a whole number; write it like 5000$`},
		},
		{
			name: "an option that there is not", args: []string{"config", "--colour"}, status: 2,
			stderr: []string{`unknown flag: --colour`, `See 'ai-gateway config --help'`},
		},
	} {
		t.Run(s.name, s.run)
	}
}

func TestConfigCheck(t *testing.T) {
	for _, s := range []script{
		{name: "nothing is wrong", args: []string{"config", "check"}, stdout: []string{`\AThe settings are valid\.\n\z`}},
		{
			name: "everything that is wrong is said at once", args: []string{"config", "check"}, status: 1,
			env:    []string{"AIGW_FASTAPI__API_PORT=http", "AIGW_SNOWPLOW__ENABLED=true", "AIGW_F__SOMETHING=1"},
			stderr: []string{`^The settings are not valid:$`, `^  AIGW_FASTAPI__API_PORT: `, `^  AIGW_F__SOMETHING: `, `^  AIGW_SNOWPLOW__ENDPOINT: `},
		},
		{
			name: "a name that is nearly one", args: []string{"config", "check"}, env: []string{"AIGW_GITLAB_ULR=x"},
			stdout: []string{`^The settings are valid\.$`},
			stderr: []string{`^warning: AIGW_GITLAB_ULR is no setting and is ignored; did you mean AIGW_GITLAB_URL\?$`},
		},
		{
			name: "warnings fail a strict check", args: []string{"config", "check", "--strict"}, env: []string{"AIGW_GITLAB_ULR=x"}, status: 1,
			stdout: []string{`^The settings are valid\.$`}, stderr: []string{`^warning: `},
		},
		{
			name: "a line of the .env file", args: []string{"config", "check"}, status: 1,
			files:  map[string]string{".env": "# first\nAIGW_MOCK_MODEL_RESPONSES=perhaps\n"},
			stderr: []string{`^  AIGW_MOCK_MODEL_RESPONSES \(/.*/\.env, line 2\): "perhaps" is neither true nor false`},
		},
		{
			name: "a key that is none", args: []string{"config", "check"},
			env:    []string{`AIGW_SELF_SIGNED_JWT__SIGNING_KEY=-----BEGIN hidden\n-----`, "AIGW_SELF_SIGNED_JWT__VALIDATION_KEY=hidden"},
			stdout: []string{`^The settings are valid\.$`},
			stderr: []string{
				`^warning: AIGW_SELF_SIGNED_JWT__SIGNING_KEY can't be used: not PEM: it needs real line breaks`,
				`^warning: AIGW_SELF_SIGNED_JWT__VALIDATION_KEY can't be used`, `!hidden`,
			},
		},
		{
			name: "an open gateway", args: []string{"config", "check"}, env: []string{"AIGW_AUTH__BYPASS_EXTERNAL=true"},
			stdout: []string{`^The settings are valid\.$`}, stderr: []string{`^warning: AIGW_AUTH__BYPASS_EXTERNAL is on: everybody who reaches`},
		},
		{
			name: "a certificate that is none", args: []string{"config", "check"}, status: 1,
			env:    []string{"AIGW_FASTAPI__TLS_CERT_FILE=tls.crt", "AIGW_FASTAPI__TLS_KEY_FILE=tls.crt"},
			files:  map[string]string{"tls.crt": "no PEM"},
			stderr: []string{`^  AIGW_FASTAPI__TLS_CERT_FILE: read tls\.crt with tls\.crt: tls: failed to find any PEM data`},
		},
		{
			name: "as JSON", args: []string{"config", "check", "--json"}, status: 1, env: []string{"AIGW_LOGGING__LEVEL=loud", "AIGW_X=1"},
			stdout: []string{`"valid": false`, `"variable": "AIGW_LOGGING__LEVEL"`, `"warnings": \[\]`},
		},
		{
			name: "an argument too many", args: []string{"config", "check", "now"}, status: 2,
			stderr: []string{`unknown command "now" for "ai-gateway config check"`},
		},
	} {
		t.Run(s.name, s.run)
	}
}
