package app

import (
	"errors"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// memoryShare is how much of the container's memory the Go heap and its like may take; source parsing and the SQLite cache live beside it.
const memoryShare = 0.9

// followLimits makes the Go runtime keep within what the process is given. Processors follow the container's by themselves; WEB_CONCURRENCY
// lowers their number where GOMAXPROCS does not say it. Memory is collected more eagerly when it nears the container's limit, unless
// GOMEMLIMIT says otherwise.
func (a *App) followLimits() {
	processors := runtime.GOMAXPROCS(0)
	if d := a.settings.Deployment; d.GoMaxProcs == "" && d.WebConcurrency > 0 && d.WebConcurrency < processors {
		processors = d.WebConcurrency
		runtime.GOMAXPROCS(processors)
	}
	memory := debug.SetMemoryLimit(-1)
	if limit, found := containerMemory(os.DirFS("/")); found && memory == math.MaxInt64 {
		memory = int64(float64(limit) * memoryShare)
		debug.SetMemoryLimit(memory)
	}
	if a.settings.Deployment.GoGC == "" {
		gatherGarbage(memory)
	}
	attrs := []any{slog.Int("processors", processors)}
	if memory != math.MaxInt64 {
		attrs = append(attrs, slog.Int64("memory_mib", memory>>20))
	}
	observe.Named(a.log, "main").Info("The process keeps within its limits", attrs...)
}

// containerMemory is the memory in bytes that the process's control group may take, by version 2 or version 1 of Linux's interface. It is
// not found where there is no limit.
func containerMemory(root fs.FS) (limit int64, found bool) {
	groups, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return 0, false
	}
	limit = math.MaxInt64
	for line := range strings.Lines(string(groups)) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		switch {
		case controllers == "":
			limit = min(limit, lowestLimit(root, "sys/fs/cgroup", group, "memory.max"))
		case strings.Contains(","+controllers+",", ",memory,"):
			limit = min(limit, lowestLimit(root, "sys/fs/cgroup/memory", group, "memory.limit_in_bytes"))
		}
	}
	const none = 1 << 62 // version 1 writes about this much for "no limit"
	return limit, limit < none
}

// lowestLimit looks at a group and all groups above it. Within a container only the topmost may be there, which is the container's.
func lowestLimit(root fs.FS, mount, group, file string) int64 {
	limit := int64(math.MaxInt64)
	for group = path.Clean("/" + group); ; group = path.Dir(group) {
		text, err := fs.ReadFile(root, path.Join(mount, group, file))
		if err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil { // "max" is none
				limit = min(limit, n)
			}
		}
		if group == "/" || (err != nil && !errors.Is(err, fs.ErrNotExist)) {
			return limit
		}
	}
}
