// Package app puts the gateway together from its settings, runs it and takes it down again. It is the one place that knows every other
// package.
package app

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"

	"github.com/ai-gateway/ai-gateway/internal/abuse"
	"github.com/ai-gateway/ai-gateway/internal/api"
	"github.com/ai-gateway/ai-gateway/internal/auth"
	"github.com/ai-gateway/ai-gateway/internal/chat"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/config"
	"github.com/ai-gateway/ai-gateway/internal/docsearch"
	"github.com/ai-gateway/ai-gateway/internal/events"
	"github.com/ai-gateway/ai-gateway/internal/health"
	"github.com/ai-gateway/ai-gateway/internal/llm/google"
	"github.com/ai-gateway/ai-gateway/internal/llm/wire"
	"github.com/ai-gateway/ai-gateway/internal/observe"
	"github.com/ai-gateway/ai-gateway/internal/observe/langsmith"
	"github.com/ai-gateway/ai-gateway/internal/observe/otlp"
	"github.com/ai-gateway/ai-gateway/internal/prompt"
	"github.com/ai-gateway/ai-gateway/internal/tokenizer"
)

// App is a gateway that is ready to run.
type App struct {
	settings *config.Settings
	log      *slog.Logger
	logFile  *logFile // nil when the log goes to standard error

	api           http.Handler
	metrics       *observe.Metrics
	authenticator *auth.Authenticator
	google        *google.Tokens // what everything at Google Cloud is asked with
	suggestions   *codesuggestions.Service
	prompts       *prompt.Registry
	ready         *health.Readiness
	certificates  *certificates    // nil when the API speaks no TLS
	pool          wire.PoolOptions // of connections to model servers
	emitters      []*events.Emitter
	otlp          *otlp.Exporter      // nil when OpenTelemetry is off
	langSmith     *langsmith.Recorder // nil when nothing is recorded in LangSmith
	abuse         *abuse.Detector     // nil when abuse detection is off
	closeDocs     func()              // ends the documentation search
}

// New builds a gateway. It opens the log file, but no port, and asks nobody for anything. Run it or Close it.
func New(settings *config.Settings) (*App, error) {
	a := &App{settings: settings, metrics: observe.NewMetrics(), google: googleTokens(settings)}
	if err := a.openLog(); err != nil {
		return nil, err
	}
	if err := a.startOTLP(); err != nil {
		return nil, err
	}
	a.startLangSmith()
	for _, warning := range settings.Warnings() {
		observe.Named(a.log, "main").Warn(warning)
	}
	for _, doubt := range Doubts(settings) {
		observe.Named(a.log, "main").Warn(doubt)
	}
	a.authenticator = auth.NewAuthenticator(authConfig(settings), a.log)
	var err error
	if a.pool, err = a.poolOptions(); err != nil {
		return nil, err
	}
	calls := a.newModelCalls()
	models, err := newModels(settings, a.modelClient(), a.google, calls, a.watchPrompt(calls.of))
	if err != nil {
		return nil, err
	}
	a.logParts()
	suggestions := codesuggestions.New(codesuggestions.Config{
		Models:           models,
		Tokens:           tokenizer.New(),
		Recorder:         a.metrics.CodeSuggestions(),
		Log:              observe.Named(a.log, "codesuggestions"),
		Excluded:         settings.F.CodeSuggestions.ExclPostProc,
		PostProcessAll:   settings.CodeSuggestions.PostProcess == config.PostProcessAll,
		DisableStreaming: settings.CustomModels.DisableStreaming,
	})
	if a.certificates, err = newCertificates(settings.FastAPI, observe.Named(a.log, "main")); err != nil {
		return nil, fmt.Errorf("AIGW_FASTAPI__TLS_CERT_FILE: %w", err)
	}
	a.suggestions, a.prompts, a.ready = suggestions, models.prompts, readiness(settings, suggestions)
	var docs docsearch.Searcher
	docs, a.closeDocs = a.newDocsSearch()
	a.api, err = api.New(api.Dependencies{
		Log:             a.log,
		Metrics:         a.metrics,
		Events:          a.newEvents(),
		OTLP:            a.otlp,
		LangSmith:       a.langSmith != nil && a.honoursTraceHeader(),
		Authenticator:   a.authenticator,
		DisallowedFlags: settings.FeatureFlags.DisallowedFlags,
		Suggestions:     suggestions,
		SingleTurn:      chat.NewSingleTurn(models, settings.CustomModels.DisableStreaming),
		ChatAgent:       chat.NewAgent(models.prompts, settings.CustomModels.Enabled),
		Prompts:         models.prompts,
		Proxies:         a.newProxies(models, calls),
		AmazonQ:         a.newAmazonQ(),
		DocsSearch:      docs,
		Ready:           a.ready.Ready,
		Limits:          api.Limits{BodyBytes: int64(settings.FastAPI.MaxBodyBytes), ReadBody: settings.FastAPI.ReadBodyTimeout},
		Docs:            api.Docs{OpenAPI: settings.FastAPI.OpenAPIURL, Swagger: settings.FastAPI.DocsURL, ReDoc: settings.FastAPI.ReDocURL},
	})
	if err != nil {
		return nil, fmt.Errorf("build the API: %w", err)
	}
	return a, nil
}

// Close releases what New opened.
func (a *App) Close() {
	a.retire()
	a.closeLog()
}

// retire ends everything but the log.
func (a *App) retire() {
	a.flush()
	a.authenticator.Close()
	a.closeDocs()
}

func (a *App) closeLog() {
	if a.logFile != nil {
		_ = a.logFile.Close()
	}
}

func (a *App) openLog() error {
	level, ok := observe.ParseLevel(a.settings.Logging.Level)
	if !ok {
		return fmt.Errorf("AIGW_LOGGING__LEVEL: there is no level %q", a.settings.Logging.Level)
	}
	var w io.Writer = os.Stderr
	if path := a.settings.Logging.ToFile; path != "" {
		file, err := openLogFile(path)
		if err != nil {
			return err
		}
		w, a.logFile = file, file
	}
	a.log = observe.NewLogger(w, observe.LogOptions{Level: level, JSON: a.settings.Logging.FormatJSON, RequestContent: a.settings.Logging.EnableRequestLogging})
	return nil
}

func authConfig(s *config.Settings) auth.Config {
	return auth.Config{
		ServiceName:              s.Deployment.ServiceName,
		GitLabURL:                s.GitLabURL,
		CustomerPortalURL:        s.CustomerPortalURL,
		SigningKey:               s.SelfSignedJWT.SigningKey.Reveal(),
		ValidationKey:            s.SelfSignedJWT.ValidationKey.Reveal(),
		BypassExternal:           s.Auth.BypassExternal,
		BypassExternalWithHeader: s.Auth.BypassExternalWithHeader,
		BypassSignature:          s.Auth.BypassJWTSignature,
		ClockSkew:                s.Auth.ClockSkew,
	}
}
