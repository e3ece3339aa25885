package config

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// check looks at values of the right type that will not do all the same.
func (l *loader) check() {
	l.checkLogging()
	l.checkServer()
	l.checkURLs()
	l.checkTLS()
	l.checkCollectors()
	l.checkMetricsFolder()
	l.checkOpenTelemetry()
	l.checkPrompts()
	l.checkLimits()
	l.checkModelRequests()
	l.checkSuggestions()
}

func (l *loader) checkLogging() {
	levels := []string{"CRITICAL", "FATAL", "ERROR", "WARN", "WARNING", "INFO", "DEBUG", "NOTSET"}
	logging := &l.settings.Logging
	if !slices.Contains(levels, logging.Level) {
		l.complain("AIGW_LOGGING__LEVEL", fmt.Sprintf("%s is no log level; write one of %s", show(logging.Level), strings.Join(levels, ", ")))
	}
	if logging.ToFile == "" {
		return
	}
	path := l.resolve(logging.ToFile)
	if !isFolder(filepath.Dir(path)) {
		l.complain("AIGW_LOGGING__TO_FILE",
			fmt.Sprintf("the folder %s does not exist; create it, or write the path of a file in another one", filepath.Dir(path)))
	} else if isFolder(path) {
		l.complain("AIGW_LOGGING__TO_FILE", path+" is a folder; write the path of a file in it")
	}
}

func (l *loader) checkServer() {
	server := &l.settings.FastAPI
	for name, port := range map[string]int{"AIGW_FASTAPI__API_PORT": server.APIPort, "AIGW_FASTAPI__METRICS_PORT": server.MetricsPort} {
		if port < 0 || port > 65535 {
			l.complain(name, fmt.Sprintf("%d is no port; write one from 0 to 65535", port))
		}
	}
	if samePort(server) {
		l.complain("AIGW_FASTAPI__METRICS_PORT", fmt.Sprintf("%d is the same port as that of the API (%s); write another one", server.MetricsPort,
			l.written("AIGW_FASTAPI__API_PORT")))
	}
	for name, path := range map[string]string{
		"AIGW_FASTAPI__DOCS_URL":    server.DocsURL,
		"AIGW_FASTAPI__OPENAPI_URL": server.OpenAPIURL,
		"AIGW_FASTAPI__REDOC_URL":   server.ReDocURL,
	} {
		if path != "" && !strings.HasPrefix(path, "/") {
			l.complain(name, show(path)+" does not start with /; write a path like /docs")
		}
	}
	for name, limit := range map[string]int{
		"AIGW_FASTAPI__MAX_BODY_BYTES":      server.MaxBodyBytes,
		"AIGW_FASTAPI__READ_HEADER_TIMEOUT": int(server.ReadHeaderTimeout),
		"AIGW_FASTAPI__READ_BODY_TIMEOUT":   int(server.ReadBodyTimeout),
		"AIGW_FASTAPI__KEEP_ALIVE_TIMEOUT":  int(server.KeepAliveTimeout),
	} {
		if limit <= 0 {
			l.complain(name, "there must be a limit; write a number above 0")
		}
	}
}

// samePort reports whether both listeners want one port of one address. Port 0 is a free one, another each time.
func samePort(server *FastAPI) bool {
	all := func(host string) bool {
		ip := net.ParseIP(host)
		return host == "" || ip != nil && ip.IsUnspecified()
	}
	return server.APIPort == server.MetricsPort && server.APIPort != 0 &&
		(server.APIHost == server.MetricsHost || all(server.APIHost) || all(server.MetricsHost))
}

// checkURLs warns of addresses that are none. They don't keep the gateway from starting: what needs them fails when it is asked for
// (spec/settings-and-operations.md 1.7).
func (l *loader) checkURLs() {
	s := l.settings
	for _, setting := range []struct{ name, value string }{
		{"AIGW_GITLAB_URL", s.GitLabURL},
		{"AIGW_CUSTOMER_PORTAL_URL", s.CustomerPortalURL},
		{"AIGW_GLGO_BASE_URL", s.GlgoBaseURL},
		{"AIGW_SNOWPLOW__ENDPOINT", s.Snowplow.Endpoint},
		{"AIGW_INTERNAL_EVENT__ENDPOINT", s.InternalEvent.Endpoint},
		{"AIGW_AMAZON_Q__ENDPOINT_URL", s.AmazonQ.EndpointURL},
		{"ANTHROPIC_BASE_URL", s.Anthropic.BaseURL},
	} {
		u, err := url.Parse(setting.value)
		if setting.value != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			l.warn("%s: this is no URL; write it with its scheme, like https://gitlab.example.com", l.written(setting.name))
		}
	}
}

// checkTLS sees that certificate and key come together and are there. What is in them is read when the gateway starts.
func (l *loader) checkTLS() {
	const cert, key, ca = "AIGW_FASTAPI__TLS_CERT_FILE", "AIGW_FASTAPI__TLS_KEY_FILE", "AIGW_FASTAPI__TLS_CLIENT_CA_FILE"
	server := &l.settings.FastAPI
	switch {
	case server.TLSCertFile != "" && server.TLSKeyFile == "":
		l.complain(key, "the certificate ("+l.written(cert)+") needs its private key; write the path of a PEM file")
	case server.TLSCertFile == "" && server.TLSKeyFile != "":
		l.complain(cert, "the private key ("+l.written(key)+") needs its certificate; write the path of a PEM file")
	case server.TLSCertFile == "" && server.TLSClientCAFile != "":
		l.complain(cert, "client certificates ("+l.written(ca)+") need TLS; write the path of the gateway's own certificate")
	}
	for name, path := range map[string]string{cert: server.TLSCertFile, key: server.TLSKeyFile, ca: server.TLSClientCAFile} {
		if path == "" {
			continue
		}
		if info, err := os.Stat(l.resolve(path)); err != nil || info.IsDir() {
			l.complain(name, fmt.Sprintf("there is no file %s; write the path of a PEM file", l.resolve(path)))
		}
	}
}

// checkLimits refuses limits that would let nothing through.
func (l *loader) checkLimits() {
	const name, enforce = "AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS", "AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS_ENFORCE"
	s := l.settings
	if !s.ModelEngineConcurrencyLimitsEnforce {
		return
	}
	if len(s.ModelEngineConcurrencyLimits) == 0 {
		l.warn("%s has no effect: %s names no model", l.written(enforce), name)
	}
	for engine, models := range s.ModelEngineConcurrencyLimits {
		for model, limit := range models {
			if limit < 1 {
				l.complain(name, fmt.Sprintf("limits are kept to (%s), so that %d lets no call to %s of %s through; write 1 or more",
					l.written(enforce), limit, show(model), show(engine)))
			}
		}
	}
}

func (l *loader) checkCollectors() {
	if snowplow := &l.settings.Snowplow; snowplow.Enabled && snowplow.Endpoint == "" {
		l.complainOfCollector("AIGW_SNOWPLOW")
	}
	if events := &l.settings.InternalEvent; events.Enabled && events.Endpoint == "" {
		l.complainOfCollector("AIGW_INTERNAL_EVENT")
	}
}

func (l *loader) complainOfCollector(group string) {
	l.complain(group+"__ENDPOINT", fmt.Sprintf("events are on (%s), so there must be a collector; write its URL, like https://snowplow.example.com",
		l.written(group+"__ENABLED")))
}

// checkMetricsFolder insists on the folder for the metrics of several processes, though nothing is written to it.
func (l *loader) checkMetricsFolder() {
	const name = "PROMETHEUS_MULTIPROC_DIR"
	folder := l.settings.Prometheus.MultiprocDir
	switch {
	case !l.isGiven(name):
	case folder == "":
		l.complain(name, "this is empty; write the path of an existing folder, or leave the variable out")
	case !isFolder(l.resolve(folder)):
		l.complain(name, fmt.Sprintf("the folder %s does not exist; create it, or leave the variable out", l.resolve(folder)))
	}
}

// checkOpenTelemetry insists on exporters that there are.
func (l *loader) checkOpenTelemetry() {
	if !l.settings.OpenTelemetry.Enabled {
		return // the variables may be meant for others
	}
	for name, exporter := range map[string]string{
		"OTEL_TRACES_EXPORTER":  l.settings.OTel.TracesExporter,
		"OTEL_METRICS_EXPORTER": l.settings.OTel.MetricsExporter,
	} {
		if exporter != "otlp" && exporter != "none" {
			l.complain(name, fmt.Sprintf("the gateway has no exporter %s; write otlp or none", show(exporter)))
		}
	}
}

// resolve finds a path that is relative to the working directory.
func (l *loader) resolve(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(l.dir, path)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
