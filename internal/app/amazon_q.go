package app

import (
	"context"
	"log/slog"

	"github.com/ai-gateway/ai-gateway/internal/amazonq"
	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// newAmazonQ makes the connection with Amazon Q. A signing key that cannot be read counts as none; package auth has logged why.
func (a *App) newAmazonQ() *amazonq.Service {
	s := a.settings
	key, _ := auth.ParsePrivateKey(s.SelfSignedJWT.SigningKey.Reveal())
	return amazonq.New(amazonq.Options{
		HTTP:        wire.NewClient(wire.Options{Transport: wire.NewPool(a.pool), OnConn: a.metrics.ModelConnectionUsed}),
		SigningKey:  key,
		GlgoURL:     s.GlgoBaseURL,
		Region:      s.AmazonQ.Region,
		EndpointURL: s.AmazonQ.EndpointURL,
		STSURL:      s.AWS.STSEndpoint,
		Log: func(ctx context.Context, level slog.Level, message string, attrs ...slog.Attr) {
			observe.RequestLog(ctx, a.log, "amazon_q", level, message, attrs...)
		},
	})
}
