package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDotenvStatements(t *testing.T) {
	for _, tc := range []struct {
		name string
		text string
		want []statement
		bad  []int
	}{
		{"a # after white space begins a comment", "A=plain # note", one("A", "plain"), nil},
		{"a # within a word belongs to the value", "A=plain#note", one("A", "plain#note"), nil},
		{"blanks after the sign are skipped before a comment is looked for", "A= # note", one("A", "# note"), nil},
		{"a # right after the sign is the value", "A=#note", one("A", "#note"), nil},
		{"the first of two # after white space ends the value", "A=a b # c # d", one("A", "a b"), nil},
		{"a value without quotes is trimmed at the end", "A=  x y \t\n", one("A", "x y"), nil},
		{"a tab before a # is white space too", "A=x\t# note", one("A", "x"), nil},
		{"double quotes decode line breaks", `A="-----BEGIN X-----\nabc\n"`, one("A", "-----BEGIN X-----\nabc\n"), nil},
		{"single quotes keep a backslash and n", `A='-----BEGIN X-----\nabc\n'`, one("A", `-----BEGIN X-----\nabc\n`), nil},
		{"no quotes keep a backslash and n", `A=-----BEGIN\nabc`, one("A", `-----BEGIN\nabc`), nil},
		{"JSON in single quotes", `A='{"a": "b"}'`, one("A", `{"a": "b"}`), nil},
		{"JSON without quotes", `A={"a": "b"}`, one("A", `{"a": "b"}`), nil},
		{"JSON in double quotes", `A="{\"a\": \"b\"}"`, one("A", `{"a": "b"}`), nil},
		{"nothing after the sign is an empty value", "A=", one("A", ""), nil},
		{"an empty value doesn't take the next line", "A=\nB=1", []statement{{"A", "", true, 1}, {"B", "1", true, 2}}, nil},
		{"empty quotes are an empty value", "A=''", one("A", ""), nil},
		{"a key alone has no value", "A", []statement{{"A", "", false, 1}}, nil},
		{"a key alone may have a comment", "A # note", []statement{{"A", "", false, 1}}, nil},
		{"a later sign belongs to the value", "A=x=y", one("A", "x=y"), nil},
		{"blanks round the sign don't count", "A \t=  x", one("A", "x"), nil},
		{"a comment may follow quotes", `A="x" # note`, one("A", "x"), nil},
		{"a comment may touch closing quotes", `A="x"#note`, one("A", "x"), nil},
		{"quotes within a value are literal", `A=it's "so"`, one("A", `it's "so"`), nil},
		{"export is skipped", "export  A=1", one("A", "1"), nil},
		{"export may be a key", "export=1", one("export", "1"), nil},
		{"export may begin a key", "exported=1", one("exported", "1"), nil},
		{"a key may be in single quotes", "'A B'=1", one("A B", "1"), nil},
		{"a key may have dots and dashes", "a.b-c=1", one("a.b-c", "1"), nil},
		{"all escapes of double quotes", `A="\\\'\"\a\b\f\n\r\t\v"`, one("A", "\\'\"\a\b\f\n\r\t\v"), nil},
		{"other backslashes in double quotes stay", `A="\x41\u00e9\0"`, one("A", `\x41\u00e9\0`), nil},
		{"single quotes know two escapes", `A='it\'s \\ \"'`, one("A", `it's \ \"`), nil},
		{"an escaped backslash doesn't escape the closing quote", `A="C:\\"`, one("A", `C:\`), nil},
		{"quoted values span lines", "A='x\ny'\nB=\"p\r\nq\"\nC=1", []statement{{"A", "x\ny", true, 1}, {"B", "p\r\nq", true, 3}, {"C", "1", true, 5}}, nil},
		{"lines may end in three ways", "A=1\r\nB=2\rC=3\nD=4", []statement{{"A", "1", true, 1}, {"B", "2", true, 2}, {"C", "3", true, 3}, {"D", "4", true, 4}}, nil},
		{"blank lines, indents and comments are skipped", "\n\n  # note\n\t A=1\n#B=2\n", []statement{{"A", "1", true, 4}}, nil},
		{"a byte order mark becomes part of the key", "\ufeffA=1", one("\ufeffA", "1"), nil},
		{"text after quotes drops the statement", "A=\"x\" y\nB=1", []statement{{"B", "1", true, 2}}, []int{1}},
		{"doubled quotes are no escape", "A='it''s'\nB=1", []statement{{"B", "1", true, 2}}, []int{1}},
		{"quotes that aren't closed cost one line", "A=\"x\nB=1", []statement{{"B", "1", true, 2}}, []int{1}},
		{"a missing key drops the line", "=x\nB=1", []statement{{"B", "1", true, 2}}, []int{1}},
		{"an empty key in quotes drops the line", "''=x\nB=1", []statement{{"B", "1", true, 2}}, []int{1}},
		{"prose is no statement", "this line is no statement\nB=1", []statement{{"B", "1", true, 2}}, []int{1}},
		{"after text that follows quotes of several lines, the next line counts", "A='x\ny' z\nB=1", []statement{{"B", "1", true, 3}}, []int{1}},
		{"two keys of a name are both read", "A=1\nA=2", []statement{{"A", "1", true, 1}, {"A", "2", true, 2}}, nil},
		{"nothing is nothing", "", nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, bad := parseDotenv(tc.text)
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(statement{})); diff != "" {
				t.Errorf("statements (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.bad, bad); diff != "" {
				t.Errorf("skipped lines (-want +got):\n%s", diff)
			}
		})
	}
}

func one(key, value string) []statement { return []statement{{key, value, true, 1}} }

func FuzzDotenv(f *testing.F) {
	for _, seed := range []string{
		"A=1 # x\nexport B='it\\'s'\r\n'C D'=\"\\n\\x\"\rE", "A=\"x\" y\nB='", "=\n''=\n'=\nexport\n", "A='x\ny' z\nB=${A:-${C}}", "\ufeffA=\u00a0#x\u2028",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := 1 + strings.Count(text, "\n") + strings.Count(text, "\r") - strings.Count(text, "\r\n")
		statements, skipped := parseDotenv(text)
		for _, s := range statements {
			if s.key == "" || s.line < 1 || s.line > lines || (!s.set && s.value != "") {
				t.Errorf("%q: %+v makes no sense", text, s)
			}
		}
		for _, line := range skipped {
			if line < 1 || line > lines {
				t.Errorf("%q: there is no line %d", text, line)
			}
		}
		escaped := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text)
		got, _ := parseDotenv("K='" + escaped + "'")
		if diff := cmp.Diff(one("K", text), got, cmp.AllowUnexported(statement{})); diff != "" {
			t.Errorf("%q in single quotes comes back as another text:\n%s", text, diff)
		}
	})
}
