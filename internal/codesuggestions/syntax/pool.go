package syntax

import (
	"runtime"
	"time"
)

// parsers are as many as there are processors: more could only wait for each other, and each has memory and a thread of its own.
var parsers = newPool(runtime.GOMAXPROCS(0))

// pool lends parsers.
type pool struct {
	idle chan *parser // nil: one that is yet to be made
}

func newPool(size int) *pool {
	p := &pool{idle: make(chan *parser, size)}
	for range size {
		p.idle <- nil
	}
	return p
}

// take borrows a parser. The error is [ErrBusy] when none becomes idle within maxWait.
func (p *pool) take() (*parser, error) {
	var idle *parser
	select {
	case idle = <-p.idle:
	default:
		timeout := time.NewTimer(maxWait)
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

// put gives a parser back, or nil in place of one that is no longer of use.
func (p *pool) put(idle *parser) { p.idle <- idle }
