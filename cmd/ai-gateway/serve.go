package main

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ai-gateway/ai-gateway/internal/app"
	"github.com/ai-gateway/ai-gateway/internal/config"
)

func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the API and the metrics until SIGTERM or SIGINT (the default)",
		Long: `Serve the API and the metrics until SIGTERM or SIGINT.

Settings are environment variables and a file named .env, see docs/settings.md. On SIGTERM the gateway stops accepting and lets open
requests run on (AIGW_FASTAPI__DRAIN_TIMEOUT); a second signal ends it at once.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := loadSettings()
			if err != nil {
				return err
			}
			gateway, err := app.New(settings)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			go func() {
				<-ctx.Done()
				stop() // from now on a signal kills
			}()
			return gateway.Run(ctx)
		},
	}
}

// loadSettings reads environment and .env, and exports what only the file has, for the libraries that read the environment.
func loadSettings() (*config.Settings, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	settings, err := config.Load(os.Environ(), dir)
	if err != nil {
		return nil, err
	}
	for _, variable := range settings.Exports() {
		name, value, _ := strings.Cut(variable, "=")
		if err := os.Setenv(name, value); err != nil {
			return nil, fmt.Errorf("export %s from .env: %w", name, err)
		}
	}
	return settings, nil
}
