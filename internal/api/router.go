package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ai-gateway/ai-gateway/internal/api/middleware"
)

// handler serves one endpoint. What it returns becomes a response in errors.go.
type handler func(http.ResponseWriter, *http.Request) error

// route is one entry of the route table (spec/http-api.md 3).
type route struct {
	// template is the path, and the "handler" label of the HTTP metrics. A last segment "{name:path}" matches any rest, also none; any
	// segment "{name}" matches one or more characters other than "/".
	template string
	methods  []string
	handle   handler
	quiet    bool      // not counted in the HTTP metrics
	about    operation // for the OpenAPI document; pages about the API have none
}

// router finds routes the way the contract does: the path is decoded once and then taken as it is. Nothing is cleaned or collapsed, so
// that "%2F" acts as "/" and "//" as itself (spec/http-api.md 5.1); http.ServeMux would redirect.
type router struct {
	exact    map[string]*route
	patterns []*route
}

func newRouter(routes []*route) *router {
	rt := &router{exact: map[string]*route{}}
	for _, r := range routes {
		if strings.Contains(r.template, "{") {
			rt.patterns = append(rt.patterns, r)
		} else {
			rt.exact[r.template] = r
		}
	}
	return rt
}

// find returns the route of a decoded path, or nil.
func (rt *router) find(path string) *route {
	if r := rt.exact[path]; r != nil {
		return r
	}
	for _, r := range rt.patterns {
		if matchTemplate(r.template, path, func(_, _ string) {}) {
			return r
		}
	}
	return nil
}

// matchTemplate compares a path with a template and calls value with what each of the template's names stands for, as far as both go
// together.
func matchTemplate(template, path string, value func(name, value string)) bool {
	for {
		literal, rest, named := strings.Cut(template, "{")
		var ok bool
		if path, ok = strings.CutPrefix(path, literal); !ok {
			return false
		}
		if !named {
			return path == ""
		}
		name, after, _ := strings.Cut(rest, "}")
		if name, anything := strings.CutSuffix(name, ":path"); anything {
			value(name, path)
			return true
		}
		end := strings.IndexByte(path, '/')
		if end < 0 {
			end = len(path)
		}
		if end == 0 {
			return false
		}
		value(name, path[:end])
		path, template = path[end:], after
	}
}

// withOtherSlash is the path with its final slash removed, or one added.
func withOtherSlash(path string) string {
	if without, ok := strings.CutSuffix(path, "/"); ok {
		return without
	}
	return path + "/"
}

// label is the template that a request counts under in the HTTP metrics (spec/observability.md 9.1), or "" when it isn't counted.
func (rt *router) label(r *http.Request) string {
	found := rt.find(r.URL.Path)
	if found == nil {
		if found = rt.find(withOtherSlash(r.URL.Path)); found == nil || found.quiet {
			return ""
		}
		if strings.Contains(found.template, "{") {
			return found.template
		}
		return found.template + "/"
	}
	if found.quiet || !slices.Contains(found.methods, r.Method) {
		return ""
	}
	return found.template
}

// serve calls the handler of a request's route, or answers that there is none (spec/http-api.md 5.2).
func (rt *router) serve(w http.ResponseWriter, r *http.Request) error {
	found := rt.find(r.URL.Path)
	if found == nil {
		if other := rt.find(withOtherSlash(r.URL.Path)); other != nil {
			redirect(w, r, withOtherSlash(r.URL.Path))
			return nil
		}
		return &statusError{status: http.StatusNotFound, detail: "Not Found"}
	}
	if !slices.Contains(found.methods, r.Method) {
		w.Header().Set("Allow", strings.Join(found.methods, ", "))
		return &statusError{status: http.StatusMethodNotAllowed, detail: "Method Not Allowed"}
	}
	matchTemplate(found.template, r.URL.Path, r.SetPathValue)
	return found.handle(w, r)
}

// redirect sends the client to the same URL with another path.
func redirect(w http.ResponseWriter, r *http.Request, path string) {
	to := url.URL{Scheme: middleware.Scheme(r), Host: r.Host, Path: path, RawQuery: r.URL.RawQuery}
	w.Header().Set("Location", to.String())
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusTemporaryRedirect)
}
