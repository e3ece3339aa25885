package app

import (
	"context"
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/observe/otlp"
)

// startOTLP starts sending traces and metrics, if that is switched on.
func (a *App) startOTLP() error {
	variables := a.settings.OTel
	if !a.settings.OpenTelemetry.Enabled || variables.SDKDisabled {
		return nil
	}
	exporter, err := otlp.Start(context.Background(), otlp.Options{
		Traces:  variables.TracesExporter != "none",
		Metrics: variables.MetricsExporter != "none",
		Log:     observe.Named(a.log, "opentelemetry"),
	})
	if err != nil {
		return fmt.Errorf("OpenTelemetry (AIGW_OPENTELEMETRY__ENABLED): %w", err)
	}
	a.otlp = exporter
	a.metrics.ExportTo(exporter)
	return nil
}
