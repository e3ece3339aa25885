package prompt

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequiredVariableVectors(t *testing.T) {
	for _, v := range vectors[vectorTemplate](t, "templates-required") {
		t.Run(v.Name, func(t *testing.T) {
			want := slices.Sorted(slices.Values(v.Required))
			got := read(lineFeeds(v.Template)).variables
			if !slices.Equal(want, got) {
				t.Errorf("%s\ngot %q, want %q", v.Template, got, want)
			}
		})
	}
}

func TestVariablesAreThoseThatATemplateDoesNotDefine(t *testing.T) {
	for _, tc := range []struct{ template, want string }{
		{"{% if a %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}", "a"},
		{"{% if a %}{% set x = 1 %}{% elif b %}{% set x = 2 %}{% else %}{% set x = 3 %}{% endif %}{{ x }}", "a b"},
		{"{% if a %}{% set x = 1 %}{% endif %}{{ x }}", "a x"},
		{"{% if a %}{% set x = 1 %}{% elif b %}{% else %}{% set x = 3 %}{% endif %}{{ x }}", "a b x"},
		{"{% for x in xs if x.ok and y %}{{ x }}{% else %}{{ x }}{{ loop }}{% endfor %}", "loop x xs y"},
		{"{% for k, (a, b) in d.items() recursive %}{{ k }}{{ a }}{{ b }}{{ loop(c) }}{% endfor %}{{ k }}", "c d k"},
		{"{% for x in xs -%}{{ x }}{%- endfor -%}{{- y -}}", "xs y"},
		{"{% for x in xs %}{% set y = x %}{{ y }}{% endfor %}{{ y }}", "xs y"},
		{"{% set x %}a {{ b }}{% set c = 1 %}{% endset %}{{ x }}{{ c }}", "b c"},
		{"{% set x | replace(a, b) | trim %}c{% endset %}{{ x }}", "a b"},
		{"{% set a, b = c, d %}{{ a }}{{ b }}", "c d"},
		{"{% set ns = namespace(n=0) %}{% set ns.n = m %}{{ ns.n }}{% set other.n = 1 %}", "m other"},
		{"{% with a = b, c = a %}{{ c }}{% endwith %}", "a b"},
		{"{% macro m(a, b=c) %}{{ a ~ b ~ varargs ~ kwargs ~ caller() }}{% endmacro %}{{ m(d) }}", "c d"},
		{"{% call(x) m(a) %}{{ x }}{{ y }}{% endcall %}", "a m y"},
		{"{% call m(a) %}{{ x }}{% endcall %}", "a m x"},
		{"{% filter replace(a, 'x') %}{{ b }}{% endfilter %}", "a b"},
		{"{% import 'p' as p with context %}{% from q import r, s as t %}{{ p.x }}{{ r }}{{ t }}{{ s }}", "q s"},
		{"{% block b %}{{ super() }}{{ self.b() }}{{ a }}{% endblock %}{% extends base %}", "a base"},
		{"{% include a ignore missing with context %}{% include ['x', b] without context %}", "a b"},
		{"{{ 'it\\'s {{ x }}' }}{{ \"%}\" ~ a }}", "a"},
		{"{{ {'a': {'b': x}}.a }}{{ xs[i:j] }}{{ ys.0.name }}{{ 1.5 }}{{ 1e3 }}{{ 0x1f }}{{ 1_000 }}", "i j x xs ys"},
		{"{{ a if b else c }}{{ a is not divisibleby(d) }}{{ a is e }}{{ not a }}{{ x.is.f }}", "a b c d x"},
		{"{{ a | map(attribute=b) | join(',') }}{{ a == b }}{{ a != c }}{{ größe }}", "a b c größe"},
		{"{% raw %}{{ x }}{% if %}{% endraw %}{{ y }}{%- raw -%}{{ z }}{%- endraw -%}", "y"},
		{"{# {{ x }} #}{{ a }}{{ {} }}{ {b} }{{", "a"},
		{"{% autoescape false %}{{ a }}{% endautoescape %}", "a"},
	} {
		if got := strings.Join(read(tc.template).variables, " "); got != tc.want {
			t.Errorf("%s\ngot %q, want %q", tc.template, got, tc.want)
		}
	}
}

func TestMentionsAreFoundOnTheirLines(t *testing.T) {
	got := read("{% include 'a' %}\n\n{{ x | f | g }}\n{% include 'b' | safe %}{% if x is\nt %}{% include 'c' without context %}{% endif %}\n" +
		"{% include 'd' ignore missing %}{% include 'e' ~ x %}{% break %}")
	want := reading{
		variables: []string{"x"},
		includes:  []mention{{"a", 0}, {"b", 3}, {"c", 4}},
		filters:   []mention{{"f", 2}, {"g", 2}, {"safe", 3}},
		tests:     []mention{{"t", 4}},
		foreign:   []mention{{"break", 5}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(reading{}, mention{})); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"{{ a.b | c }}", "{% for x in y if z %}{% else %}{% endfor %}", "{% macro m(a, b=1) %}{% endmacro %}", "{% set a", "{% call( %}",
		"{{ '", "{%%}", "{%-%}", "{% raw",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		r := read(source)
		for _, m := range slices.Concat(r.includes, r.filters, r.tests, r.foreign) {
			if m.line < 0 || m.line > strings.Count(source, "\n") {
				t.Errorf("%q is on line %d", m.name, m.line)
			}
		}
	})
}
