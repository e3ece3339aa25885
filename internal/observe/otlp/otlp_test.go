package otlp

import (
	"compress/gzip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// collector takes what is sent by OTLP over HTTP.
type collector struct {
	t *testing.T

	mu      sync.Mutex
	spans   []*traces.Span
	service string
	metrics []string // "name attributes count"
}

// newCollector starts a collector and points the variables at it.
func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{t: t}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	return c
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			c.t.Error(err)
			return
		}
		body = unzipped
	}
	b, err := io.ReadAll(body)
	if err != nil {
		c.t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch r.URL.Path {
	case "/v1/traces":
		c.takeTraces(b)
	case "/v1/metrics":
		c.takeMetrics(b)
	default:
		http.NotFound(w, r)
	}
}

func (c *collector) takeTraces(b []byte) {
	var request collectortrace.ExportTraceServiceRequest
	if err := proto.Unmarshal(b, &request); err != nil {
		c.t.Error(err)
	}
	for _, resource := range request.GetResourceSpans() {
		c.service = written(resource.GetResource().GetAttributes())
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
}

func (c *collector) takeMetrics(b []byte) {
	var request collectormetrics.ExportMetricsServiceRequest
	if err := proto.Unmarshal(b, &request); err != nil {
		c.t.Error(err)
	}
	for _, resource := range request.GetResourceMetrics() {
		for _, scope := range resource.GetScopeMetrics() {
			for _, m := range scope.GetMetrics() {
				for _, point := range m.GetHistogram().GetDataPoints() {
					c.metrics = append(c.metrics, fmt.Sprintf("%s [%s] %s%d", m.GetName(), m.GetUnit(), written(point.GetAttributes()), point.GetCount()))
				}
			}
		}
	}
}

// written are attributes in one line.
func written(attributes []*common.KeyValue) string {
	var b strings.Builder
	for _, a := range attributes {
		value := a.GetValue()
		switch v := value.GetValue().(type) {
		case *common.AnyValue_StringValue:
			fmt.Fprintf(&b, "%s=%s ", a.GetKey(), v.StringValue)
		case *common.AnyValue_ArrayValue:
			fmt.Fprintf(&b, "%s=%s ", a.GetKey(), v.ArrayValue.GetValues()[0].GetStringValue())
		case *common.AnyValue_DoubleValue:
			fmt.Fprintf(&b, "%s=%.1f ", a.GetKey(), v.DoubleValue)
		default:
			fmt.Fprintf(&b, "%s=%v ", a.GetKey(), value.GetIntValue()+map[bool]int64{true: 1}[value.GetBoolValue()])
		}
	}
	return b.String()
}

func start(t *testing.T, o Options) *Exporter {
	t.Helper()
	o.Log = slog.New(slog.DiscardHandler)
	e, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func end(t *testing.T, e *Exporter) {
	t.Helper()
	if err := e.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func request(t *testing.T, method string, header ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/v2/code/completions?canary", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

const (
	clientTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	clientSpan  = "00f067aa0ba902b7"
)

func TestARequestAndItsModelCallAreOneTraceBelowTheClients(t *testing.T) {
	t.Setenv("OTEL_SERVICE_NAME", "gateway-eu")
	c := newCollector(t)
	e := start(t, Options{Traces: true, Metrics: true})

	ctx, served := e.Request(request(t, "POST", "traceparent", "00-"+clientTrace+"-"+clientSpan+"-01"), "/v2/code/completions", "c-1")
	if got := TraceID(ctx); got != clientTrace {
		t.Errorf("trace id: %s", got)
	}
	temperature := 0.5
	id := llm.ID{Engine: "anthropic-chat", Name: "claude-3-5-sonnet-20240620"}
	ctx, call := e.ModelCall(ctx, id, id, llm.Request{Messages: []llm.Message{{Content: "canary"}}, Stream: true, MaxTokens: 64, Temperature: &temperature})
	out := http.Header{}
	e.Inject(ctx, out)
	call.End(Outcome{FirstChunk: 1500 * time.Millisecond, Finish: "end_turn", Usage: &llm.Usage{InputTokens: 9, OutputTokens: 4}})
	served.End(200)
	end(t, e)

	if len(c.spans) != 2 {
		t.Fatalf("want two spans, got %v", c.spans)
	}
	inner, outer := c.spans[0], c.spans[1]
	got := []string{
		outer.GetName() + ": " + outer.GetKind().String() + " " + written(outer.GetAttributes()),
		inner.GetName() + ": " + inner.GetKind().String() + " " + written(inner.GetAttributes()),
	}
	want := []string{
		"POST /v2/code/completions: SPAN_KIND_SERVER http.request.method=POST http.route=/v2/code/completions gitlab.correlation_id=c-1 http.response.status_code=200 ",
		"chat claude-3-5-sonnet-20240620: SPAN_KIND_CLIENT gen_ai.operation.name=chat gen_ai.provider.name=anthropic " +
			"gen_ai.request.model=claude-3-5-sonnet-20240620 gen_ai.request.stream=1 gen_ai.request.max_tokens=64 gen_ai.request.temperature=0.5 " +
			"gen_ai.response.finish_reasons=end_turn gen_ai.usage.input_tokens=9 gen_ai.usage.output_tokens=4 gen_ai.response.time_to_first_chunk=1.5 ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if hex.EncodeToString(outer.GetParentSpanId()) != clientSpan || string(inner.GetParentSpanId()) != string(outer.GetSpanId()) {
		t.Errorf("parents: %x of %x, %x", inner.GetParentSpanId(), outer.GetSpanId(), outer.GetParentSpanId())
	}
	if want := fmt.Sprintf("00-%s-%x-01", clientTrace, inner.GetSpanId()); out.Get("traceparent") != want {
		t.Errorf("model servers are told %q, want %q", out.Get("traceparent"), want)
	}
	if !strings.Contains(c.service, "service.name=gateway-eu ") {
		t.Errorf("resource: %s", c.service)
	}
	const model = "gen_ai.operation.name=chat gen_ai.provider.name=anthropic gen_ai.request.model=claude-3-5-sonnet-20240620 "
	wantMetrics := []string{
		"http.server.request.duration [s] http.request.method=POST http.response.status_code=200 http.route=/v2/code/completions 1",
		"gen_ai.client.operation.duration [s] " + model + "1",
		"gen_ai.client.operation.time_to_first_chunk [s] " + model + "1",
		"gen_ai.client.token.usage [{token}] " + model + "gen_ai.token.type=input 1",
		"gen_ai.client.token.usage [{token}] " + model + "gen_ai.token.type=output 1",
	}
	for i, line := range c.metrics {
		if strings.HasPrefix(line, "gen_ai.client.token.usage") && strings.HasSuffix(line, "output 1") && i == 3 {
			c.metrics[3], c.metrics[4] = c.metrics[4], c.metrics[3] // the SDK keeps no order
		}
	}
	if diff := cmp.Diff(wantMetrics, c.metrics); diff != "" {
		t.Error(diff)
	}
}

func TestFailuresAreMarkedWithoutTheirText(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"a status":   {&llm.Error{Kind: llm.Overloaded, Status: 529, Err: errors.New("canary")}, "529"},
		"no answer":  {&llm.Error{Kind: llm.TimedOut, Err: errors.New("canary")}, "timed_out"},
		"a surprise": {errors.New("canary"), "_OTHER"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCollector(t)
			e := start(t, Options{Traces: true})
			ctx, served := e.Request(request(t, "CANARY"), "", "c\xff")
			_, call := e.ModelCall(ctx, llm.ID{Engine: "litellm", Name: "text-completion-custom_openai/m"}, llm.ID{}, llm.Request{Prompt: "canary"})
			call.End(Outcome{Err: tc.err})
			served.End(503)
			end(t, e)
			if len(c.spans) != 2 {
				t.Fatalf("want two spans, got %v", c.spans)
			}
			if got := written(c.spans[0].GetAttributes()); !strings.Contains(got, "error.type="+tc.want+" ") || !strings.Contains(got, "gen_ai.provider.name=openai") {
				t.Errorf("call: %s", got)
			}
			if got := c.spans[1].GetName() + " " + written(c.spans[1].GetAttributes()); !strings.Contains(got, "_OTHER http.request.method=_OTHER gitlab.correlation_id=c\uFFFD") {
				t.Errorf("request: %s", got)
			}
			for _, span := range c.spans {
				if span.GetStatus().GetCode() != traces.Status_STATUS_CODE_ERROR || strings.Contains(strings.ToLower(span.String()), "canary") {
					t.Errorf("span %v", span)
				}
			}
		})
	}
}

func TestNothingIsSentThatIsSwitchedOff(t *testing.T) {
	c := newCollector(t)
	e := start(t, Options{})
	ctx, served := e.Request(request(t, "POST"), "/", "")
	_, call := e.ModelCall(ctx, llm.ID{}, llm.ID{}, llm.Request{})
	call.End(Outcome{})
	served.End(200)
	end(t, e)
	if c.spans != nil || c.metrics != nil {
		t.Errorf("sent %v %v", c.spans, c.metrics)
	}
}

func TestAnExporterThatIsOffCostsNothing(t *testing.T) {
	var e *Exporter
	r := request(t, "POST")
	h := http.Header{}
	if n := testing.AllocsPerRun(100, func() {
		ctx, served := e.Request(r, "/", "")
		ctx, call := e.ModelCall(ctx, llm.ID{}, llm.ID{}, llm.Request{})
		e.Inject(ctx, h)
		call.End(Outcome{})
		served.End(200)
	}); n > 0 || len(h) > 0 || e.Close(context.Background()) != nil {
		t.Errorf("%v allocations, header %v", n, h)
	}
}

// A collector that hangs must not hold up the end of the gateway.
func TestTheEndIsBounded(t *testing.T) {
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	e := start(t, Options{Traces: true, Metrics: true})
	_, served := e.Request(request(t, "POST"), "/", "")
	served.End(200)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Close(ctx); err == nil {
		t.Error("want an error that says that traces are lost")
	}
}

func TestVendorsAreCalledWhatTheConventionsCallThem(t *testing.T) {
	for id, want := range map[llm.ID]string{
		{Engine: "anthropic", Name: "claude-2.1"}:                                    "anthropic",
		{Engine: "vertex-ai", Name: "code-gecko@002"}:                                "gcp.vertex_ai",
		{Engine: "litellm", Name: "bedrock/anthropic.claude"}:                        "aws.bedrock",
		{Engine: "litellm", Name: "custom_openai/mistral"}:                           "openai",
		{Engine: "codestral", Name: "codestral/codestral-2405"}:                      "mistral_ai",
		{Engine: "fireworks_ai", Name: "text-completion-fireworks_ai/qwen"}:          "fireworks_ai",
		{Engine: "litellm-chat", Name: "codellama_13b_code"}:                         "openai",
		{Engine: "llm-provider-mocked", Name: "llm-mocked"}:                          "llm-provider-mocked",
		{Engine: "litellm", Name: "text-completion-custom_openai/codegemma-2b-text"}: "openai",
	} {
		if got := providerName(id); got != want {
			t.Errorf("%+v: want %s, got %s", id, want, got)
		}
	}
}
