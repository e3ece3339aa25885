// Package vertexsearch searches documentation in data stores of Vertex AI Search, by its REST API (spec/docs-search.md 3).
package vertexsearch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ai-gateway/ai-gateway/internal/docsearch"
)

// longestCall bounds a search. GitLab Rails waits no longer.
const longestCall = 30 * time.Second

// largestAnswer is far more than 20 documents are, in bytes.
const largestAnswer = 16 << 20

// Options are the operator's settings.
type Options struct {
	HTTP    *http.Client
	Token   func(context.Context) (string, error) // access token for Google Cloud
	BaseURL string                                // https://discoveryengine.googleapis.com
	Project string
}

// Client searches data stores. It implements [docsearch.DataStores].
type Client struct{ Options }

// New returns a client. Nobody is asked for anything before the first search.
func New(o Options) *Client {
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	return &Client{o}
}

// SearchStore implements [docsearch.DataStores]. There is no second attempt.
func (c *Client) SearchStore(ctx context.Context, store string, q docsearch.Question) ([]docsearch.Result, error) {
	bounded, cancel := context.WithTimeout(ctx, longestCall)
	defer cancel()
	req, err := c.request(bounded, store, q)
	if err != nil {
		return nil, err
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return nil, failed(ctx, "", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, largestAnswer+1))
	switch {
	case err != nil:
		return nil, failed(ctx, "", err)
	case len(body) > largestAnswer:
		return nil, failed(ctx, "", errors.New("the answer is too large"))
	case res.StatusCode == http.StatusNotFound:
		return nil, docsearch.ErrDataStoreNotFound
	case res.StatusCode != http.StatusOK:
		return nil, refused(ctx, res.StatusCode, body)
	}
	results, err := readResults(body)
	if err != nil {
		return nil, failed(ctx, "", err)
	}
	return results[:min(len(results), q.PageSize)], nil
}

// searchBody is the body of a call; nothing else is set.
type searchBody struct {
	Query               string         `json:"query"`
	PageSize            int            `json:"pageSize"`
	QueryExpansionSpec  map[string]any `json:"queryExpansionSpec"`
	SpellCorrectionSpec map[string]any `json:"spellCorrectionSpec"`
}

func (c *Client) request(ctx context.Context, store string, q docsearch.Question) (*http.Request, error) {
	if c.Project == "" {
		return nil, &docsearch.UnavailableError{Detail: "Documentation search is not configured: set AIGW_VERTEX_SEARCH__PROJECT"}
	}
	token, err := c.Token(ctx)
	if err != nil {
		return nil, unauthorized(ctx, err)
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(searchBody{
		Query: q.Text, PageSize: q.PageSize,
		QueryExpansionSpec:  map[string]any{"condition": "AUTO"},
		SpellCorrectionSpec: map[string]any{"mode": "AUTO"},
	}); err != nil {
		return nil, err
	}
	address := fmt.Sprintf("%s/v1/projects/%s/locations/global/dataStores/%s/servingConfigs/default_config:search",
		c.BaseURL, url.PathEscape(c.Project), url.PathEscape(store))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &body)
	if err != nil {
		return nil, failed(ctx, "", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	return req, nil
}
