package template

import (
	"math/big"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// operate works off operators of one rank from left to right.
func operate(i *invocation) value.Value {
	result := i.args[0]
	for n := 1; n+1 < len(i.args); n += 2 {
		operator, _ := i.args[n].AsString()
		result = i.operation(result, operator, i.args[n+1])
	}
	return result
}

func (i *invocation) operation(a value.Value, operator string, b value.Value) value.Value {
	x, isNumber := numberOf(a)
	y, alsoNumber := numberOf(b)
	switch {
	case isNumber && alsoNumber:
		return arithmetic(x, operator, y)
	case operator == "+":
		return i.plus(a, b)
	case operator == "*" && isNumber:
		return i.times(b, a)
	case operator == "*" && alsoNumber:
		return i.times(a, b)
	case operator == "%" && a.Kind() == value.KindString:
		text, _ := a.AsString()
		return value.FromString(i.percent(text, b))
	}
	fail("cannot calculate %s %s %s", kindOf(a), operator, kindOf(b))
	return value.Value{}
}

// plus joins texts and lists.
func (i *invocation) plus(a, b value.Value) value.Value {
	if x, ok := a.AsString(); ok {
		if y, ok := b.AsString(); ok {
			i.read(len(x) + len(y))
			return value.FromString(x + y)
		}
	}
	x, y := listIn(a), listIn(b)
	if x == nil || y == nil || (x.kind == tupleList) != (y.kind == tupleList) {
		fail("cannot calculate %s + %s", kindOf(a), kindOf(b))
	}
	i.spend(len(x.items) + len(y.items))
	items := append(append(make([]value.Value, 0, len(x.items)+len(y.items)), x.items...), y.items...)
	return sequence(items, x.kind)
}

// times repeats texts and lists.
func (i *invocation) times(what, times value.Value) value.Value {
	n := max(0, integerIn(times, "the number of repetitions"))
	if text, ok := what.AsString(); ok {
		if len(text) > 0 && n > maxText/len(text) {
			panic(failure{errTooLong})
		}
		i.read(len(text) * n)
		return value.FromString(strings.Repeat(text, n))
	}
	l := listIn(what)
	if l == nil {
		fail("cannot repeat %s", kindOf(what))
	}
	if len(l.items) > 0 && n > maxWork/len(l.items) {
		panic(failure{errTooMuchWork})
	}
	i.spend(len(l.items) * n)
	items := make([]value.Value, 0, len(l.items)*n)
	for range n {
		items = append(items, l.items...)
	}
	return sequence(items, l.kind)
}

// sign is + or - in front of a number.
func sign(i *invocation) value.Value {
	operator, _ := i.args[0].AsString()
	n, ok := numberOf(i.args[1])
	if !ok {
		fail("%s has no sign", kindOf(i.args[1]))
	}
	switch {
	case operator == "-" && n.isFloat:
		return value.FromFloat(-n.float)
	case operator == "-":
		return integer(new(big.Int).Neg(n.whole()))
	case n.isFloat:
		return value.FromFloat(n.float)
	default:
		return integer(n.whole())
	}
}

func concatenate(i *invocation) value.Value {
	texts := make([]string, len(i.args))
	total := 0
	for n, arg := range i.args {
		texts[n] = i.text(arg)
		total += len(texts[n])
	}
	i.read(total)
	return value.FromString(strings.Join(texts, ""))
}
