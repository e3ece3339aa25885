package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ai-gateway/ai-gateway/internal/app"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/troubleshoot"
)

func troubleshootCommand() *cobra.Command {
	var what app.Examination
	var modelKey, token string
	var timeout time.Duration
	var asJSON bool
	command := &cobra.Command{
		Use:   "troubleshoot",
		Short: "Find out why an installation does not work, and say what to do about it",
		Long: `Find out why an installation does not work, and say what to do about it.

It checks the settings, the way to GitLab and its keys, the clocks, tokens, the running gateway, models, and what else the settings name.
Run it where the gateway runs, with the same settings. Authentication stays on: it signs a token with the gateway's own key, and asks
models by itself. With --token it exchanges a token of GitLab, too.

To test a self-hosted model, name its family as GitLab does, and where it is:

  ai-gateway troubleshoot --model-name mistral --model-endpoint http://localhost:8000/v1 --model-identifier custom_openai/my-mistral

Exit status: 0 when nothing has failed (there may be warnings), 1 when something has, 2 for a wrong command line.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := readSecrets(cmd.InOrStdin(), &modelKey, &token); err != nil {
				return err
			}
			what.ModelKey, what.Token = config.Secret(modelKey), config.Secret(token)
			settings, err := loadSettings()
			if err != nil {
				return err
			}
			return examine(cmd, settings, what, timeout, asJSON)
		},
	}
	flags := command.Flags()
	flags.StringVar(&what.Endpoint, "endpoint", "", "where the gateway runs, `HOST:PORT` or a URL (default: where the settings put it)")
	flags.StringVar(&what.Model.Family, "model-name", "", "family of a model to test, as in GitLab: mistral, codegemma, …")
	flags.StringVar(&what.Model.Endpoint, "model-endpoint", "http://localhost:4000", "URL of the model server")
	flags.StringVar(&what.Model.Identifier, "model-identifier", "", "`PROVIDER/MODEL`, for instance custom_openai/my-model or bedrock/mistral.mistral-7b-instruct-v0:2")
	flags.StringVar(&modelKey, "model-key", "", "key of the model server; - reads it from standard input, where other users can't see it")
	flags.StringVar(&token, "token", "", "a token of GitLab to exchange; - reads it from standard input")
	flags.DurationVar(&timeout, "timeout", troubleshoot.Longest, "how long a check may take; more for a model that is loaded first")
	flags.BoolVar(&asJSON, "json", false, "print JSON when all is done")
	return command
}

// examine makes all checks and prints what they found.
func examine(cmd *cobra.Command, settings *config.Settings, what app.Examination, timeout time.Duration, asJSON bool) error {
	checks, release, err := app.Checks(settings, what)
	if err != nil {
		return err
	}
	defer release()
	out := cmd.OutOrStdout()
	report := troubleshoot.Run(cmd.Context(), checks, timeout, func(o troubleshoot.Outcome) {
		if !asJSON {
			o.WriteText(out)
		}
	})
	if asJSON {
		err = report.WriteJSON(out)
	} else {
		report.WriteSummary(out)
	}
	if err == nil && !report.OK() {
		return exitStatus(statusFailed)
	}
	return err
}

// readSecrets reads a line of standard input for each secret that is "-".
func readSecrets(stdin io.Reader, secrets ...*string) error {
	lines := bufio.NewReader(stdin)
	for _, secret := range secrets {
		if *secret != "-" {
			continue
		}
		line, err := lines.ReadString('\n')
		if err != nil && (err != io.EOF || line == "") { //nolint:errorlint // a bufio.Reader returns it bare
			return fmt.Errorf("read a secret from standard input: %w", err)
		}
		*secret = strings.TrimSpace(line)
	}
	return nil
}
