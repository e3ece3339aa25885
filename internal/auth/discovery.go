package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

const (
	wellKnownPath = "/.well-known/openid-configuration"
	maxDocument   = 1 << 20 // bytes of a discovery document or key set
	maxRedirects  = 10
)

// discoveryURLs are the addresses of a provider's discovery document. A GitLab under a relative URL keeps its path there; the root of
// its host, which is where the contract looks, is asked when there is no such document.
func discoveryURLs(base *url.URL) []string {
	root := url.URL{Scheme: base.Scheme, Host: base.Host}
	urls := []string{root.String() + wellKnownPath}
	if path := strings.TrimRight(base.EscapedPath(), "/"); path != "" {
		urls = append([]string{root.String() + path + wellKnownPath}, urls...)
	}
	return urls
}

// fetchKeys asks the provider for its keys (spec/auth.md 8.3).
func (p *provider) fetchKeys(ctx context.Context) (*keySet, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return nil, fmt.Errorf("discover OIDC provider %s: %w", p.label, err)
	}
	document, err := p.get(ctx, d.keysURL)
	if err != nil {
		return nil, fmt.Errorf("fetch keys of OIDC provider %s: %w", p.label, err)
	}
	keys, err := parseKeys(document)
	if err != nil {
		return nil, fmt.Errorf("read keys of OIDC provider %s: %w", p.label, err)
	}
	return &keySet{issuer: d.issuer, keys: keys}, nil
}

// discovery is what a provider says about itself.
type discovery struct {
	keysURL *url.URL
	issuer  string // empty for none
}

func (p *provider) discover(ctx context.Context) (*discovery, error) {
	var notFound error
	for _, address := range p.discovery {
		u, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		document, err := p.get(ctx, u)
		if errors.Is(err, errNoDocument) {
			notFound = cmp.Or(notFound, err)
			continue
		}
		if err != nil {
			return nil, err
		}
		return parseDiscovery(u, document)
	}
	return nil, notFound
}

// parseDiscovery reads a discovery document that came from the address from. It may not lead from https to http, where anybody on the way
// could put in keys of his own.
func parseDiscovery(from *url.URL, document []byte) (*discovery, error) {
	members, ok := object(document)
	if !ok {
		return nil, errors.New("discovery document is not a JSON object")
	}
	address, ok := text(members["jwks_uri"])
	if !ok || address == "" {
		return nil, errors.New("discovery document names no jwks_uri")
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("discovery document names a jwks_uri that is not a URL")
	}
	if err := checkStep(from, u); err != nil {
		return nil, fmt.Errorf("follow jwks_uri: %w", err)
	}
	d := &discovery{keysURL: u}
	d.issuer, _ = text(members["issuer"])
	return d, nil
}

// errNoDocument says that there is nothing at an address, as opposed to a server in trouble.
var errNoDocument = errors.New("status 404 Not Found")

// get fetches a document of at most 1 MiB. No credentials are sent.
func (p *provider) get(ctx context.Context, u *url.URL) ([]byte, error) {
	bare := *u
	bare.User = nil
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, bare.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, fmt.Errorf("get %s: %w", bare.Redacted(), errNoDocument)
	default:
		return nil, fmt.Errorf("get %s: status %s", bare.Redacted(), resp.Status)
	}
	document, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", bare.Redacted(), err)
	}
	if len(document) > maxDocument {
		return nil, fmt.Errorf("read %s: more than %d bytes", bare.Redacted(), maxDocument)
	}
	return document, nil
}

// checkStep refuses to go on from one address to another that is less safe or not on the web.
func checkStep(from, to *url.URL) error {
	switch {
	case to.Scheme != "http" && to.Scheme != "https":
		return errors.New("neither http nor https")
	case from.Scheme == "https" && to.Scheme == "http":
		return errors.New("from https to http")
	default:
		return nil
	}
}

// newKeyClient is a client on given's transport, or on one of its own that honours the proxy variables. It keeps no cookies, and redirects
// neither leave the web nor lose encryption.
func newKeyClient(given *http.Client) *http.Client {
	client := &http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error {
		req.URL.User = nil
		if len(via) > maxRedirects {
			return fmt.Errorf("stopped after %d redirects", maxRedirects)
		}
		return checkStep(via[len(via)-1].URL, req.URL)
	}}
	if given != nil {
		client.Transport = given.Transport
		return client
	}
	client.Transport = &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: fetchTimeout}).DialContext,
		TLSHandshakeTimeout:   fetchTimeout,
		ResponseHeaderTimeout: fetchTimeout,
		ForceAttemptHTTP2:     true,
		IdleConnTimeout:       fetchTimeout,
	}
	return client
}
