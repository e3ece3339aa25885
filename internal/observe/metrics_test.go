package observe

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/ai-gateway/ai-gateway/internal/abuse"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/prompting"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// everything is a registry in which each metric has at least one sample.
func everything(t *testing.T) *Metrics {
	t.Helper()
	m := NewMetrics()
	suggestions := m.CodeSuggestions()
	clients := clientsOf(t, m, suggestions)
	clients("value")
	m.Events("internal_event").Sent(1)
	m.Events("internal_event").Waiting(1)
	m.Events("internal_event").Dropped(1, "queue_full")
	m.Abuse(discard()).Score(t.Context(), abuse.Request{}, 0.5)
	m.scanThreads(t.Context(), discard())
	m.Models(nil, discard()).Limited(llm.ID{Engine: "litellm", Name: "value"}, []string{"queue_full"})
	m.ModelConnectionOpened("openai")
	m.ModelConnectionUsed("openai", true)
	return m
}

// clientsOf returns a function that does all that clients can make the gateway count, with every text that they choose being the given one.
func clientsOf(t *testing.T, m *Metrics, suggestions *CodeSuggestions) func(text string) {
	models := m.Models(Limits{"litellm": {"value": 1}}, discard())
	return func(text string) {
		m.Request("/v1/prompts/{prompt_id:path}", text, 200, time.Second)
		id := llm.ID{Engine: "litellm", Name: text}
		answer := scripted{chunks: []llm.Chunk{{Text: "a", Usage: &llm.Usage{InputTokens: 1, OutputTokens: 1}}}}
		if _, err := llm.Collect(models.Meter(llm.Handle{Model: answer, ID: id}).Generate(t.Context(), llm.Request{Stream: true})); err != nil {
			t.Fatal(err)
		}
		suggestions.Inference(t.Context(), codesuggestions.Inference{
			Model: id, Language: "go", EditorLanguage: &text, Extension: text, Components: []prompting.Component{{Name: "prefix"}},
			Experiments: []codesuggestions.Experiment{{Name: "exp_truncate_suffix"}}, Symbols: map[string]int{"comment": 1},
		})
		suggestions.PostProcessed(t.Context(), id, time.Millisecond)
		m.ClientTelemetry(t.Context(), discard(), ClientTelemetry{
			ModelEngine: text, ModelName: text, Language: &text, Experiments: []ClientExperiment{{text, 1}}, Requests: 1, Accepts: 1, Errors: 1,
		})
	}
}

// The contract's names come first: promlint does not like that of the gauge of threads.
func TestMetricsFollowTheRulesOfPrometheus(t *testing.T) {
	m := everything(t)
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil {
		t.Fatal(err)
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	sampled := map[string]bool{}
	for _, family := range families {
		sampled[family.GetName()] = true
	}
	for name := range described(t, m) {
		if !sampled[name] {
			t.Errorf("%s has no sample, so nothing looked at it", name)
		}
	}
	for _, p := range problems {
		if p.Metric != "ai_gateway_threads_count" {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

func TestClientsCannotMakeSeriesWithoutEnd(t *testing.T) {
	m := NewMetrics()
	clients := clientsOf(t, m, m.CodeSuggestions())
	series := func() map[string]int {
		families, err := m.registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		n := map[string]int{}
		for _, family := range families {
			n[family.GetName()] = len(family.GetMetric())
		}
		return n
	}
	for i := range 1000 {
		clients(fmt.Sprint("first ", i))
	}
	clients("\xff no text")
	clients(strings.Repeat("long", 1000))
	bound := series()
	for i := range 1000 {
		clients(fmt.Sprint("then ", i))
	}
	if diff := cmp.Diff(bound, series()); diff != "" {
		t.Error("series still grow: " + diff)
	}
	for name, n := range bound {
		if n > 1500 {
			t.Errorf("%s has %d series", name, n)
		}
	}
}

// get asks the metrics page.
func get(t *testing.T, m *Metrics, method, target string, headers map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	m.Page().ServeHTTP(w, r)
	return w
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// families are the metrics that a page in the text format announces.
func families(page string) (names []string) {
	for line := range strings.Lines(page) {
		if name, found := strings.CutPrefix(line, "# TYPE "); found {
			names = append(names, strings.Fields(name)[0])
		}
	}
	return names
}

func TestThePageShowsWhatIsAskedFor(t *testing.T) {
	m := everything(t)
	for name, tc := range map[string]struct {
		query string
		want  []string
	}{
		"one family":   {"?name[]=model_inferences_total", []string{"model_inferences_total"}},
		"two families": {"?name%5B%5D=http_request_duration_seconds&name[]=go_goroutines", []string{"go_goroutines", "http_request_duration_seconds"}},
		"an unknown":   {"?name[]=nothing", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, families(body(t, get(t, m, "GET", "/any/path"+tc.query, nil).Body))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if all := families(body(t, get(t, m, "GET", "/", nil).Body)); len(all) < 50 || !slices.Contains(all, "process_resident_memory_bytes") {
		t.Errorf("without a name: %v", all)
	}
}

func TestThePageSpeaksHTTP(t *testing.T) {
	const text, open = "text/plain; version=0.0.4; charset=utf-8", "application/openmetrics-text; version=1.0.0; charset=utf-8"
	m := everything(t)
	for name, tc := range map[string]struct {
		method, path string
		headers      map[string]string
		status       int
		want         map[string]string
		body         string // "…" for anything
	}{
		"text":        {"GET", "/metrics", nil, 200, map[string]string{"Content-Type": text}, "…"},
		"OpenMetrics": {"GET", "/", map[string]string{"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}, 200, map[string]string{"Content-Type": open}, "…"},
		"gzip":        {"GET", "/", map[string]string{"Accept-Encoding": "br, gzip;q=0.5"}, 200, map[string]string{"Content-Encoding": "gzip"}, "…"},
		"the icon":    {"GET", "/favicon.ico", nil, 200, nil, ""},
		"OPTIONS":     {"OPTIONS", "/", nil, 200, map[string]string{"Allow": "OPTIONS,GET"}, ""},
		"HEAD":        {"HEAD", "/", nil, 405, map[string]string{"Allow": "OPTIONS,GET"}, "# HTTP 405 Method Not Allowed: HEAD; use OPTIONS or GET\n"},
		"POST":        {"POST", "/", nil, 405, map[string]string{"Allow": "OPTIONS,GET"}, "# HTTP 405 Method Not Allowed: POST; use OPTIONS or GET\n"},
	} {
		t.Run(name, func(t *testing.T) {
			res := get(t, m, tc.method, tc.path, tc.headers)
			for header, want := range tc.want {
				if got := res.Header().Get(header); !strings.HasPrefix(got, want) {
					t.Errorf("%s: want %q, got %q", header, want, got)
				}
			}
			content := io.Reader(res.Body)
			if res.Header().Get("Content-Encoding") == "gzip" {
				unzipped, err := gzip.NewReader(res.Body)
				if err != nil {
					t.Fatal(err)
				}
				content = unzipped
			}
			got := body(t, content)
			if res.Code != tc.status || (tc.body != "…" && got != tc.body) || (tc.body == "…" && !strings.Contains(got, "go_goroutines")) {
				t.Errorf("got %d %.300s", res.Code, got)
			}
		})
	}
}

func TestTokensAndTheTimeToTheFirstChunkAreCounted(t *testing.T) {
	for name, tc := range map[string]struct {
		chunks            []llm.Chunk
		stream            bool
		input, output, ms float64
	}{
		"of a stream":                      {[]llm.Chunk{{}, {Text: "a"}, {Text: "b", Usage: &llm.Usage{InputTokens: 7, OutputTokens: 3}}}, true, 7, 3, 1},
		"of a whole answer, without time":  {[]llm.Chunk{{Text: "a", Usage: &llm.Usage{InputTokens: 7, OutputTokens: 3}}}, false, 7, 3, 0},
		"not where nobody counts":          {[]llm.Chunk{{Text: "a"}}, true, 0, 0, 1},
		"not where no text comes":          {[]llm.Chunk{{Finish: "stop"}}, true, 0, 0, 0},
		"not below zero, whatever is sent": {[]llm.Chunk{{Text: "a", Usage: &llm.Usage{InputTokens: -7, OutputTokens: 3}}}, false, 0, 3, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := NewMetrics()
			record := &Record{}
			record.Set(FeatureCategory, "duo_chat")
			handle := m.Models(nil, discard()).Meter(llm.Handle{Model: scripted{chunks: tc.chunks}, ID: llm.ID{Engine: "e", Name: "n"}})
			if _, err := llm.Collect(handle.Generate(WithRecord(t.Context(), record), llm.Request{Stream: tc.stream})); err != nil {
				t.Fatal(err)
			}
			got := map[string]float64{
				"input":  testutil.ToFloat64(m.tokens.WithLabelValues("e", "n", "duo_chat", "input")),
				"output": testutil.ToFloat64(m.tokens.WithLabelValues("e", "n", "duo_chat", "output")),
				"first":  float64(testutil.CollectAndCount(m.firstChunk)),
			}
			if diff := cmp.Diff(map[string]float64{"input": tc.input, "output": tc.output, "first": tc.ms}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAStreamThatNobodyReadsEndsWithItsRequest(t *testing.T) {
	m := NewMetrics()
	ctx, leave := context.WithCancel(t.Context())
	handle := m.Models(nil, discard()).Meter(llm.Handle{Model: scripted{chunks: []llm.Chunk{{Text: "a"}}}, ID: llm.ID{Engine: "e", Name: "n"}})
	stream, err := handle.Generate(ctx, llm.Request{Stream: true})
	if err != nil {
		t.Fatal(err)
	}
	leave()
	_, _ = llm.Collect(stream, nil) // late, and it must not count again
	for deadline := time.Now().Add(10 * time.Second); testutil.ToFloat64(m.inFlight.WithLabelValues("e", "n")) != 0; {
		if time.Now().After(deadline) {
			t.Fatal("the call never ends")
		}
	}
	if n := testutil.ToFloat64(m.inferences.WithLabelValues("e", "n", "no", "yes", "unknown")); n != 1 {
		t.Errorf("counted %v times", n)
	}
}

func TestEventsAreCounted(t *testing.T) {
	m := NewMetrics()
	events := m.Events("snowplow")
	events.Sent(2)
	events.Dropped(3, "refused")
	events.Waiting(4)
	got := map[string]float64{
		"sent":    testutil.ToFloat64(m.events.sent.WithLabelValues("snowplow")),
		"dropped": testutil.ToFloat64(m.events.dropped.WithLabelValues("snowplow", "refused")),
		"waiting": testutil.ToFloat64(m.events.waiting.WithLabelValues("snowplow")),
	}
	if diff := cmp.Diff(map[string]float64{"sent": 2, "dropped": 3, "waiting": 4}, got); diff != "" {
		t.Error(diff)
	}
}

func TestClientTelemetryIsLoggedAndCounted(t *testing.T) {
	for name, tc := range map[string]struct {
		give     ClientTelemetry
		want     labels
		language any
	}{
		"with names of its own": {
			ClientTelemetry{ModelEngine: "e", ModelName: "n", Language: new("go"), Experiments: []ClientExperiment{{"a", 1}, {"b", 0}}, Requests: 3, Accepts: 2, Errors: 1},
			labels{"e", "n", "go", "a,b", "1,0"},
			"go",
		},
		"about the model of the request": {ClientTelemetry{Requests: 3, Accepts: 2, Errors: 1}, labels{"current", "model", "", "", ""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := NewMetrics()
			record := &Record{}
			record.Set("model_engine", "current")
			record.Set("model_name", "model")
			var out strings.Builder
			m.ClientTelemetry(WithRecord(t.Context(), record), NewLogger(&out, LogOptions{JSON: true}), tc.give)
			got := []float64{
				testutil.ToFloat64(m.telemetry.requests.WithLabelValues(tc.want[:]...)),
				testutil.ToFloat64(m.telemetry.accepts.WithLabelValues(tc.want[:]...)),
				testutil.ToFloat64(m.telemetry.errors.WithLabelValues(tc.want[:]...)),
			}
			if diff := cmp.Diff([]float64{3, 2, 1}, got); diff != "" {
				t.Error(diff)
			}
			entry := decode(t, out.String())
			want := map[string]any{"model_engine": tc.want[0], "lang": tc.language, "accepts": 2.0, "logger": "telemetry", "message": "telemetry"}
			for key := range maps.Keys(entry) {
				if _, checked := want[key]; !checked {
					delete(entry, key)
				}
			}
			if diff := cmp.Diff(want, entry); diff != "" {
				t.Error(diff)
			}
		})
	}
}
