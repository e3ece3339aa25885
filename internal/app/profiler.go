package app

import (
	"context"

	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/observe/cloudprofiler"
)

// everything is the value of AIGW_GOOGLE_CLOUD_PROFILER__VERBOSE from which on the profiler says what it does.
const everything = 3

// startProfiler starts Google Cloud Profiler, if it is switched on. Requests do not wait for it; when it cannot start, that is reported, and the
// gateway goes on without it (spec/observability.md 16).
func (a *App) startProfiler(ctx context.Context) {
	s := a.settings
	if !s.GoogleCloudProfiler.Enabled {
		return
	}
	go func() {
		err := cloudprofiler.Start(ctx, cloudprofiler.Options{
			Project:   s.Google.CloudProject,
			Otherwise: s.GoogleCloudPlatform.Project,
			Version:   s.Deployment.Revision,
			Debug:     s.GoogleCloudProfiler.Verbose >= everything,
			Token:     a.google.Token,
			Log:       observe.Named(a.log, "googlecloudprofiler"),
		})
		if err != nil && ctx.Err() == nil {
			observe.LogException(ctx, a.log, err, nil)
		}
	}()
}
