package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/ai-gateway/ai-gateway/internal/app"
)

func healthcheckCommand() *cobra.Command {
	var timeout time.Duration
	command := &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the gateway that runs with the same settings whether it is well; for containers",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := loadSettings()
			if err != nil {
				return err
			}
			return healthcheck(cmd.Context(), app.ProbeURL(settings.FastAPI), timeout)
		},
	}
	command.Flags().DurationVar(&timeout, "timeout", 3*time.Second, "how long to wait for the answer")
	return command
}

// healthcheck returns nil when the gateway at a base URL answers /monitoring/healthz with 200. Its certificate may be for any name: it is the
// gateway beside us.
func healthcheck(ctx context.Context, base string, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	url := base + "/monitoring/healthz"
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the gateway does not answer: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the gateway answers %s with %s", url, res.Status)
	}
	return nil
}
