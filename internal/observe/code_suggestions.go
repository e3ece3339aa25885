package observe

import (
	"context"
	"errors"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// sizeBuckets are the bounds of prompt sizes (BS in spec/observability.md 9).
var sizeBuckets = []float64{32, 64, 128, 256, 512, 1024, 2048, 4096}

// CodeSuggestions tells metrics and access log of the code suggestions engine's model calls (spec/observability.md 9.3, 4.2). It implements
// [codesuggestions.Recorder].
type CodeSuggestions struct {
	requests    *prometheus.CounterVec
	duration    *prometheus.HistogramVec
	sizeBytes   *prometheus.HistogramVec
	sizeTokens  *prometheus.HistogramVec
	cost        *prometheus.CounterVec
	experiments *prometheus.CounterVec
}

// CodeSuggestions registers the metrics of the code suggestions engine.
func (m *Metrics) CodeSuggestions() *CodeSuggestions {
	model := []string{"model_engine", "model_name"}
	component := append(append([]string{}, model...), "component")
	c := &CodeSuggestions{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "code_suggestions_inference_requests_total", Help: "Model calls of code suggestions.",
		}, model),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "code_suggestions_inference_request_duration_seconds", Buckets: latencyBuckets,
			Help: "Seconds until the model's answer, or the stream of it, was there.",
		}, model),
		sizeBytes: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "code_suggestions_inference_prompt_size_bytes", Buckets: sizeBuckets,
			Help: "Length of a part of the prompt, in characters.",
		}, component),
		sizeTokens: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "code_suggestions_inference_prompt_size_tokens", Buckets: sizeBuckets,
			Help: "Length of a part of the prompt, in tokens.",
		}, component),
		cost: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gitlab_cloud_cost_spend_entry_total", Help: "Characters sent to and received from models, without white space.",
		}, []string{"item", "unit", "vendor", "model", "feature_category"}),
		experiments: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "code_suggestions_experiments_total", Help: "Experiments that ran.",
		}, []string{"name", "variant"}),
	}
	m.registry.MustRegister(c.requests, c.duration, c.sizeBytes, c.sizeTokens, c.cost, c.experiments)
	return c
}

// Inference implements [codesuggestions.Recorder].
func (c *CodeSuggestions) Inference(ctx context.Context, i codesuggestions.Inference) {
	c.count(i)

	record := RecordFrom(ctx)
	record.Set("model_engine", i.Model.Engine)
	record.Set("model_name", i.Model.Name)
	record.Set("prompt_length", i.PromptLength)
	record.Set("prompt_length_stripped", i.PromptLengthStripped)
	record.Set("inference_duration_s", i.Duration.Seconds())
	record.Set("lang", i.Language)
	record.Set("editor_lang", i.EditorLanguage)
	if i.SuffixLength != nil {
		record.Set("suffix_length", *i.SuffixLength)
	}
	if len(i.Experiments) > 0 {
		record.Set("experiments", i.Experiments)
	}
	if i.Output != nil {
		record.Set("model_output_length", i.Output.Length)
		record.Set("model_output_length_stripped", i.Output.LengthStripped)
		record.Set("model_output_score", i.Output.Score)
		record.Set("blocked", false)
	}
	if i.Err != nil && !errors.Is(i.Err, context.Canceled) {
		status := -1
		if e := llm.ErrorOf(i.Err); e != nil && e.Status != 0 {
			status = e.Status
		}
		record.Set("model_exception_message", i.Err.Error())
		record.Set("model_exception_status_code", status)
	}
}

func (c *CodeSuggestions) count(i codesuggestions.Inference) {
	engine, name := i.Model.Engine, i.Model.Name
	c.requests.WithLabelValues(engine, name).Inc()
	c.duration.WithLabelValues(engine, name).Observe(i.Duration.Seconds())
	for _, part := range i.Components {
		c.sizeBytes.WithLabelValues(engine, name, part.Name).Observe(float64(part.Length))
		c.sizeTokens.WithLabelValues(engine, name, part.Name).Observe(float64(part.Tokens))
	}
	output := 0
	if i.Output != nil {
		output = i.Output.LengthStripped
	}
	c.cost.WithLabelValues("completions/completion/input", "characters", engine, name, "code_suggestions").Add(float64(i.PromptLengthStripped))
	c.cost.WithLabelValues("completions/completion/output", "characters", engine, name, "code_suggestions").Add(float64(output))
	for _, e := range i.Experiments {
		c.experiments.WithLabelValues(e.Name, strconv.Itoa(e.Variant)).Inc()
	}
}
