package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

// settingsSource reads the settings of a gateway that runs here: the environment with which the process was started, and the .env file. It
// implements [app.Source].
type settingsSource struct {
	environ  []string // as it was before anything was exported
	dir      string
	exported []string // names
}

func newSettingsSource() (*settingsSource, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	return &settingsSource{environ: os.Environ(), dir: dir}, nil
}

// Load reads the settings and exports what only the file has, for the libraries that read the environment.
func (s *settingsSource) Load() (*config.Settings, error) {
	settings, err := config.Load(s.environ, s.dir)
	if err != nil {
		return nil, err
	}
	for _, name := range s.exported {
		_ = os.Unsetenv(name)
	}
	s.exported = nil
	for _, variables := range []func() []string{settings.Exports, func() []string { return trust(settings) }, proxies} {
		if err := s.export(variables()); err != nil {
			return nil, err
		}
	}
	return settings, nil
}

func (s *settingsSource) export(variables []string) error {
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		if err := os.Setenv(name, value); err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
		s.exported = append(s.exported, name)
	}
	return nil
}

// Stamp tells versions of the .env file apart.
func (s *settingsSource) Stamp() string { return config.Stamp(s.dir) }

// loadSettings reads the settings once.
func loadSettings() (*config.Settings, error) {
	source, err := newSettingsSource()
	if err != nil {
		return nil, err
	}
	return source.Load()
}

// proxies are HTTP_PROXY and HTTPS_PROXY by ALL_PROXY, which Go does not know: where they are not set, it counts for both.
func proxies() (variables []string) {
	set := func(name string) string { return cmp.Or(os.Getenv(name), os.Getenv(strings.ToLower(name))) }
	all := set("ALL_PROXY")
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		if all != "" && set(name) == "" {
			variables = append(variables, name+"="+all)
		}
	}
	return variables
}

// trust makes Go's libraries trust the authorities of REQUESTS_CA_BUNDLE, unless SSL_CERT_FILE says whom to trust. The folders of the system
// count all the same.
func trust(settings *config.Settings) []string {
	if settings.TLS.CABundle == "" || os.Getenv("SSL_CERT_FILE") != "" {
		return nil
	}
	return []string{"SSL_CERT_FILE=" + settings.TLS.CABundle}
}
