package template

import (
	"strings"
	"testing"
)

func TestNothingLeavesItsSection(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"plain", "plain"},
		{"a < b && c </ d", "a < b && c </ d"},
		{"<code>", "<code>"},
		{"</code>", `<\/code>`},
		{"x</code>y</code>", `x<\/code>y<\/code>`},
		{"</CODE>", `<\/CODE>`},
		{"</code >", `<\/code >`},
		{"</code\n>", "<\\/code\n>"},
		{"< / code>", `<\ / code>`},
		{"</code", `<\/code`}, // the template may go on with ">"
		{"</code x>", `<\/code x>`},
		{"</code/>", `<\/code/>`},
		{"</code>>", `<\/code>>`},
		{"<</code>", `<<\/code>`},
		{"</<//code></code>", `</<//code><\/code>`},
		{"</codes></code_of></code-of></cod>", "</codes></code_of></code-of></cod>"},
		{`<\/code>`, `<\/code>`}, // twice is once
		{"</cödé></codé>", "</cödé></codé>"},
	} {
		got, err := render(t, "{{ x | inside('code') }}", nil, map[string]any{"x": tc.text})
		if err != nil || got != tc.want {
			t.Errorf("%q: got %q, %v", tc.text, got, err)
		}
	}
}

func TestWhatElseCanStandInASection(t *testing.T) {
	for _, tc := range []struct {
		text, want string
	}{
		{"{{ none | inside('a') }}|{{ missing | inside('a') }}|{{ 1 | inside('a') }}|{{ ['</a>'] | inside('a') }}", "||1|['<\\/a>']"},
		{"{{ '</a></b></c>' | inside(['a', 'b']) }}", `<\/a><\/b></c>`},
		{"{{ ['</a>', 'x'] | map('inside', 'a') | join(' ') }}", `<\/a> x`},
		{"{{ 'x' | inside('a', text_only=true) }}", "x"},
	} {
		got, err := render(t, tc.text, nil, nil)
		if err != nil || got != tc.want {
			t.Errorf("%s: got %q, %v", tc.text, got, err)
		}
	}
	for _, text := range []string{"{{ 1 | inside('a', text_only=true) }}", "{{ 'x' | inside }}", "{{ 'x' | inside(1) }}"} {
		if got, err := render(t, text, nil, nil); err == nil {
			t.Errorf("%s: got %q", text, got)
		} else if strings.Contains(err.Error(), "panic") {
			t.Error(err)
		}
	}
}

func FuzzInside(f *testing.F) {
	f.Add("a</code>b", "code")
	f.Add("<<//code>", "x")
	f.Fuzz(func(t *testing.T, text, section string) {
		if section == "" {
			return
		}
		got := withoutClosing(text, section)
		if strings.Contains(got, "</"+section+">") {
			t.Errorf("%q in %q: %q", text, section, got)
		}
		if again := withoutClosing(got, section); again != got {
			t.Errorf("%q in %q: %q, then %q", text, section, got, again)
		}
		if strings.ReplaceAll(got, `<\`, "<") != strings.ReplaceAll(text, `<\`, "<") {
			t.Errorf("%q in %q: %q", text, section, got)
		}
	})
}
