package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// check looks at values of the right type that will not do all the same.
func (l *loader) check() {
	l.checkLogging()
	l.checkServer()
	l.checkCollectors()
	l.checkMetricsFolder()
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
	if server.Reload {
		l.warn("%s has no effect: restart the gateway to change it", l.given["AIGW_FASTAPI__RELOAD"])
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
		l.given[group+"__ENABLED"]))
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
