package abuse

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// model answers with a text or an error, once it is let.
type model struct {
	answer string
	err    error
	hold   chan struct{} // nil: at once

	mu    sync.Mutex
	asked []llm.Request
}

func (m *model) Generate(ctx context.Context, req llm.Request) (llm.Stream, error) {
	m.mu.Lock()
	m.asked = append(m.asked, req)
	m.mu.Unlock()
	if m.hold != nil {
		select {
		case <-m.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if m.err != nil {
		return nil, m.err
	}
	return llm.Of(llm.Chunk{Text: m.answer}), ctx.Err()
}

type recorder struct {
	mu     sync.Mutex
	scores []float64
	errors []string
}

func (r *recorder) Asking(context.Context, llm.Request) {}

func (r *recorder) Score(_ context.Context, _ Request, score float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scores = append(r.scores, score)
}

func (r *recorder) Unscored(_ context.Context, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors = append(r.errors, err.Error())
}

func closed(t *testing.T, d *Detector) {
	t.Helper()
	if err := d.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheAnswerIsTheScore(t *testing.T) {
	for answer, tc := range map[string]struct {
		scores []float64
		err    string
	}{
		"0.7":       {[]float64{0.7}, ""},
		" 1\n":      {[]float64{1}, ""},
		"-2.5":      {[]float64{-2.5}, ""},
		"quite bad": {nil, errNoNumber.Error()},
		"":          {nil, errNoNumber.Error()},
		"NaN":       {nil, errNoNumber.Error()},
		"inf":       {nil, errNoNumber.Error()},
	} {
		t.Run(answer, func(t *testing.T) {
			r := &recorder{}
			d := New(Config{Model: &model{answer: answer}, SamplingRate: 1, Recorder: r})
			d.Watch(t.Context(), Request{})
			closed(t, d)
			if diff := cmp.Diff(tc.scores, r.scores); diff != "" {
				t.Error(diff)
			}
			if got := strings.Join(r.errors, " "); got != tc.err {
				t.Errorf("reported %q", got)
			}
		})
	}
}

func TestAModelThatFailsIsReported(t *testing.T) {
	r := &recorder{}
	d := New(Config{Model: &model{err: errors.New("overloaded")}, SamplingRate: 1, Recorder: r})
	d.Watch(t.Context(), Request{})
	closed(t, d)
	if diff := cmp.Diff([]string{"score a request for abuse: overloaded"}, r.errors); diff != "" {
		t.Error(diff)
	}
}

func TestTheModelIsToldWhatToJudge(t *testing.T) {
	m := &model{answer: "0"}
	d := New(Config{Model: m, SamplingRate: 1, Recorder: &recorder{}})
	d.Watch(t.Context(), Request{URL: "https://x/v1/proxy?a", Body: []byte("why \xff<b>?"), UnitPrimitive: "explain_code"})
	closed(t, d)
	got := m.asked[0]
	content := got.Messages[0].Content
	if end := "\n\n<user_request_url>\nhttps://x/v1/proxy?a\n</user_request_url>\n<user_request_body>\nwhy <b>?\n</user_request_body>\n" +
		"<expected_usecase>\nExplain what a piece of code does.\n</expected_usecase>\n"; !strings.HasSuffix(content, end) {
		t.Errorf("asked %s", content)
	}
	got.Messages[0].Content = ""
	temperature := 0.2
	want := llm.Request{
		Messages:  []llm.Message{{Role: llm.User}, {Role: llm.Assistant, Content: "<score>"}},
		MaxTokens: 8, Temperature: &temperature, Stop: []string{"</score>"}, Timeout: 30 * time.Second,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestALongBodyIsCut(t *testing.T) {
	m := &model{answer: "0"}
	d := New(Config{Model: m, SamplingRate: 1, Recorder: &recorder{}})
	d.Watch(t.Context(), Request{Body: []byte(strings.Repeat("ü", 1<<20))})
	closed(t, d)
	if n := len(m.asked[0].Messages[0].Content); n > longestBody+len(task)+200 {
		t.Errorf("asked %d bytes", n)
	}
}

func TestASampleIsScored(t *testing.T) {
	m := &model{answer: "0"}
	numbers := []float64{0, 0.09, 0.1, 0.99}
	random := func() float64 { n := numbers[0]; numbers = numbers[1:]; return n }
	d := New(Config{Model: m, SamplingRate: 0.1, Random: random, Recorder: &recorder{}})
	for range 4 {
		d.Watch(t.Context(), Request{})
	}
	closed(t, d)
	if len(m.asked) != 2 {
		t.Errorf("%d were scored", len(m.asked))
	}
	var off *Detector
	off.Watch(t.Context(), Request{})
	closed(t, off)
}

func TestNobodyWaitsForScores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{answer: "0", hold: make(chan struct{})}
		d := New(Config{Model: m, SamplingRate: 1, Recorder: &recorder{}})
		request, leave := context.WithCancel(t.Context())
		started := time.Now()
		for range atOnce + 5 {
			d.Watch(request, Request{})
		}
		leave()
		synctest.Wait()
		if len(m.asked) != atOnce || time.Since(started) > 0 {
			t.Errorf("%d are scored at the same time, after %s", len(m.asked), time.Since(started))
		}
		close(m.hold)
		closed(t, d)
		d.Watch(t.Context(), Request{})
		if r := d.cfg.Recorder.(*recorder); len(r.scores) != atOnce || len(m.asked) != atOnce {
			t.Errorf("%d scores, %v", len(r.scores), r.errors)
		}
	})
}

func TestTheEndIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		d := New(Config{Model: &model{hold: make(chan struct{})}, SamplingRate: 1, Recorder: r})
		d.Watch(t.Context(), Request{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		started := time.Now()
		if err := d.Close(ctx); err != nil || time.Since(started) != time.Second || len(r.errors) != 1 {
			t.Errorf("%v after %s, %v", err, time.Since(started), r.errors)
		}
	})
}
