package observe

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions"
	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// sizeBuckets are the bounds of prompt sizes (BS in spec/observability.md 9).
var sizeBuckets = []float64{32, 64, 128, 256, 512, 1024, 2048, 4096}

// CodeSuggestions tells metrics and access log of the code suggestions engine's model calls (spec/observability.md 9.3, 4.2). It implements
// [codesuggestions.Recorder].
type CodeSuggestions struct {
	metrics        *Metrics
	requests       *prometheus.CounterVec
	duration       *prometheus.HistogramVec
	sizeBytes      *prometheus.HistogramVec
	sizeTokens     *prometheus.HistogramVec
	cost           *prometheus.CounterVec
	postProcessing *prometheus.HistogramVec
	experiments    *prometheus.CounterVec
	symbols        *prometheus.CounterVec

	language  *prometheus.CounterVec
	languages *bounded
}

// CodeSuggestions registers the metrics of the code suggestions engine.
func (m *Metrics) CodeSuggestions() *CodeSuggestions {
	model := []string{"model_engine", "model_name"}
	component := append(append([]string{}, model...), "component")
	c := &CodeSuggestions{
		metrics: m,
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
		postProcessing: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "code_suggestions_post_processing_duration_seconds", Buckets: prometheus.DefBuckets,
			Help: "Seconds that the clean-up of a completion took.",
		}, model),
		experiments: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "code_suggestions_experiments_total", Help: "Experiments that ran.",
		}, []string{"name", "variant"}),
		symbols: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "code_suggestions_prompt_symbols_total", Help: "Occurrences of syntax elements in prompts.",
		}, []string{"lang", "symbol"}),
		language: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "code_suggestions_prompt_language_total", Help: "Requests by the language of their file.",
		}, []string{"lang", "extension", "editor_lang"}),
		languages: newBounded(mostLanguages),
	}
	m.registry.MustRegister(c.requests, c.duration, c.sizeBytes, c.sizeTokens, c.cost, c.postProcessing, c.experiments, c.symbols, c.language)
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
	if i.Symbols != nil {
		record.Set("prompt_symbols", i.Symbols)
	}
	if i.Output != nil {
		record.Set("model_output_length", i.Output.Length)
		record.Set("model_output_length_stripped", i.Output.LengthStripped)
		record.Set("model_output_score", i.Output.Score)
		recordSafety(record, i.Output)
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

// recordSafety notes what the vendor's filter found, and whether an answer was discarded.
func recordSafety(record *Record, o *codesuggestions.Output) {
	record.Set("blocked", o.Blocked)
	if len(o.SafetyCategories) > 0 {
		record.Set("safety_categories", o.SafetyCategories)
	}
	if len(o.ErrorCodes) > 0 {
		record.Set("error_codes", o.ErrorCodes)
	}
	if o.Discarded {
		record.Set("discarded", true)
	}
}

func (c *CodeSuggestions) count(i codesuggestions.Inference) {
	model := c.metrics.model(i.Model)
	engine, name := model.Engine, model.Name
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
	for symbol, n := range i.Symbols {
		c.symbols.WithLabelValues(i.Language, symbol).Add(float64(n))
	}
	c.countLanguage(i)
}

func (c *CodeSuggestions) countLanguage(i codesuggestions.Inference) {
	editor := ""
	if i.EditorLanguage != nil {
		editor = *i.EditorLanguage
	}
	l, ok := c.languages.admit(labels{i.CountedLanguage, i.Extension, editor})
	if !ok {
		l = labels{i.CountedLanguage, other, other}
	}
	c.language.WithLabelValues(l[0], l[1], l[2]).Inc()
}

// PostProcessed implements [codesuggestions.Recorder].
func (c *CodeSuggestions) PostProcessed(ctx context.Context, id llm.ID, took time.Duration) {
	model := c.metrics.model(id)
	c.postProcessing.WithLabelValues(model.Engine, model.Name).Observe(took.Seconds())
	RecordFrom(ctx).Set("post_processing_duration_s", took.Seconds())
}
