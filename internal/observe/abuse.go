package observe

import (
	"cmp"
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ai-gateway/ai-gateway/internal/abuse"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Abuse tells metrics and log of the scores of requests (spec/observability.md 15). It implements [abuse.Recorder].
type Abuse struct {
	log    *slog.Logger
	scores *prometheus.HistogramVec
	users  *bounded
}

// Abuse registers the metric of scores.
func (m *Metrics) Abuse(log *slog.Logger) *Abuse {
	a := &Abuse{
		log: log,
		scores: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "abuse_request_scores", Buckets: []float64{0, 0.3, 0.5, 0.7, 1},
			Help: "How far requests stray from their purpose, from 0 to 1.",
		}, []string{"instance_id", "global_user_id", "unit_primitive"}),
		users: newBounded(mostUsers),
	}
	m.registry.MustRegister(a.scores)
	return a
}

// Asking implements [abuse.Recorder]: an entry with content, so only for those who want it.
func (a *Abuse) Asking(ctx context.Context, question llm.Request) {
	if !LogsContent(ctx, a.log) || !a.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	RequestLog(ctx, a.log, "abuse_detection", slog.LevelDebug, "abuse detector call:", slog.Any("messages", question.Messages),
		slog.Any("stop_sequences", question.Stop), slog.Int("max_tokens", question.MaxTokens))
}

// Score implements [abuse.Recorder].
func (a *Abuse) Score(ctx context.Context, req abuse.Request, score float64) {
	const unknown = "unknown"
	instance, user, up := cmp.Or(req.InstanceID, unknown), cmp.Or(req.GlobalUserID, unknown), cmp.Or(req.UnitPrimitive, unknown)
	l, ok := a.users.admit(labels{instance, user, up})
	if !ok {
		l = labels{other, other, up}
	}
	a.scores.WithLabelValues(l[0], l[1], l[2]).Observe(score)
	// Whoever reads the entry finds the score counted.
	a.log.LogAttrs(ctx, slog.LevelInfo, "abuse request score", slog.String("logger", "abuse_detection"), slog.Float64("score", score),
		slog.String("instance_id", instance), slog.String("global_user_id", user), slog.String("unit_primitive", up))
}

// Unscored implements [abuse.Recorder].
func (a *Abuse) Unscored(ctx context.Context, err error) { LogException(ctx, a.log, err, nil) }
