package middleware

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/observe"
)

// AccessLog writes one entry a request when its response is complete or has failed (spec/observability.md 4), and tells the client how long
// the head took (X-Process-Time).
func AccessLog(log *slog.Logger) Middleware {
	exceptions := log
	log = observe.Named(log, "api.access")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			entry := accessEntry{arrived: time.Now(), cpu: processCPU(), request: r, response: watch(w)}
			entry.response.beforeHead = func() {
				w.Header().Set("X-Process-Time", strconv.FormatFloat(time.Since(entry.arrived).Seconds(), 'g', -1, 64))
			}
			defer func() {
				failure := recover()
				if isDefect(failure) {
					noteDefect(r.Context(), exceptions, failure)
				}
				entry.write(log)
				if failure != nil {
					panic(failure)
				}
			}()
			next.ServeHTTP(entry.response, r)
		})
	}
}

// isDefect tells a handler that broke down from one that gave up on purpose: its client left, or its answer must be cut.
func isDefect(failure any) bool {
	err, isError := failure.(error)
	return failure != nil && (!isError || !errors.Is(err, http.ErrAbortHandler))
}

// noteDefect logs a handler's failure, and tells the access log of it (spec/observability.md 5).
func noteDefect(ctx context.Context, log *slog.Logger, failure any) {
	err, isError := failure.(error)
	if !isError {
		err = fmt.Errorf("panic: %v", failure)
	}
	observe.LogException(ctx, log, err, nil)
	record := observe.RecordFrom(ctx)
	record.Set("exception_message", err.Error())
	record.Set("exception_class", fmt.Sprintf("%T", err))
	record.Set("exception_backtrace", string(debug.Stack()))
}

// accessEntry is what the access log needs to know from the start.
type accessEntry struct {
	arrived  time.Time
	cpu      time.Duration
	request  *http.Request
	response *responseWriter
}

// write logs the fields that every entry has (spec/observability.md 4.1) and what was learnt while the request was served.
func (e *accessEntry) write(log *slog.Logger) {
	ctx := e.request.Context()
	if !log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	r, w := e.request, e.response
	status := w.answered(r)
	ip, port := client(r)
	version := strconv.Itoa(r.ProtoMajor) + "." + strconv.Itoa(r.ProtoMinor)
	path, url := r.URL.EscapedPath(), Scheme(r)+"://"+r.Host+r.URL.Path
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
		url += "?" + r.URL.RawQuery
	}
	contentType := w.Header().Get("Content-Type")
	if contentType == "" {
		contentType = "unknown"
	}
	pooled := fieldsPool.Get().(*logFields)
	fields := (*pooled)[:0]
	fields = append(fields,
		slog.String("url", url),
		slog.String("path", path),
		slog.Int("status_code", status),
		slog.String("method", r.Method),
		slog.String("http_version", version),
		slog.String("client_ip", ip),
		slog.Int("client_port", port),
		slog.Float64("duration_s", time.Since(e.arrived).Seconds()),
		slog.Any("duration_request", onTheWay(r, e.arrived)),
		slog.String("request_arrived_at", e.arrived.UTC().Format("2006-01-02T15:04:05.000000+00:00")),
		slog.Float64("response_start_duration_s", secondsAfter(e.arrived, w.headAt)),
		slog.Float64("first_chunk_duration_s", secondsAfter(e.arrived, w.firstAt)),
		slog.Float64("cpu_s", (processCPU()-e.cpu).Seconds()),
		slog.String("content_type", contentType),
	)
	for _, h := range identityHeaders {
		if values := r.Header[h.header]; len(values) > 0 {
			fields = append(fields, slog.String(h.field, values[0]))
		} else {
			fields = append(fields, slog.Any(h.field, nil))
		}
	}
	for key, value := range observe.RecordFrom(ctx).Facts() {
		fields.set(key, value)
	}
	message := ip + ":" + strconv.Itoa(port) + ` - "` + r.Method + " " + path + " HTTP/" + version + `" ` + strconv.Itoa(status)
	log.LogAttrs(ctx, slog.LevelInfo, message, slog.Attr{Value: slog.GroupValue(fields...)}) // a group without name costs no copy
	clear(fields)
	*pooled = fields
	fieldsPool.Put(pooled)
}

// fieldsPool holds lists for the fields of one entry each.
var fieldsPool = sync.Pool{New: func() any { return new(make(logFields, 0, 48)) }}

// identityHeaders are logged as they were received, null when they were not (spec/auth.md 4).
var identityHeaders = []struct{ field, header string }{
	{"user_agent", "User-Agent"},
	{"gitlab_language_server_version", "X-Gitlab-Language-Server-Version"},
	{"gitlab_instance_id", "X-Gitlab-Instance-Id"},
	{"gitlab_global_user_id", "X-Gitlab-Global-User-Id"},
	{"gitlab_host_name", "X-Gitlab-Host-Name"},
	{"gitlab_version", "X-Gitlab-Version"},
	{"gitlab_saas_duo_pro_namespace_ids", "X-Gitlab-Saas-Duo-Pro-Namespace-Ids"},
	{"gitlab_feature_enabled_by_namespace_ids", "X-Gitlab-Feature-Enabled-By-Namespace-Ids"},
	{"gitlab_realm", "X-Gitlab-Realm"},
	{"gitlab_duo_seat_count", "X-Gitlab-Duo-Seat-Count"},
}

// onTheWay is how long the request travelled: seconds since GitLab Rails sent it, or -1 when it does not say.
func onTheWay(r *http.Request, arrived time.Time) any {
	sent, err := strconv.ParseFloat(r.Header.Get("X-Gitlab-Rails-Send-Start"), 64)
	if err != nil || sent != sent || sent > 1e15 || sent < -1e15 {
		return -1
	}
	return float64(arrived.UnixMicro())/1e6 - sent
}

// client is the address of the client: the first entry of X-Forwarded-For (then port 0), else the peer's.
func client(r *http.Request) (ip string, port int) {
	if first, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ","); strings.TrimSpace(first) != "" {
		return strings.TrimSpace(first), 0
	}
	host, p, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr, 0
	}
	port, _ = strconv.Atoi(p)
	return host, port
}

// secondsAfter is 0 for something that never happened.
func secondsAfter(start, t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return t.Sub(start).Seconds()
}

// processCPU is the CPU time that the whole process has used so far.
func processCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// logFields is a list of attributes in which a later value replaces an earlier one of the same key.
type logFields []slog.Attr

func (f *logFields) set(key string, value any) {
	for i := range *f {
		if (*f)[i].Key == key {
			(*f)[i] = slog.Any(key, value)
			return
		}
	}
	*f = append(*f, slog.Any(key, value))
}
