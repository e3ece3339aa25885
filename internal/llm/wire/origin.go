package wire

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Origin names hosts: one, or with "*." in front all below a domain, at any depth but not the domain itself.
type Origin struct {
	Scheme string // "https", "http"
	Host   string // in lower case, without a port: "llm.example.com", "*.example.com", "::1"
	Port   string // "443"
}

// has tells whether a URL leads to such a host: scheme, host and port all count.
func (o Origin) has(u *url.URL) bool {
	if u.Scheme != o.Scheme || portOf(u) != o.Port {
		return false
	}
	name := strings.ToLower(u.Hostname())
	if domain, below := strings.CutPrefix(o.Host, "*"); below {
		return strings.HasSuffix(name, domain) && len(name) > len(domain)
	}
	return name == o.Host
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// weight orders origins that fit the same host: a name counts more than a domain, a long domain more than a short one.
func (o Origin) weight() int {
	if strings.HasPrefix(o.Host, "*") {
		return len(o.Host)
	}
	return 1 << 20
}

// ForHost is something that the hosts of an origin get.
type ForHost[T any] struct {
	Origin Origin
	Gets   T
}

// hosts are what several origins get, the closest ones first.
type hosts[T any] []ForHost[T]

func newHosts[T any](list []ForHost[T]) hosts[T] {
	return slices.SortedStableFunc(slices.Values(list), func(a, b ForHost[T]) int { return cmp.Compare(b.Origin.weight(), a.Origin.weight()) })
}

// of is what the host of a URL gets.
func (h hosts[T]) of(u *url.URL) (gets T, found bool) {
	for i := range h {
		if h[i].Origin.has(u) {
			return h[i].Gets, true
		}
	}
	return gets, false
}
