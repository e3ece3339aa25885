package syntax

import (
	"runtime"
	"time"
)

// parsers are as many as there are processors: more could only wait for each other, and each has memory and a thread of its own.
var parsers = newPool(runtime.GOMAXPROCS(0), maxWait)

// pool lends parsers.
type pool struct {
	idle chan *parser // nil: one that is yet to be made
	wait time.Duration
}

func newPool(size int, wait time.Duration) *pool {
	p := &pool{idle: make(chan *parser, size), wait: wait}
	for range size {
		p.idle <- nil
	}
	return p
}

// take borrows a parser. The error is [ErrBusy] when none becomes idle in time.
func (p *pool) take() (*parser, error) {
	var idle *parser
	select {
	case idle = <-p.idle:
	default:
		timeout := time.NewTimer(p.wait)
		defer timeout.Stop()
		select {
		case idle = <-p.idle:
		case <-timeout.C:
			return nil, ErrBusy
		}
	}
	if idle == nil {
		idle = newParser()
	}
	return idle, nil
}

// put gives a parser back.
func (p *pool) put(idle *parser) { p.idle <- idle }
