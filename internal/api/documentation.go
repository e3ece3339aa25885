package api

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/ai-gateway/ai-gateway/internal/api/apidocs"
)

// documentation returns the routes of the documentation pages that are switched on (spec/http-api.md 23.4).
func (s *Server) documentation(routes []*route) ([]*route, error) {
	if s.Docs.OpenAPI == "" {
		return nil, nil
	}
	openAPI := openAPIDocument(routes)
	pages := []*route{page(s.Docs.OpenAPI, "application/json", func() ([]byte, error) { return openAPI, nil })}
	if s.Docs.Swagger != "" {
		redirect := s.Docs.Swagger + "/oauth2-redirect"
		pages = append(pages,
			page(s.Docs.Swagger, htmlType, func() ([]byte, error) { return apidocs.Swagger(openAPI, redirect) }),
			page(redirect, htmlType, func() ([]byte, error) { return apidocs.OAuthRedirect(), nil }))
	}
	if s.Docs.ReDoc != "" {
		pages = append(pages, page(s.Docs.ReDoc, htmlType, func() ([]byte, error) { return apidocs.ReDoc(openAPI) }))
	}
	seen := map[string]bool{}
	for _, r := range append(pages, routes...) {
		if seen[r.template] {
			return nil, fmt.Errorf("documentation page at %s: the path is taken (AIGW_FASTAPI__OPENAPI_URL, __DOCS_URL, __REDOC_URL)", r.template)
		}
		seen[r.template] = true
	}
	return pages, nil
}

const htmlType = "text/html; charset=utf-8"

// page is a route whose content is made when it is first asked for.
func page(path, contentType string, content func() ([]byte, error)) *route {
	once := sync.OnceValues(content)
	return &route{
		template: path,
		methods:  []string{http.MethodGet, http.MethodHead},
		handle: func(w http.ResponseWriter, _ *http.Request) error {
			body, err := once()
			if err != nil {
				return err
			}
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.WriteHeader(http.StatusOK)
			_, _ = w.Write(body)
			return nil
		},
	}
}
