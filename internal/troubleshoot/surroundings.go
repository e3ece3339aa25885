package troubleshoot

import (
	"context"
	"crypto/x509"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// DocsIndex says whether the documentation index at a path can be searched. search returns the number of results for a question that
// every index answers; exists tells whether there is a file.
func DocsIndex(path string, exists bool, search func(context.Context) (results int, err error)) Check {
	return Check{Name: "docs-index", Title: "The index of GitLab's documentation is there", Find: func(ctx context.Context) Finding {
		remedy := "Build it with: ai-gateway index-docs --output_path " + path + " --version_tag v17.6.0-ee (the version of your GitLab)"
		if !exists {
			return warned("there is no file "+path, "Duo Chat then knows nothing of the documentation. "+remedy)
		}
		results, err := search(ctx)
		switch {
		case err != nil:
			return failed(err.Error(), remedy)
		case results == 0:
			return failed(path+" holds no documentation", remedy)
		default:
			return passed(path)
		}
	}}
}

// Proxies says by which proxies a server is reached, and warns of one that stands before a server that is near. variables are those that name
// proxies; what is no URL in them counts for nothing.
func Proxies(targets []string, variables map[string]string, proxyFor func(*http.Request) (*url.URL, error)) Check {
	return Check{Name: "proxy", Title: "Proxies are used where they should be", Find: func(ctx context.Context) Finding {
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			if value := variables[name]; value != "" && !namesProxy(value) {
				return failed(name+" is no proxy and counts for nothing", "Write HTTPS_PROXY and HTTP_PROXY as http://HOST:PORT.")
			}
		}
		var used, near []string
		for _, target := range targets {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
			if err != nil {
				continue // its own check says so
			}
			proxy, err := proxyFor(req)
			switch {
			case err != nil:
				return failed(err.Error(), "Write HTTPS_PROXY and HTTP_PROXY as http://HOST:PORT.")
			case proxy == nil:
				continue
			}
			used = append(used, req.URL.Host+" by "+proxy.Host)
			if isNear(req.URL.Hostname()) {
				near = append(near, req.URL.Hostname())
			}
		}
		switch {
		case len(near) > 0:
			return warned(strings.Join(used, ", "), "These servers are near and hardly reached by a proxy. Add them to NO_PROXY: "+strings.Join(near, ","))
		case len(used) == 0:
			return passed("none")
		default:
			return passed(strings.Join(used, ", "))
		}
	}}
}

// namesProxy reports whether a value of HTTPS_PROXY is understood: a URL, or HOST:PORT.
func namesProxy(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	return err == nil && u.Host != "" && slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme)
}

// isNear tells names and addresses of private networks.
func isNear(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
	}
	return !strings.Contains(host, ".") || strings.HasSuffix(host, ".svc") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
}

// soon is how long before its end a certificate should have been renewed.
const soon = 14 * 24 * time.Hour

// Certificate says whether the certificate with which the gateway speaks TLS is good for some time.
func Certificate(now time.Time, read func() (*x509.Certificate, error)) Check {
	return Check{Name: "certificate", Title: "The gateway's certificate is valid", Find: func(context.Context) Finding {
		const remedy = "Replace the files of AIGW_FASTAPI__TLS_CERT_FILE and __TLS_KEY_FILE; a running gateway notices."
		certificate, err := read()
		if err != nil {
			return failed(err.Error(), remedy)
		}
		seen := fmt.Sprintf("for %s, until %s", strings.Join(certificate.DNSNames, ", "), certificate.NotAfter.UTC().Format(time.DateTime))
		switch {
		case now.After(certificate.NotAfter), now.Before(certificate.NotBefore):
			return failed(seen, remedy)
		case now.Add(soon).After(certificate.NotAfter):
			return warned(seen, remedy)
		default:
			return passed(seen)
		}
	}}
}

// Authorities says whether the file of further certificate authorities can be used.
func Authorities(setting, path string, read func() ([]byte, error)) Check {
	return Check{Name: "authorities", Title: "The certificate authorities of " + setting + " can be read", Find: func(context.Context) Finding {
		text, err := read()
		switch {
		case err != nil:
			return failed(err.Error(), "Write the path of a PEM file into "+setting+"; in a container, mount it there.")
		case !x509.NewCertPool().AppendCertsFromPEM(text):
			return failed(path+" holds no certificate", "The file must hold certificates in PEM form (-----BEGIN CERTIFICATE-----).")
		default:
			return passed(path)
		}
	}}
}

// Collector says whether events can be sent.
func Collector(name, setting, target string, client *http.Client) Check {
	return Check{Name: name, Title: "The event collector can be reached at " + redacted(target), Find: func(ctx context.Context) Finding {
		if _, finding := get(ctx, client, target); finding != nil {
			finding.Remedy += " Events are lost until then; the address is " + setting + "."
			return *finding
		}
		return passed("") // whatever it answers to a question that is none
	}}
}
