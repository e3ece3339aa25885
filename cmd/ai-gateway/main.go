// Command ai-gateway gives GitLab instances access to language models.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

// version is set by the build.
var version = "dev"

func main() {
	root := rootCommand()
	root.SetArgs(arguments(os.Args))
	if err := root.Execute(); err != nil {
		status, silent := statusOf(err)
		if !silent {
			fmt.Fprintln(os.Stderr, "ai-gateway:", err)
		}
		os.Exit(status)
	}
}

// rootCommand serves when no subcommand is named.
func rootCommand() *cobra.Command {
	root := serveCommand()
	root.Use = "ai-gateway"
	root.Short = "AI Gateway for GitLab: one binary between GitLab, its editors and the models"
	root.Long = root.Short + ".\n\nWithout a command it serves. " + root.Long
	root.SilenceUsage = true
	root.SilenceErrors = true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(wrongFlag)
	root.AddCommand(serveCommand(), indexDocsCommand(), configCommand(), troubleshootCommand(), promptsCommand(),
		healthcheckCommand(), versionCommand())
	return root
}
