package main

import (
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/ai-gateway/ai-gateway/internal/app"
)

func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the API and the metrics until SIGTERM or SIGINT (the default)",
		Long: `Serve the API and the metrics until SIGTERM or SIGINT.

Settings are environment variables and a file named .env, see docs/settings.md. On SIGTERM the gateway says that it is not ready, stops
accepting (after AIGW_FASTAPI__DRAIN_DELAY) and lets open requests run on (AIGW_FASTAPI__DRAIN_TIMEOUT); a second signal ends it at once.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			source, err := newSettingsSource()
			if err != nil {
				return err
			}
			settings, err := source.Load()
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
			if settings.FastAPI.Reload {
				return gateway.RunReloading(ctx, source)
			}
			return gateway.Run(ctx)
		},
	}
}
