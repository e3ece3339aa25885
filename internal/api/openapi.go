package api

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/api/apidocs"
	"github.com/ai-gateway/ai-gateway/internal/schema"
)

// operation describes a route in the OpenAPI document.
type operation struct {
	tag, summary, description string
	body                      func(schema.Components) schema.Object // nil: none is read
	answer                    func(schema.Components) schema.Object // of status 200
	streams                   bool                                  // the answer may be a stream of text instead
	lines                     func(schema.Components) schema.Object // the answer is a stream of these, one a line
	silent                    bool                                  // success is a 204 without a body instead
	open                      bool                                  // needs no credentials
	deprecated                bool
	refusals                  []int // statuses with an error body
}

// openAPIDocument writes the OpenAPI 3.1 document of the routes, from the types that their handlers decode and encode.
func openAPIDocument(routes []*route) []byte {
	components := schema.Components{}
	var paths []any
	for _, r := range routes {
		path, parameters := openAPIPath(r.template)
		paths = append(paths, path, schema.NewObject(strings.ToLower(r.methods[0]), r.about.object(r, parameters, components)))
	}
	var schemas []any
	for _, name := range slices.Sorted(maps.Keys(components)) {
		schemas = append(schemas, name, components[name])
	}
	document := schema.NewObject(
		"openapi", "3.1.0",
		"info", schema.NewObject("title", apidocs.Title, "description", "GitLab AI Gateway API to execute AI actions", "version", "0.1.0"),
		"paths", schema.NewObject(paths...),
		"components", schema.NewObject(
			"schemas", schema.NewObject(schemas...),
			"securitySchemes", schema.NewObject("token", schema.NewObject("type", "http", "scheme", "bearer", "bearerFormat", "JWT")),
		),
		"security", []any{schema.NewObject("token", []any{})},
		"tags", openAPITags(),
	)
	return document.Value().AppendJSON(nil)
}

func openAPITags() []any {
	var tags []any
	for _, name := range []string{"prompts", "completions", "chat", "x-ray", "search", "proxy", "amazon_q", "suggestions", "monitoring"} {
		tags = append(tags, schema.NewObject("name", name))
	}
	return tags
}

var templateName = regexp.MustCompile(`\{(\w+)(:path)?\}`)

// openAPIPath is a route's template as OpenAPI writes it, and its parameters.
func openAPIPath(template string) (path string, parameters []any) {
	for _, name := range templateName.FindAllStringSubmatch(template, -1) {
		parameters = append(parameters, schema.NewObject("name", name[1], "in", "path", "required", true, "schema", schema.NewObject("type", "string")))
	}
	return templateName.ReplaceAllString(template, "{$1}"), parameters
}

func (o *operation) object(r *route, parameters []any, components schema.Components) schema.Object {
	pairs := []any{
		"tags",
		[]any{o.tag},
		"summary", o.summary, "description", o.description,
		"operationId", strings.Trim(regexp.MustCompile(`\W+`).ReplaceAllString(r.template, "_"), "_"),
	}
	if o.deprecated {
		pairs = append(pairs, "deprecated", true)
	}
	if o.open {
		pairs = append(pairs, "security", []any{})
	}
	if len(parameters) > 0 {
		pairs = append(pairs, "parameters", parameters)
	}
	if o.body != nil {
		pairs = append(pairs, "requestBody", schema.NewObject("required", true, "content", jsonContent(o.body(components))))
	}
	return schema.NewObject(append(pairs, "responses", o.responses(components))...)
}

func (o *operation) responses(components schema.Components) schema.Object {
	content := []any{}
	if o.answer != nil {
		content = append(content, "application/json", schema.NewObject("schema", o.answer(components)))
	}
	if o.streams {
		content = append(content, "text/event-stream", schema.NewObject("schema", schema.NewObject("type", "string")))
	}
	if o.lines != nil {
		content = append(content, "application/x-ndjson", schema.NewObject("schema", o.lines(components)))
	}
	responses := []any{"200", schema.NewObject("description", "OK", "content", schema.NewObject(content...))}
	if o.silent {
		responses = []any{"204", schema.NewObject("description", "Done")}
	}
	for _, status := range o.refusals {
		body := schema.NewObject("type", "object", "properties", schema.NewObject("detail", refusalDetail(status)))
		responses = append(responses, strconv.Itoa(status),
			schema.NewObject("description", http.StatusText(status), "content", jsonContent(body)))
	}
	return schema.NewObject(responses...)
}

// refusalDetail is the type of "detail": a text, and for 422 usually the list of all that is wrong.
func refusalDetail(status int) schema.Object {
	text := schema.NewObject("type", "string")
	if status != http.StatusUnprocessableEntity {
		return text
	}
	entry := schema.NewObject("type", "object", "properties", schema.NewObject(
		"type", text, "loc", schema.NewObject("type", "array"), "msg", text, "input", schema.NewObject(), "ctx", schema.NewObject("type", "object")))
	return schema.NewObject("anyOf", []any{text, schema.NewObject("type", "array", "items", entry)})
}

func jsonContent(of schema.Object) schema.Object {
	return schema.NewObject("application/json", schema.NewObject("schema", of))
}
