package app

import (
	"net"
	"strings"
)

// baseURL is the URL of an endpoint that settings may give as a mere host, as they do for Google: over TLS, except on this very machine,
// where only a stand-in would be.
func baseURL(endpoint string) string {
	if strings.Contains(endpoint, "://") {
		return endpoint
	}
	host, _, err := net.SplitHostPort(endpoint)
	if err != nil {
		host = endpoint
	}
	if ip := net.ParseIP(strings.Trim(host, "[]")); host == "localhost" || ip.IsLoopback() {
		return "http://" + endpoint
	}
	return "https://" + endpoint
}
