// Package apidocs makes the documentation pages of the API: Swagger UI, ReDoc and Swagger UI's OAuth redirect page.
//
// Each page is one self-contained HTML document: viewer, style and OpenAPI document are written into it. It loads nothing from anywhere, so
// it works without internet and behind the gateway's own authentication (spec/http-api.md 23.4).
package apidocs

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
)

// Title of the API, in the OpenAPI document and on the pages.
const Title = "GitLab AI Gateway"

var (
	//go:embed assets/swagger-ui-bundle.js
	swaggerScript string
	//go:embed assets/swagger-ui.css
	swaggerStyle string
	//go:embed assets/redoc.standalone.js
	redocScript string
	//go:embed pages/swagger.html
	swaggerPage string
	//go:embed pages/redoc.html
	redocPage string
	//go:embed pages/oauth2-redirect.html
	oauthRedirectPage []byte
)

// Swagger returns the Swagger UI page for an OpenAPI document (JSON). redirectURL is the path of the page [OAuthRedirect].
func Swagger(openAPI []byte, redirectURL string) ([]byte, error) {
	return render(swaggerPage, page{Script: inline(swaggerScript), Style: template.CSS(swaggerStyle), Redirect: redirectURL}, openAPI)
}

// ReDoc returns the ReDoc page for an OpenAPI document (JSON).
func ReDoc(openAPI []byte) ([]byte, error) {
	return render(redocPage, page{Script: inline(redocScript)}, openAPI)
}

// OAuthRedirect is the page to which an authorization server sends the browser back.
func OAuthRedirect() []byte { return oauthRedirectPage }

// page is what the templates may use. Script and style are the embedded viewers, trusted as they are.
type page struct {
	Title    string
	Script   template.JS
	Style    template.CSS
	Redirect string
	OpenAPI  template.JS
}

func render(text string, p page, openAPI []byte) ([]byte, error) {
	tmpl, err := template.New("page").Parse(text)
	if err != nil {
		return nil, fmt.Errorf("parse documentation page: %w", err)
	}
	var safe bytes.Buffer
	json.HTMLEscape(&safe, openAPI)
	p.Title, p.OpenAPI = Title, template.JS(safe.String())
	var out bytes.Buffer
	if err := tmpl.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("write documentation page: %w", err)
	}
	return out.Bytes(), nil
}

// inline makes a script safe inside a script element: there, "<!--" would start a mode in which "</script>" does not end it.
func inline(script string) template.JS {
	return template.JS(bytes.ReplaceAll([]byte(script), []byte("<!--"), []byte(`\x3c!--`)))
}
