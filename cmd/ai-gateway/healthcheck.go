package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"
)

func healthcheckCommand() *cobra.Command {
	var timeout time.Duration
	command := &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the gateway that runs with the same settings whether it is well; for containers",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := loadSettings()
			if err != nil {
				return err
			}
			return healthcheck(cmd.Context(), settings.FastAPI.APIHost, settings.FastAPI.APIPort, timeout)
		},
	}
	command.Flags().DurationVar(&timeout, "timeout", 3*time.Second, "how long to wait for the answer")
	return command
}

// healthcheck returns nil when the gateway at host and port answers /monitoring/healthz with 200.
func healthcheck(ctx context.Context, host string, port int, timeout time.Duration) error {
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	url := "http://" + net.JoinHostPort(host, strconv.Itoa(port)) + "/monitoring/healthz"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the gateway does not answer: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the gateway answers %s with %s", url, res.Status)
	}
	return nil
}
