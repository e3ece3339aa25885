package template

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// unsupported are constructs whose meaning the language here does not share with Jinja2, with the reason.
var unsupported = map[string]*regexp.Regexp{
	"members of numbers":                           regexp.MustCompile(`\.(real|imag|bit_length)\b`),
	"what a macro says about itself":               regexp.MustCompile(`\{\{ f \}\}\|`),
	"the template as a value":                      regexp.MustCompile(`\{\{ self \}\}`),
	"filters named by an argument, before the run": regexp.MustCompile(`map\('nosuch'\)`),
	"lists that grow under a loop":                 regexp.MustCompile(`in xs %\}\{\{ xs\.append`),
	"hiding the loop from partials":                regexp.MustCompile(`include 'loopy'`),
	"random and made-up text":                      regexp.MustCompile(`\b(random|lipsum|urlize)\b`),
	"inheritance under a condition":                regexp.MustCompile(`\{%-? *if [^%]*%\}\{%-? *extends`),
}

// isUnsupported names the unsupported construct that a template uses, if any.
func isUnsupported(source string) (why string, is bool) {
	for why, pattern := range unsupported {
		if pattern.MatchString(source) {
			return why, true
		}
	}
	return "", false
}

// testdata/jinja2.json was made with Jinja2 itself.
func TestTemplatesMeanWhatTheyMeanInJinja2(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("testdata", "jinja2.json"))
	if err != nil {
		t.Fatal(err)
	}
	var corpus struct {
		Includes  map[string]string
		Variables Object
		Entries   []vector
	}
	if err := json.Unmarshal(content, &corpus); err != nil {
		t.Fatal(err)
	}
	for _, v := range corpus.Entries {
		t.Run(v.Template, func(t *testing.T) {
			if why, is := isUnsupported(v.Template); is {
				t.Skip(why)
			}
			v.Includes, v.Variables = corpus.Includes, corpus.Variables
			check(t, v)
		})
	}
}
