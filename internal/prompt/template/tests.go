package template

import (
	"unicode"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// tests are what may stand behind "is".
var tests map[string]*function

func init() { // the filter test looks at filters
	tests = map[string]*function{
		"defined":     testOf("", func(i *invocation) bool { return !i.subject.IsUndefined() }),
		"undefined":   testOf("", func(i *invocation) bool { return i.subject.IsUndefined() }),
		"none":        testOf("", func(i *invocation) bool { return i.subject.IsNone() }),
		"boolean":     testOf("", func(i *invocation) bool { return isBool(i.subject) }),
		"true":        testOf("", func(i *invocation) bool { return isBool(i.subject) && i.subject.IsTrue() }),
		"false":       testOf("", func(i *invocation) bool { return isBool(i.subject) && !i.subject.IsTrue() }),
		"number":      testOf("", func(i *invocation) bool { _, ok := numberOf(i.subject); return ok }),
		"integer":     testOf("", func(i *invocation) bool { n, ok := numberOf(i.subject); return ok && !n.isFloat && !isBool(i.subject) }),
		"float":       testOf("", func(i *invocation) bool { n, ok := numberOf(i.subject); return ok && n.isFloat }),
		"string":      testOf("", func(i *invocation) bool { return isText(i.subject) }),
		"mapping":     testOf("", func(i *invocation) bool { return dictIn(i.subject) != nil }),
		"sequence":    testOf("", func(i *invocation) bool { return isCollection(i.subject) || i.subject.IsUndefined() }),
		"iterable":    testOf("", func(i *invocation) bool { return isCollection(i.subject) || i.subject.IsUndefined() }),
		"callable":    testOf("", func(i *invocation) bool { return i.subject.IsCallable() || i.subject.IsUndefined() }),
		"escaped":     testOf("", func(*invocation) bool { return false }),
		"upper":       testOf("", func(i *invocation) bool { return hasCase(i.text(i.subject), unicode.IsUpper, unicode.IsLower) }),
		"lower":       testOf("", func(i *invocation) bool { return hasCase(i.text(i.subject), unicode.IsLower, unicode.IsUpper) }),
		"odd":         testOf("", func(i *invocation) bool { return i.rest(2) == 1 }),
		"even":        testOf("", func(i *invocation) bool { return i.rest(2) == 0 }),
		"divisibleby": testOf("num", func(i *invocation) bool { return i.rest(integerIn(i.need(0), "the divisor")) == 0 }),
		"sameas":      testOf("other", func(i *invocation) bool { return same(i.subject, i.need(0)) }),
		"in":          testOf("seq", func(i *invocation) bool { return i.contains(i.need(0), i.subject) }),
		"filter":      testOf("", func(i *invocation) bool { return filters[i.text(i.subject)] != nil }),
		"test":        testOf("", func(i *invocation) bool { return tests[i.text(i.subject)] != nil }),
	}
	for operator, names := range map[string][]string{
		"==": {"eq", "equalto"}, "!=": {"ne"}, "<": {"lt", "lessthan"}, "<=": {"le"}, ">": {"gt", "greaterthan"}, ">=": {"ge"},
	} {
		compares := testOf("other", func(i *invocation) bool { return i.holds(i.subject, operator, i.need(0)) })
		for _, name := range append(names, operator) {
			tests[name] = compares
		}
	}
}

func testOf(params string, body func(i *invocation) bool) *function {
	return takes(params, func(i *invocation) value.Value { return value.FromBool(body(i)) })
}

// runTest is "x is name(…)".
func runTest(i *invocation) value.Value {
	name := textIn(i.need(1), "the name of a test")
	return i.method(tests[name], i.args[0], "test "+name, i.args[2:], i.kwargs)
}

func isBool(v value.Value) bool { return v.Kind() == value.KindBool }

func isText(v value.Value) bool { return v.Kind() == value.KindString }

func isCollection(v value.Value) bool { return isText(v) || listIn(v) != nil || dictIn(v) != nil }

// rest is what dividing leaves.
func (i *invocation) rest(by int) float64 {
	n, ok := numberOf(i.subject)
	if !ok {
		fail("it needs a number, not %s", kindOf(i.subject))
	}
	rest, _ := numberOf(arithmetic(n, "%", numeric{small: int64(by)}))
	return rest.asFloat()
}

// same reports whether two values are one: equal scalars of one kind, or the same list or map.
func same(a, b value.Value) bool {
	if listIn(a) != nil || dictIn(a) != nil {
		return a.Raw() == b.Raw()
	}
	return a.SameAs(b)
}
