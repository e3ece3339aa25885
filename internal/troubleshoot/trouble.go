package troubleshoot

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// trouble says what an error of a connection to a host means, and what to do about it.
func trouble(err error, target string) Finding {
	host := hostOf(target)
	var request *url.Error
	if errors.As(err, &request) {
		host = hostOf(request.URL) // of where it was sent on to
	}
	var (
		dns     *net.DNSError
		unknown x509.UnknownAuthorityError
		wrong   x509.HostnameError
		invalid x509.CertificateInvalidError
		plain   tls.RecordHeaderError
		step    *net.OpError
	)
	seen := withoutSecrets(err)
	switch {
	case errors.As(err, &step) && step.Op == "proxyconnect":
		return failed(seen, "The proxy can't be used. Correct HTTPS_PROXY or HTTP_PROXY, or add "+host+" to NO_PROXY if it is reached without a proxy.")
	case errors.As(err, &dns) && dns.IsNotFound:
		return failed(seen, "The name "+dns.Name+" is unknown here. Correct it, or the DNS of this machine or container "+
			"(cat /etc/resolv.conf); inside a container, names of its host's /etc/hosts are unknown.")
	case errors.As(err, &dns):
		return failed(seen, "The DNS server of this machine or container does not answer. Check /etc/resolv.conf and the firewall for port 53.")
	case errors.As(err, &unknown):
		return failed(seen, "The certificate of "+host+" is signed by an authority that is not trusted here. Put the authority's certificate "+
			"(PEM) into a file and name it in SSL_CERT_FILE or REQUESTS_CA_BUNDLE. A proxy that opens TLS needs its authority there, too.")
	case errors.As(err, &wrong):
		return failed(seen, "The certificate is for another name. Use a URL with a name that the certificate has, or get one for "+host+".")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return failed(seen, "The certificate of "+host+" has expired or is not valid yet. Renew it; if it is right, the clock of this machine is wrong.")
	case errors.As(err, &plain):
		return failed(seen, host+" does not speak TLS on this port. Use http:// or another port.")
	case step != nil && step.Op == "remote error":
		return failed(seen, "The server broke off the TLS handshake. It may want a client certificate, or only knows old versions of TLS.")
	case strings.Contains(seen, "server gave HTTP response to HTTPS client"):
		return failed(seen, host+" does not speak TLS on this port. Use http:// or another port.")
	case errors.Is(err, syscall.ECONNREFUSED):
		return failed(seen, "Nobody listens at "+host+". Start the server, or correct host and port; inside a container, localhost is the container itself.")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return failed(seen, host+" does not answer in time. Check that a firewall lets this machine through, and whether a proxy is needed "+
			"(HTTPS_PROXY, HTTP_PROXY).")
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return failed(seen, "There is no route to "+host+". Check the network of this machine or container.")
	default:
		return failed(seen, "Check the address "+redacted(target)+" and the network between it and this machine.")
	}
}

// get asks for a page and reads no more than its head. A Finding is returned when that does not work.
func get(ctx context.Context, client *http.Client, target string) (*http.Response, *Finding) {
	if finding := notURL(target, "it"); finding != nil {
		return nil, finding
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		finding := trouble(err, target)
		return nil, &finding
	}
	req.Header.Set("Accept", "application/json")
	res, err := client.Do(req)
	if err != nil {
		finding := trouble(err, target)
		return nil, &finding
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusBadRequest {
		const most = 4096 // the sentence comes soon
		if text, err := io.ReadAll(io.LimitReader(res.Body, most)); err == nil && wantsTLS(string(text)) {
			finding := failed("status "+res.Status, hostOf(target)+" speaks TLS on this port. Use https://.")
			return nil, &finding
		}
	}
	return res, nil
}

// notURL says what to do about an address without a scheme or host, which many operators write; nil when it has both.
func notURL(target, setting string) *Finding {
	u, err := url.Parse(target)
	if err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return nil
	}
	finding := failed("this is not a URL: "+redacted(target), "Write "+setting+" with its scheme, like https://gitlab.example.com or http://10.0.0.7:8000/v1.")
	return &finding
}

// wantsTLS recognizes what Go's servers and nginx answer to plain HTTP on a port of TLS, with status 400.
func wantsTLS(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "http request to an https server") || strings.Contains(text, "plain http request was sent to https port")
}

func hostOf(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return target
	}
	return u.Host
}

// redacted is a URL without its password.
func redacted(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	return u.Redacted()
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// withoutSecrets is the error's text; [http.Client] puts URLs into its errors, with passwords masked, but names no headers.
func withoutSecrets(err error) string {
	var request *url.Error
	if errors.As(err, &request) {
		return fmt.Sprintf("%s: %v", hostOf(request.URL), request.Err)
	}
	return err.Error()
}
