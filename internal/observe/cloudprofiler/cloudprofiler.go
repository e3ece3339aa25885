// Package cloudprofiler sends profiles of the process to Google Cloud Profiler (spec/observability.md 16).
//
// The work is done by Google's own agent. It asks the service what to measure, about once a minute for all replicas together, and uploads what
// it found. There is one agent a process, and it ends with it.
package cloudprofiler

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/compute/metadata"
	"cloud.google.com/go/profiler"
	"google.golang.org/api/option"
)

// service is what the profiles are filed under.
const service = "ai-gateway"

// Options say whose profiles these are.
type Options struct {
	Project   string // Google Cloud project; "": that of the machine
	Otherwise string // project to take when there is none and the machine is not at Google; "": the agent cannot start then
	Version   string // of the service, as the platform counts it
	Debug     bool   // log what the agent does

	// Token gets an access token for Google Cloud. Its error says why there is none.
	Token func(context.Context) (string, error)

	Log *slog.Logger // of what the agent does
}

// Start starts the agent, unless it runs already. It asks the metadata server of the machine and for a token, so it may take some seconds: call
// it beside what must not wait. Its error says what is missing; nothing runs then.
func Start(ctx context.Context, o Options) error {
	if _, err := o.Token(ctx); err != nil {
		return fmt.Errorf("start Google Cloud Profiler: %w", err)
	}
	credentials := auth.NewCredentials(&auth.CredentialsOptions{TokenProvider: token(o.Token)})
	if err := start(ctx, o, option.WithAuthCredentials(credentials)); err != nil {
		return fmt.Errorf("start Google Cloud Profiler: %w", err)
	}
	return nil
}

func start(ctx context.Context, o Options, options ...option.ClientOption) error {
	cfg := profiler.Config{
		Service: service, ServiceVersion: o.Version, ProjectID: o.Project,
		DebugLogging: o.Debug, DebugLoggingOutput: entries{o.Log},
	}
	if cfg.ProjectID == "" && !metadata.OnGCEWithContext(ctx) {
		cfg.ProjectID = o.Otherwise
	}
	return profiler.Start(cfg, options...)
}

// token gets the agent its tokens. They are kept elsewhere, so it is asked for each call.
type token func(context.Context) (string, error)

// Token implements [auth.TokenProvider].
func (t token) Token(ctx context.Context) (*auth.Token, error) {
	value, err := t(ctx)
	if err != nil {
		return nil, err
	}
	return &auth.Token{Value: value, Type: "Bearer"}, nil
}

// entries makes log entries of the lines that the agent writes.
type entries struct{ log *slog.Logger }

var _ io.Writer = entries{}

// Write implements io.Writer. The agent writes a prefix, the time, and what it has to say.
func (e entries) Write(line []byte) (int, error) {
	message := line
	if fields := bytes.SplitN(line, []byte(" "), 5); len(fields) == 5 {
		message = fields[4]
	}
	e.log.Info(string(bytes.TrimSpace(message)))
	return len(line), nil
}
