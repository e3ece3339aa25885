package template

import (
	"errors"
	"strings"
	"testing"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2"
)

// render renders a text that includes the given partials.
func render(t testing.TB, text string, partials map[string]string, inputs map[string]any) (string, error) {
	t.Helper()
	compiled, err := New(partials).Compile("test", text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return compiled.Render(inputs)
}

func TestWorkOfATemplateIsBounded(t *testing.T) {
	raw := strings.Repeat("raw text ", 2000)
	for name, tc := range map[string]struct {
		text     string
		partials map[string]string
	}{
		"loops in loops":                        {"{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}", nil},
		"empty loops in loops":                  {"{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", nil},
		"empty loops over characters":           {"{% for a in long %}{% for b in long %}{% endfor %}{% endfor %}", nil},
		"a loop that recurs":                    {"{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", nil},
		"a loop that recurs over much":          {"{% set r = range(99999) %}{% for x in r recursive %}{{ loop(r) if false }}{% for y in r %}{% endfor %}{% endfor %}", nil},
		"a loop that recurs by another name":    {"{% for x in [1] recursive %}{% set again = loop %}{{ again([1]) }}{% endfor %}", nil},
		"a partial that includes itself":        {"{% include 'p' %}", map[string]string{"p": "{% include 'p' %}"}},
		"a partial that imports itself":         {"{% import 'p' as p %}", map[string]string{"p": "{% import 'p' as p %}"}},
		"a partial that imports itself, shared": {"{% import 'p' as p with context %}", map[string]string{"p": "{% import 'p' as p with context %}"}},
		"a partial that extends itself":         {"{% extends 'p' %}", map[string]string{"p": "{% extends 'p' %}"}},
		"a partial apart that includes itself":  {"{% include 'p' without context %}", map[string]string{"p": "{% include 'p' without context %}"}},
		"partials that fan out":                 {"{% include 'p' %}", map[string]string{"p": strings.Repeat("{% include 'q' %}", 200), "q": strings.Repeat("{% include 'r' %}", 200), "r": strings.Repeat("{{ 1 }}", 200)}},
		"a macro that calls itself":             {"{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", nil},
		"a macro that calls itself twice":       {"{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}", nil},
		"macros that call each other":           {"{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}", nil},
		"a caller that calls":                   {"{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}", nil},
		"a block that shows itself":             {"{% block b %}{{ self.b() }}{% endblock %}", nil},
		"much text":                             {"{% for a in range(99999) %}" + raw + "{% endfor %}", nil},
		"much text, kept":                       {"{% set x %}{% for a in range(99999) %}" + raw + "{% endfor %}{% endset %}", nil},
		"much text, kept by macros":             {"{% macro m() %}" + raw + "{% endmacro %}{% set x %}{% for a in range(99999) %}{{ m() }}{% endfor %}{% endset %}", nil},
		"much text, kept from partials":         {"{% set x %}{% for a in range(99999) %}{% include 'p' %}{% endfor %}{% endset %}", map[string]string{"p": raw}},
		"much text, kept from blocks":           {"{% block b %}" + raw + "{% endblock %}{% set x %}{% for a in range(99999) %}{{ self.b() }}{% endfor %}{% endset %}", nil},
		"a long input, often":                   {"{% for a in range(99999) %}{{ long }}{% endfor %}", nil},
		"a long input, kept often":              {"{% set x %}{% for a in range(99999) %}{{ long }}{% endfor %}{% endset %}", nil},
		"a text beyond all memory":              {"{{ 'xx' * 9223372036854775807 }}", nil},
		"a text that doubles":                   {"{% set ns = namespace(x='x') %}{% for a in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}", nil},
		"a text that doubles by adding":         {"{% set ns = namespace(x='x') %}{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}", nil},
		"a text that grows by replacing":        {"{% set ns = namespace(x='x') %}{% for a in range(99) %}{% set ns.x = ns.x | replace('x', 'xx') %}{% endfor %}", nil},
		"a list beyond all memory":              {"{{ ([1] * 999999999) | length }}", nil},
		"a list that doubles":                   {"{% set ns = namespace(x=[1]) %}{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}", nil},
		"a list of lists of lists":              {"{% set ns = namespace(x=[1]) %}{% for a in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}", nil},
		"a comparison of lists of lists":        {"{% set ns = namespace(x=[1], y=[1]) %}{% for a in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}", nil},
		"JSON of lists of lists":                {"{% set ns = namespace(x=[1]) %}{% for a in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}", nil},
		"a list in itself":                      {"{% set x = [] %}{{ x.append(x) }}{{ x }}", nil},
		"JSON of a list in itself":              {"{% set x = [] %}{{ x.append(x) }}{{ x | tojson }}", nil},
		"a comparison of lists in themselves":   {"{% set x = [] %}{% set y = [] %}{{ x.append(x) }}{{ y.append(y) }}{{ x == y }}", nil},
		"a number that squares":                 {"{% set ns = namespace(x=3) %}{% for a in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}", nil},
		"a number beyond all memory":            {"{{ 9 ** (9 ** (9 ** 9)) }}", nil},
		"a wide format":                         {"{{ '%999999999d' % 1 }}{% for a in range(99999) %}{{ '%9999d' % 1 }}{% endfor %}", nil},
		"a wide format string":                  {"{% for a in range(99999) %}{{ '{:>9999}'.format(1) }}{% endfor %}", nil},
		"a wide margin":                         {"{{ 'x'.center(999999999) }}", nil},
		"a wide tab":                            {"{{ '\\t'.expandtabs(999999999) }}", nil},
		"sorting often":                         {"{% set r = range(99999) | list %}{% for a in range(99999) %}{% set x = r | sort %}{% endfor %}", nil},
		"reading a long input often":            {"{% for a in range(99999) %}{% set x = long | length %}{% endfor %}", nil},
		"searching a long input often":          {"{% for a in range(99999) %}{% if 'z' in long %}{% endif %}{% endfor %}", nil},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := render(t, tc.text, tc.partials, map[string]any{"long": strings.Repeat("y", 1<<20)})
			if err == nil {
				t.Errorf("it rendered %d bytes", len(out))
			}
		})
	}
}

func TestWhatIsDeepInASourceIsRefused(t *testing.T) {
	for name, source := range map[string]string{
		"brackets": "{{ " + strings.Repeat("(", 99999) + "1" + strings.Repeat(")", 99999) + " }}",
		"lists":    "{{ " + strings.Repeat("[", 99999) + strings.Repeat("]", 99999) + " }}",
		"nots":     "{{ " + strings.Repeat("not ", 99999) + "1 }}",
		"signs":    "{{ " + strings.Repeat("-", 99999) + "1 }}",
		"ifs":      "{{ " + strings.Repeat("1 if 1 else ", 99999) + "1 }}",
		"tags":     strings.Repeat("{% if 1 %}", 9999) + strings.Repeat("{% endif %}", 9999),
		"targets":  "{% set " + strings.Repeat("(", 9999) + "a" + strings.Repeat(")", 9999) + " = 1 %}",
	} {
		var wrong *SyntaxError
		if _, err := New(nil).Compile("test", source); !errors.As(err, &wrong) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestLongExpressionsCompile(t *testing.T) {
	for _, source := range []string{
		"{{ 1" + strings.Repeat(" + 1", 900) + " }}",
		"{{ 'a'" + strings.Repeat(" ~ 'a'", 900) + " }}",
		"{{ 0" + strings.Repeat(" or 0", 900) + " }}",
		"{{ 'a'" + strings.Repeat(" | upper", 900) + " }}",
		"{% if x == 0 %}" + strings.Repeat("{% elif x == 1 %}", 40) + "{% endif %}",
	} {
		if _, err := render(t, source, nil, map[string]any{"x": 1}); err != nil {
			t.Errorf("%s…: %v", source[:20], err)
		}
	}
}

func TestALoopWithoutEndRunsOutOfFuel(t *testing.T) {
	_, err := render(t, "{% for a in range(999) %}{% for b in range(999) %}{{ b if a }}{% endfor %}{% endfor %}", nil, nil)
	var fuel *minijinja.Error
	if !errors.As(err, &fuel) || fuel.Kind != minijinja.ErrOutOfFuel {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatPromptsDoIsFarFromTheLimits(t *testing.T) {
	files := make([]any, 1000)
	for i := range files {
		files[i] = strings.Repeat("line of code\n", 100)
	}
	text := "{% for f in files %}<file>{{ f | inside('file') }}</file>\n{% endfor %}{{ log | inside('log') }}"
	_, err := render(t, text, nil, map[string]any{"files": files, "log": strings.Repeat("line of a log\n", 200_000)})
	if err != nil {
		t.Error(err)
	}
}

func TestInputsOfAnyDepthAreRefusedNotFollowed(t *testing.T) {
	var deep any = "x"
	for range 9999 {
		deep = []any{deep}
	}
	if _, err := render(t, "{{ x }}", nil, map[string]any{"x": deep}); err == nil {
		t.Error("it rendered")
	}
	var object Object
	if err := object.UnmarshalJSON([]byte(`{"x": ` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999) + "}")); err == nil {
		t.Error("it was decoded")
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{
		"{{ a.b | upper }}", "{% for x in y if z %}{{ loop.index }}{% else %}{% endfor %}", "{% macro m(a, b=1) %}{{ varargs }}{% endmacro %}{{ m(1, 2, 3) }}",
		"{% set a", "{% call(x) m() %}{% endcall %}", "{{ '", "{%%}", "{%-%}", "{% raw", "{{ 1 + 2 ~ 'x' % (1, 2) }}", "{% include 'p' ignore missing %}",
		"{% set x | upper %}{% endset %}{% filter trim | lower %}{% endfilter %}", "{{ x[1:2:-1] }}{{ {1: 2}[1] }}{{ '{:>5}'.format(1) }}",
		"{% from 'p' import a as b with context %}{% extends 'q' %}{% block c %}{% endblock %}", "{{ xs.append(xs) }}{{ xs }}",
	} {
		f.Add(seed)
	}
	partials := map[string]string{"p": "{% set a = 1 %}{{ x }}", "q": "{% block c %}{% endblock %}"}
	inputs := map[string]any{"x": "text", "xs": []any{1, "a", nil, 2.5}, "d": map[string]any{"a": 1}, "y": nil}
	f.Fuzz(func(t *testing.T, source string) {
		compiled, err := New(partials).Compile("test", source)
		if err != nil {
			var wrong *SyntaxError
			if errors.As(err, &wrong) && (wrong.Line < 1 || wrong.Line > 1+strings.Count(lineFeeds(source), "\n")) {
				t.Errorf("line %d of %q: %v", wrong.Line, source, err)
			}
			return
		}
		_, _ = compiled.Render(inputs) // whatever it is: it must come
	})
}
