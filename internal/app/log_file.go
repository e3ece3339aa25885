package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// logFile is the file that the log goes to. Tools that rotate logs rename it and send SIGHUP; the log then goes on in a new file of the
// old name.
type logFile struct {
	path string

	mu   sync.Mutex
	file *os.File
}

func openLogFile(path string) (*logFile, error) {
	file, err := openForAppend(path)
	if err != nil {
		return nil, fmt.Errorf("AIGW_LOGGING__TO_FILE: %w", unwritable(err))
	}
	return &logFile{path: path, file: file}, nil
}

func openForAppend(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}

// unwritable says what to do about a file that can't be written.
func unwritable(err error) error {
	return fmt.Errorf("%w; make it writable for the user of the gateway (in a container, mount a volume there), or leave the variable out: "+
		"the log then goes to standard error", err)
}

// checkLogFile says whether a file could be appended to, and makes none.
func checkLogFile(path string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	switch {
	case err == nil:
		return file.Close()
	case !errors.Is(err, os.ErrNotExist):
		return unwritable(err)
	}
	const write = 2 // W_OK of access(2)
	if err := syscall.Access(filepath.Dir(path), write); err != nil {
		return unwritable(&os.PathError{Op: "write to", Path: filepath.Dir(path), Err: err})
	}
	return nil
}

// Write implements io.Writer. Each entry is one write.
func (l *logFile) Write(entry []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Write(entry)
}

// reopen goes on in the file that has the path now. When that cannot be opened, the log stays where it is.
func (l *logFile) reopen() error {
	file, err := openForAppend(l.path)
	if err != nil {
		return fmt.Errorf("reopen the log: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.file
	l.file = file
	return old.Close()
}

func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}

// reopenLog reopens the log file on SIGHUP until ctx ends. Without a file SIGHUP keeps its usual meaning.
func (a *App) reopenLog(ctx context.Context) {
	if a.logFile == nil {
		return
	}
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	go func() {
		defer signal.Stop(hangup)
		for {
			select {
			case <-hangup:
				if err := a.logFile.reopen(); err != nil {
					observe.Named(a.log, "main").Error(err.Error())
				}
			case <-ctx.Done():
				return
			}
		}
	}()
}
