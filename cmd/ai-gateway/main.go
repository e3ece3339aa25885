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
	if err := rootCommand().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "ai-gateway:", err)
		os.Exit(1)
	}
}

// rootCommand serves when no subcommand is named.
func rootCommand() *cobra.Command {
	root := serveCommand()
	root.Use = "ai-gateway"
	root.Short = "AI Gateway for GitLab: one binary between GitLab, its editors and the models"
	root.SilenceUsage = true
	root.SilenceErrors = true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(serveCommand(), healthcheckCommand(), versionCommand())
	return root
}
