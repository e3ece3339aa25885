// Package abuse estimates how far requests stray from what they claim to be for: the vendor proxies pass on whatever a client asks, under the
// name of a unit primitive. A small model scores a sample of the requests from 0.0, as expected, to 1.0, something else altogether
// (spec/observability.md 15). Nothing is ever blocked; operators look at the scores.
//
// A [Detector] works behind the back of requests: [Detector.Watch] is called when the answer has been sent and returns at once.
package abuse

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/llm"
)

// Model is the one that scores, at Anthropic.
const Model = "claude-3-haiku-20240307"

// Limits of what is scored.
const (
	atOnce       = 16               // requests being scored at the same time; more are not scored
	longestBody  = 100 << 10        // bytes of a body that the model reads
	phaseTimeout = 30 * time.Second // of the call, each phase
	callTimeout  = 90 * time.Second // of the call as a whole
)

// Request is a request that was passed on.
type Request struct {
	URL           string
	Body          []byte
	UnitPrimitive string
	InstanceID    string // of the GitLab instance; "" when the request does not say
	GlobalUserID  string // of the user; "" when the request does not say
}

// Recorder is told what comes of it.
type Recorder interface {
	// Asking takes what the model is about to be asked. It holds what a user wrote.
	Asking(ctx context.Context, question llm.Request)
	// Score takes the score of a request.
	Score(ctx context.Context, req Request, score float64)
	// Unscored takes the reason why a request has no score.
	Unscored(ctx context.Context, err error)
}

// Config is what a detector needs.
type Config struct {
	Model        llm.Model
	SamplingRate float64        // share of the requests that is scored, 0 to 1
	Random       func() float64 // in [0, 1); nil: random numbers
	Recorder     Recorder
}

// Detector scores requests. It is safe for concurrent use; a nil Detector scores none. [Detector.Close] it.
type Detector struct {
	cfg    Config
	slots  chan struct{}
	atWork sync.WaitGroup
	life   context.Context
	end    context.CancelFunc
}

// New returns a detector.
func New(cfg Config) *Detector {
	if cfg.Random == nil {
		cfg.Random = rand.Float64
	}
	d := &Detector{cfg: cfg, slots: make(chan struct{}, atOnce)}
	d.life, d.end = context.WithCancel(context.Background())
	return d
}

// Watch may score a request, some time later. ctx is the request's; that it ends does not matter.
func (d *Detector) Watch(ctx context.Context, req Request) {
	if d == nil || d.cfg.Random() >= d.cfg.SamplingRate || d.life.Err() != nil {
		return
	}
	select {
	case d.slots <- struct{}{}:
	default:
		return // the model is slower than requests come: this one is not part of the sample
	}
	if len(req.Body) > longestBody {
		req.Body = bytes.Clone(req.Body[:longestBody]) // so that the rest need not be kept
	}
	d.atWork.Go(func() {
		defer func() { <-d.slots }()
		d.score(context.WithoutCancel(ctx), req)
	})
}

// Close waits for scores that are being asked for, until ctx ends.
func (d *Detector) Close(ctx context.Context) error {
	if d == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, d.end)
	d.atWork.Wait()
	stop()
	d.end()
	return nil
}

func (d *Detector) score(ctx context.Context, req Request) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	defer context.AfterFunc(d.life, cancel)()
	asked := question(req)
	d.cfg.Recorder.Asking(ctx, asked)
	answer, err := llm.Collect(d.cfg.Model.Generate(ctx, asked))
	if err != nil {
		d.cfg.Recorder.Unscored(ctx, fmt.Errorf("score a request for abuse: %w", err))
		return
	}
	score, err := strconv.ParseFloat(strings.TrimSpace(answer.Text), 64)
	if err != nil || math.IsNaN(score) || math.IsInf(score, 0) {
		d.cfg.Recorder.Unscored(ctx, errNoNumber)
		return
	}
	d.cfg.Recorder.Score(ctx, req, score)
}
