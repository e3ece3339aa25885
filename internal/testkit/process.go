package testkit

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// How long a gateway may take. The contract lets a start take seconds, and a stop until its requests are answered.
const (
	startPatience = 60 * time.Second
	stopPatience  = 10 * time.Second
)

// Settings start a gateway.
type Settings struct {
	Env   map[string]string // AIGW_… and others; nothing but PATH and the like is inherited
	Files map[string][]byte // in its working directory, which is fresh; a name may contain slashes
}

// Process is a running gateway: the real binary, on ports of its own on 127.0.0.1.
type Process struct {
	URL        string // base URL of the API
	MetricsURL string // base URL of the metrics listener
	Dir        string // its working directory, removed when it is stopped
	Log        *Log

	cmd    *exec.Cmd
	client *http.Client
	ended  chan struct{} // closed when it ended, then err is set
	err    error
	stop   sync.Once
}

// EndedError says that a gateway ended by itself before it served.
type EndedError struct {
	Err    error // nil for exit status 0, else an [exec.ExitError]
	Output string
}

func (e *EndedError) Error() string {
	status := "exit status 0"
	if e.Err != nil {
		status = e.Err.Error()
	}
	return fmt.Sprintf("the gateway ended at its start: %s\n%s", status, e.Output)
}

func (e *EndedError) Unwrap() error { return e.Err }

// Launch starts a gateway and returns when GET /monitoring/healthz is 200. A gateway that ends before is an [EndedError].
// End it with [Process.Stop]. Tests use [Gateway].
func Launch(binary string, s Settings) (*Process, error) {
	p, err := prepare(s)
	if err != nil {
		return nil, fmt.Errorf("start the gateway: %w", err)
	}
	p.cmd.Path, p.cmd.Args = binary, []string{binary}
	if err := p.cmd.Start(); err != nil {
		os.RemoveAll(p.Dir)
		return nil, fmt.Errorf("start the gateway: %w", err)
	}
	go p.watch()
	if err := p.ready(); err != nil {
		p.Stop() //nolint:errcheck // the first error says what is wrong
		return nil, err
	}
	return p, nil
}

func prepare(s Settings) (*Process, error) {
	api, err := freePort()
	if err != nil {
		return nil, err
	}
	metrics, err := freePort()
	if err != nil {
		return nil, err
	}
	dir, err := workingDirectory(s.Files)
	if err != nil {
		return nil, err
	}
	p := &Process{
		URL: localURL(api), MetricsURL: localURL(metrics), Log: &Log{},
		Dir: dir, client: newClient(), ended: make(chan struct{}),
	}
	p.cmd = &exec.Cmd{Dir: dir, Env: environment(api, metrics, dir, s.Env), Stdout: p.Log, Stderr: p.Log, WaitDelay: time.Second}
	return p, nil
}

func localURL(port int) string { return "http://127.0.0.1:" + strconv.Itoa(port) }

func workingDirectory(files map[string][]byte) (string, error) {
	dir, err := os.MkdirTemp("", "ai-gateway-run-")
	if err != nil {
		return "", err
	}
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// environment keeps the machine's settings out: only what programs need to run is inherited.
func environment(api, metrics int, home string, settings map[string]string) []string {
	env := []string{
		"HOME=" + home,
		"AIGW_FASTAPI__API_HOST=127.0.0.1", "AIGW_FASTAPI__API_PORT=" + strconv.Itoa(api),
		"AIGW_FASTAPI__METRICS_HOST=127.0.0.1", "AIGW_FASTAPI__METRICS_PORT=" + strconv.Itoa(metrics),
		"AIGW_LOGGING__FORMAT_JSON=true",
	}
	for _, name := range []string{"PATH", "TMPDIR", "GOCOVERDIR", "GORACE", "GOMAXPROCS", "SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	for name, value := range settings {
		env = append(env, name+"="+value) // the last of two counts
	}
	return env
}

func (p *Process) watch() {
	p.err = p.cmd.Wait()
	p.Log.end()
	close(p.ended)
}

// ready waits until it answers its health check.
func (p *Process) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		if p.healthy(ctx) {
			return nil
		}
		select {
		case <-p.ended:
			return &EndedError{Err: p.err, Output: p.Log.Text()}
		case <-ctx.Done():
			return fmt.Errorf("the gateway does not serve after %s\n%s", startPatience, p.Log.Tail(15))
		case <-again.C:
		}
	}
}

func (p *Process) healthy(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/monitoring/healthz", nil)
	if err != nil {
		return false
	}
	answer, err := p.Send(req)
	return err == nil && answer.Status == http.StatusOK
}

// Ended is closed when the gateway has ended, by whatever cause.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Signal sends a signal, for tests of what it does then.
func (p *Process) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Stop ends the gateway with SIGTERM and removes its working directory. It is an error when it takes longer than 10 s (then
// it is killed) or when its exit status is not 0, and nil when it was stopped before.
func (p *Process) Stop() (err error) {
	p.stop.Do(func() { err = p.terminate() })
	return err
}

func (p *Process) terminate() error {
	defer os.RemoveAll(p.Dir)
	p.Signal(syscall.SIGTERM) //nolint:errcheck // it may have ended, which shows below
	select {
	case <-p.ended:
	case <-time.After(stopPatience):
		p.Signal(syscall.SIGKILL) //nolint:errcheck // the same
		<-p.ended
		return fmt.Errorf("the gateway did not end within %s after SIGTERM\n%s", stopPatience, p.Log.Tail(15))
	}
	if p.err != nil {
		return fmt.Errorf("the gateway ended with %w\n%s", p.err, p.Log.Tail(40))
	}
	return nil
}
