package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// Run serves until ctx ends, then drains: it says that it is not ready, stops accepting after the configured delay, lets open requests run on
// for the configured time, and cuts what is left then. The error is that of a port that can't be had, or of a server that broke down.
func (a *App) Run(ctx context.Context) error {
	defer a.Close()
	a.background(ctx)
	return a.serve(ctx, a.api, a.metricsHandler(), a.ready.Drain)
}

// background starts what goes on beside requests until ctx ends.
func (a *App) background(ctx context.Context) {
	a.startProfiler(ctx)
	a.monitorThreads(ctx)
	a.watchPrompts(ctx)
}

// startupTime is how long after its start a gateway still does things that it does only once.
const startupTime = time.Second

// serve runs the two listeners with what they serve; unready makes the readiness probe fail.
func (a *App) serve(ctx context.Context, apiHandler, metricsHandler http.Handler, unready func()) error {
	a.followLimits()
	a.reopenLog(ctx)
	settings := a.settings.FastAPI

	metricsListener, err := listen(ctx, settings.MetricsHost, settings.MetricsPort, "AIGW_FASTAPI__METRICS_HOST", "AIGW_FASTAPI__METRICS_PORT")
	if err != nil {
		return err
	}
	apiListener, err := listen(ctx, settings.APIHost, settings.APIPort, "AIGW_FASTAPI__API_HOST", "AIGW_FASTAPI__API_PORT")
	if err != nil {
		_ = metricsListener.Close()
		return err
	}
	metrics := &http.Server{Handler: metricsHandler, ReadHeaderTimeout: settings.ReadHeaderTimeout, ErrorLog: a.serverLog()}
	api := &http.Server{
		Handler:           headComplete(apiHandler),
		ReadHeaderTimeout: settings.ReadHeaderTimeout,
		IdleTimeout:       settings.KeepAliveTimeout,
		ConnContext:       connContext,
		ConnState:         connState,
		ErrorLog:          a.serverLog(),
	}

	failed := make(chan error, 2)
	go func() { failed <- metrics.Serve(metricsListener) }()
	go func() { failed <- api.Serve(a.apiListener(apiListener)) }()
	observe.Named(a.log, "main").Info("Metrics HTTP server running on http://" + address(settings.MetricsHost, settings.MetricsPort))
	lifecycle := observe.Named(a.log, "uvicorn.error")
	lifecycle.Info(fmt.Sprintf("Started server process [%d]", os.Getpid()))
	lifecycle.Info("Waiting for application startup.")
	time.AfterFunc(startupTime, giveBackStartupMemory)
	lifecycle.Info("Application startup complete.")
	lifecycle.Info(fmt.Sprintf("Uvicorn running on %s://%s (Press CTRL+C to quit)", scheme(settings), address(settings.APIHost, settings.APIPort)))

	select {
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		unready()
		err = a.drain(api, failed)
	}
	lifecycle.Info("Waiting for application shutdown.")
	_ = api.Close()
	_ = metrics.Close()
	lifecycle.Info("Application shutdown complete.")
	lifecycle.Info(fmt.Sprintf("Finished server process [%d]", os.Getpid()))
	return err
}

// apiListener answers slow clients and, if there is a certificate, speaks TLS.
func (a *App) apiListener(inner net.Listener) net.Listener {
	patient := patientListener{inner, a.settings.FastAPI.ReadHeaderTimeout}
	if a.certificates == nil {
		return patient
	}
	return newTLSListener(patient, a.certificates.serverConfig(), a.serverLog())
}

// drain goes on accepting for a while, so that load balancers notice that the gateway is not ready, and waits for open requests, no longer
// than the operator allows.
func (a *App) drain(server *http.Server, failed <-chan error) error {
	log := observe.Named(a.log, "uvicorn.error")
	log.Info("Shutting down", slog.Float64("drain_timeout_s", a.settings.FastAPI.DrainTimeout.Seconds()))
	select {
	case <-time.After(a.settings.FastAPI.DrainDelay):
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), a.settings.FastAPI.DrainTimeout)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("Requests were still open when the drain timeout (AIGW_FASTAPI__DRAIN_TIMEOUT) ended; they are cut")
		return nil
	}
	return err
}
