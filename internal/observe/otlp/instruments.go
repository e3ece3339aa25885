package otlp

import (
	"errors"

	"go.opentelemetry.io/otel/metric"
)

// Bounds of histograms that the semantic conventions recommend.
var (
	requestSeconds = []float64{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10}
	callSeconds    = []float64{.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92}
	chunkSeconds   = []float64{.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10}
	tokenCounts    = []float64{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864}
)

// instruments are what is measured.
type instruments struct {
	requests   metric.Float64Histogram
	calls      metric.Float64Histogram
	firstChunk metric.Float64Histogram
	tokens     metric.Int64Histogram
}

func newInstruments(m metric.Meter) (*instruments, error) {
	var (
		in     instruments
		failed [4]error
	)
	seconds := func(name, about string, bounds []float64) (metric.Float64Histogram, error) {
		return m.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(about), metric.WithExplicitBucketBoundaries(bounds...))
	}
	in.requests, failed[0] = seconds("http.server.request.duration", "Duration of requests.", requestSeconds)
	in.calls, failed[1] = seconds("gen_ai.client.operation.duration", "Duration of model calls.", callSeconds)
	in.firstChunk, failed[2] = seconds("gen_ai.client.operation.time_to_first_chunk", "Time until the first text of streams.", chunkSeconds)
	in.tokens, failed[3] = m.Int64Histogram("gen_ai.client.token.usage", metric.WithUnit("{token}"),
		metric.WithDescription("Tokens of model calls."), metric.WithExplicitBucketBoundaries(tokenCounts...))
	return &in, errors.Join(failed[:]...)
}
