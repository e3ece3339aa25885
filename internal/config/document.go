package config

import (
	_ "embed"
	"fmt"
	"reflect"
	"strings"
)

// development holds the settings that the example file sets; all others are in it as comments.
var development = map[string]string{
	"AIGW_AUTH__BYPASS_EXTERNAL": "true",
	"AIGW_MOCK_MODEL_RESPONSES":  "true",
	"AIGW_DOCS_SEARCH__SAMPLE":   "true",
	"AIGW_FASTAPI__API_PORT":     "5052",
	"AIGW_FASTAPI__DOCS_URL":     "/docs",
	"AIGW_FASTAPI__OPENAPI_URL":  "/openapi.json",
	"AIGW_FASTAPI__REDOC_URL":    "/redoc",
	"AIGW_LOGGING__FORMAT_JSON":  "false",
}

// passedOn are variables that the gateway has no setting for because libraries read them.
var passedOn = []struct{ name, doc string }{
	{"HTTPS_PROXY", "Proxy for outgoing HTTPS"},
	{"HTTP_PROXY", "Proxy for outgoing HTTP"},
	{"ALL_PROXY", "Proxy for both, where they have none of their own"},
	{"NO_PROXY", "Hosts that are asked without a proxy"},
	{"SSL_CERT_FILE", "File with the certificate authorities to trust"},
	{"SSL_CERT_DIR", "Folder with the certificate authorities to trust"},
}

const (
	passedOnTitle = "Read by libraries"

	exampleHeader = `# Settings for development: copy this file to .env.
#
# Every setting is below, most of them as comments that show the default. Requests need no token and models only echo what
# they are asked. To ask real models, set ANTHROPIC_API_KEY and AIGW_MOCK_MODEL_RESPONSES=false.
#
# Generated from internal/config by: go generate ./internal/config
`
)

// ExampleEnv is a .env file for development that lists every setting (spec/settings-and-operations.md 19).
func ExampleEnv() string {
	var b strings.Builder
	b.WriteString(exampleHeader)
	title := ""
	for _, f := range fields() {
		if f.title != title {
			title = f.title
			fmt.Fprintf(&b, "\n# --- %s ---\n", title)
		}
		fmt.Fprintf(&b, "\n# %s\n", f.meaning(""))
		if value, set := development[f.name]; set {
			fmt.Fprintf(&b, "%s=%s\n", f.name, value)
		} else {
			fmt.Fprintf(&b, "# %s=%s\n", f.name, f.written())
		}
	}
	fmt.Fprintf(&b, "\n# --- %s ---\n", passedOnTitle)
	for _, v := range passedOn {
		fmt.Fprintf(&b, "\n# %s\n# %s=\n", v.doc, v.name)
	}
	return b.String()
}

//go:embed reference.md
var referenceIntroduction string

// Reference is the documentation of all settings in Markdown: how they are given, then a table for each group.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceIntroduction)
	title := ""
	for _, f := range fields() {
		if f.title != title {
			title = f.title
			fmt.Fprintf(&b, "\n## %s\n\n| Variable | Type | Default | Meaning |\n| --- | --- | --- | --- |\n", title)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.name, f.typeName(), f.defaultCell(), cell(f.meaning("`")))
	}
	fmt.Fprintf(&b, "\n## %s\n\n| Variable | Meaning |\n| --- | --- |\n", passedOnTitle)
	for _, v := range passedOn {
		fmt.Fprintf(&b, "| `%s` | %s |\n", v.name, cell(v.doc))
	}
	return b.String()
}

// typeName is the type as the introduction of the reference explains it.
func (f *field) typeName() string {
	switch {
	case f.unit != "":
		return f.unit
	case f.kind == reflect.TypeFor[Secret]():
		return "secret"
	case f.isObject():
		return "JSON object"
	case levels(f.kind) > 0:
		return "JSON list"
	}
	return map[reflect.Kind]string{reflect.String: "text", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Float64: "number"}[f.kind.Kind()]
}

// meaning is the doc, with an example in the given quotes where the default doesn't show how a value looks.
func (f *field) meaning(quote string) string {
	if f.example == "" && (f.fallback != "" || levels(f.kind) == 0) {
		return f.doc
	}
	return fmt.Sprintf("%s. Example: %s%s%s", f.doc, quote, f.sample(), quote)
}

func (f *field) defaultCell() string {
	switch {
	case f.written() != "":
		return "`" + cell(f.written()) + "`"
	case f.optional:
		return "not set"
	default:
		return "empty"
	}
}

// cell makes a text fit into a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
