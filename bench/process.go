package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// peer is a process under measurement.
type peer struct {
	url     string
	readyIn time.Duration // from its start until it answered
	process *exec.Cmd
	output  *bytes.Buffer
}

// startPeer starts a command and waits until it answers at readyPath with anything.
func startPeer(ctx context.Context, url, readyPath string, env []string, name string, args ...string) (*peer, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	output := &bytes.Buffer{}
	cmd.Stderr = output
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &peer{url: url, process: cmd, output: output}
	for time.Since(started) < 10*time.Second {
		res, err := http.Get(url + readyPath)
		if err == nil {
			_ = res.Body.Close()
			p.readyIn = time.Since(started)
			return p, nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	p.stop()
	return nil, fmt.Errorf("%s does not answer: %s", name, output)
}

func (p *peer) stop() {
	_ = p.process.Process.Signal(syscall.SIGTERM)
	_ = p.process.Wait()
}

// cpu is the processor time that the peer has used so far, of all its threads.
func (p *peer) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.process.Process.Pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const clockTicks = 100 // USER_HZ, the same on every Linux
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / clockTicks
}

// rss is the memory that the peer occupies, in bytes.
func (p *peer) rss() int {
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.process.Process.Pid))
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(strings.Fields(string(statm))[1])
	return pages * os.Getpagesize()
}

func mib(bytes int) float64 { return float64(bytes) / (1 << 20) }
