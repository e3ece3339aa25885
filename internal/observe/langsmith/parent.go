package langsmith

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Parent is a run that the runs of a request belong below.
type Parent struct {
	order string // its dotted order: the runs from the root of the trace down to it
	trace uuid.UUID
	run   uuid.UUID
	start time.Time
}

// longestOrder is how many characters a dotted order has that anybody would send: some fifty runs, one below the other.
const longestOrder = 3000

// segment is a run in a dotted order: when it began, in microseconds, and its id.
var segment = regexp.MustCompile(`^(\d{8}T\d{12}Z)([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$`)

// startLayout is the time in a segment, but that LangSmith writes no dot before the microseconds.
const startLayout = "20060102T150405.000000Z"

// ParseParent reads the header langsmith-trace, a dotted order: the runs from the root of a trace down to the one whose children the request's
// runs become, joined by dots. It is false when the text is something else.
func ParseParent(text string) (Parent, bool) {
	if len(text) > longestOrder {
		return Parent{}, false
	}
	p := Parent{order: text}
	for i, part := range strings.Split(text, ".") {
		fields := segment.FindStringSubmatch(part)
		if fields == nil {
			return Parent{}, false
		}
		const seconds = len("20060102T150405")
		start, err := time.Parse(startLayout, fields[1][:seconds]+"."+fields[1][seconds:])
		if err != nil {
			return Parent{}, false
		}
		p.start, p.run = start, uuid.MustParse(fields[2])
		if i == 0 {
			p.trace = p.run
		}
	}
	return p, true
}

// segmentOf is a run in a dotted order.
func segmentOf(start time.Time, run uuid.UUID) string {
	return strings.Replace(start.UTC().Format(startLayout), ".", "", 1) + run.String()
}

type parentKey struct{}

// WithParent returns a context for serving a request of p's run.
func WithParent(ctx context.Context, p Parent) context.Context {
	return context.WithValue(ctx, parentKey{}, p)
}

func parentFrom(ctx context.Context) (Parent, bool) {
	p, has := ctx.Value(parentKey{}).(Parent)
	return p, has
}
