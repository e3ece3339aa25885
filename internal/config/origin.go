package config

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Origin names a host, or all hosts below a domain, that settings may be for.
type Origin struct {
	Scheme string // "https", "http"
	Host   string // in lower case, without a port: "llm.example.com", "*.example.com", "::1"
	Port   string // "443"
}

var errOrigin = errors.New("this is no host; write one like llm.example.com, http://llm.example.com:8080 or *.example.com")

// ParseOrigin reads [SCHEME://]HOST[:PORT]; https, and the port of the scheme, are meant where nothing is written. HOST may be "*." and a
// domain of at least two names, which are all hosts below it.
func ParseOrigin(text string) (Origin, error) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(strings.ToLower(text))
	if err != nil || u.User != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(u.Host, ":") {
		return Origin{}, errOrigin
	}
	o := Origin{Scheme: u.Scheme, Host: u.Hostname(), Port: u.Port()}
	switch {
	case o.Scheme != "https" && o.Scheme != "http":
		return Origin{}, errOrigin
	case o.Port == "":
		o.Port = map[string]string{"https": "443", "http": "80"}[o.Scheme]
	}
	if port, err := strconv.Atoi(o.Port); err != nil || port < 1 || port > 65535 {
		return Origin{}, errOrigin
	}
	domain, below := strings.CutPrefix(o.Host, "*.")
	isAddress := net.ParseIP(domain) != nil
	if strings.ContainsAny(domain, "*/ ") || domain == "" || below && (isAddress || !strings.Contains(strings.Trim(domain, "."), ".")) {
		return Origin{}, errOrigin
	}
	return o, nil
}
