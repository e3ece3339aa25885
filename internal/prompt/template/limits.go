package template

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Limits of one rendering. What clients send does not reach them, a template that loops for ever does.
const (
	maxSteps    = 1_000_000 // statements and expressions, in all partials together; about a fifth of a second
	maxWork     = 2_000_000 // elements that loops and filters pass over, and text in pieces of 16 bytes
	maxOutput   = 8 << 20   // bytes of a rendered text
	maxText     = 8 << 20   // bytes of a text that a template makes on the way
	maxDepth    = 200       // blocks, partials and macros inside each other
	maxNested   = 70        // brackets in brackets of an expression, tags in tags of a template
	maxWorlds   = 16        // imports inside imports
	maxPartials = 1000      // partials that are followed before a template runs, to see which inputs it wants
	maxRange    = 100_000   // numbers of a range
	maxBits     = 1 << 16   // of a whole number
	maxValues   = 100       // lists in lists of an input
)

var (
	errTooMuchWork = errors.New("the template does too much work")
	errTooLong     = errors.New("the text is too long")
	errTooDeep     = errors.New("the template calls itself too often")
)

// budget is what a rendering may still do.
type budget struct {
	work  int
	depth int // calls inside calls
}

type budgetKey struct{}

func newBudget() *budget { return &budget{work: maxWork} }

func budgetOf(ctx context.Context) *budget {
	b, _ := ctx.Value(budgetKey{}).(*budget)
	if b == nil {
		return newBudget()
	}
	return b
}

// spend takes the passing over n elements off the budget. It ends the rendering when nothing is left.
func (b *budget) spend(n int) {
	b.work -= n
	if b.work < 0 || n < 0 {
		panic(failure{errTooMuchWork})
	}
}

// read takes the reading or writing of n bytes of text off the budget.
func (b *budget) read(n int) {
	if n > maxText {
		panic(failure{errTooLong})
	}
	b.spend(1 + n/16)
}

// failure is an error on its way up through functions of this package, as the value of a panic. [failed] makes an error of it.
type failure struct{ err error }

func fail(format string, args ...any) {
	panic(failure{fmt.Errorf(format, args...)})
}

// failed is the error that a recovered panic stands for. The engine itself panics for some operands.
func failed(recovered any) error {
	if f, ok := recovered.(failure); ok {
		return f.err
	}
	return fmt.Errorf("template engine: %v", recovered)
}

// output takes what a template writes, up to [maxOutput].
type output struct {
	strings.Builder
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) { return o.WriteString(string(p)) }

// WriteString implements io.StringWriter.
func (o *output) WriteString(s string) (int, error) {
	if o.Len()+len(s) > maxOutput {
		return 0, errTooLong
	}
	return o.Builder.WriteString(s)
}
