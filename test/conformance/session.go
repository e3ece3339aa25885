package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// Session is a gateway with the settings of a profile between fakes of its own. It is for one goroutine.
type Session struct {
	fakes   *testkit.Fakes
	gateway *testkit.Process
	unseen  int // requests whose access log entry did not come in time
}

// Open starts fakes and a gateway.
func (s *Suite) Open(binary, profile string) (*Session, error) {
	fakes, err := testkit.StartFakes()
	if err != nil {
		return nil, err
	}
	gateway, err := s.launch(binary, fakes, s.profiles[profile])
	if err != nil {
		fakes.Close()
		return nil, err
	}
	return &Session{fakes: fakes, gateway: gateway}, nil
}

// Close ends both. It is an error when the gateway does not end properly.
func (s *Session) Close() error {
	defer s.fakes.Close()
	return s.gateway.Stop()
}

func (s *Suite) launch(binary string, fakes *testkit.Fakes, profile Profile) (*testkit.Process, error) {
	settings := testkit.Settings{Env: map[string]string{}, Files: map[string][]byte{}}
	for name, value := range profile {
		file, isFile := strings.CutPrefix(name, "file:")
		if !isFile {
			settings.Env[name] = fakes.Fill(value)
			continue
		}
		settings.Files[file] = []byte(fakes.Fill(value))
		if source, isCopy := strings.CutPrefix(value, "@"); isCopy {
			content, err := os.ReadFile(filepath.Join(s.data, source))
			if err != nil {
				return nil, err
			}
			settings.Files[file] = content
		}
	}
	return testkit.Launch(binary, settings)
}

// RunAlone runs a case that says how its gateway is started.
func (s *Suite) RunAlone(binary string, c *Case, p Patience) (d Differences) {
	fakes, err := testkit.StartFakes()
	if err != nil {
		return Differences{err.Error()}
	}
	defer fakes.Close()
	profile := maps.Clone(s.profiles[c.Profile])
	maps.Copy(profile, c.Start.Env)
	gateway, err := s.launch(binary, fakes, profile)
	if err != nil {
		return c.Start.compareFailure(err)
	}
	defer func() {
		if err := gateway.Stop(); err != nil {
			d.add("%v", err)
		}
	}()
	if c.Start.Fails {
		return Differences{"start: it serves, but ought to have failed"}
	}
	if c.Request.Path != "" {
		session := &Session{fakes: fakes, gateway: gateway}
		d = session.Run(c, p)
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.with(&d))
	defer cancel()
	gateway.Log.Await(ctx, 0, func(lines []testkit.LogLine) bool { return len(c.Start.missing(text(lines))) == 0 })
	for _, re := range c.Start.missing(gateway.Log.Text()) {
		d.add("start: want output that matches %q, got %q", re, gateway.Log.Tail(15))
	}
	return d
}

// compareFailure judges a gateway that did not come to serve.
func (s *Start) compareFailure(err error) (d Differences) {
	var ended *testkit.EndedError
	var exit *exec.ExitError
	if !s.Fails || !errors.As(err, &ended) || !errors.As(err, &exit) {
		return Differences{"start: " + err.Error()}
	}
	for _, re := range s.missing(ended.Output) {
		d.add("start: want output that matches %q, got %q", re, ended.Output)
	}
	return d
}

// missing are the patterns that the output does not match, or that cannot be compiled.
func (s *Start) missing(output string) (missing []string) {
	for _, re := range s.Says {
		if (&Differences{}).match(re, output) {
			continue
		}
		missing = append(missing, re)
	}
	return missing
}

func text(lines []testkit.LogLine) string {
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintln(&b, line.Text)
	}
	return b.String()
}
