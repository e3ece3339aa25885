package weburl

import (
	"net/netip"
	"strconv"
	"strings"
)

const (
	forbiddenInHost   = "\x00\t\n\r #/:<>?@[\\]^|"
	forbiddenInDomain = forbiddenInHost + "%\x7f"
)

// normalHost returns a host in its normal form: an address in brackets, an IPv4 address in dotted decimals, a domain in lower-case
// ASCII. Outside the special schemes a host means nothing to the standard and stays as it is.
func normalHost(host string, special bool) (string, error) {
	if host[0] == '[' {
		return normalIPv6(host)
	}
	if !special {
		if strings.ContainsAny(host, forbiddenInHost) {
			return "", ErrDomain
		}
		return escape(host, inOpaqueHost), nil
	}
	domain, err := asciiDomain(unescape(host))
	if err != nil {
		return "", err
	}
	for i := range len(domain) {
		if c := domain[i]; c < ' ' || strings.IndexByte(forbiddenInDomain, c) >= 0 {
			return "", ErrDomain
		}
	}
	if endsInNumber(domain) {
		return normalIPv4(domain)
	}
	return domain, nil
}

// normalIPv6 reads "[address]" and writes it with its longest run of zeros left out.
func normalIPv6(host string) (string, error) {
	inner, closed := strings.CutSuffix(host[1:], "]")
	addr, err := netip.ParseAddr(inner)
	if err != nil || !closed || !addr.Is6() || addr.Zone() != "" {
		return "", ErrIPv6
	}
	bytes := addr.As16()
	var pieces [8]uint64
	for i := range pieces {
		pieces[i] = uint64(bytes[2*i])<<8 | uint64(bytes[2*i+1])
	}
	from, to := longestZeros(pieces)
	out := []byte{'['}
	for i := 0; i < len(pieces); i++ {
		if i == from && to-from > 1 {
			out = append(out, "::"...)
			i = to - 1
			continue
		}
		if i > 0 && i != to {
			out = append(out, ':')
		}
		out = strconv.AppendUint(out, pieces[i], 16)
	}
	return string(append(out, ']')), nil
}

// longestZeros returns the first of the longest runs of zeros, as a half-open range; a run of one does not count.
func longestZeros(pieces [8]uint64) (from, to int) {
	from, to = -1, -1
	for i := 0; i < len(pieces); i++ {
		j := i
		for j < len(pieces) && pieces[j] == 0 {
			j++
		}
		if j-i > max(1, to-from) {
			from, to = i, j
		}
		i = j
	}
	return from, to
}

// endsInNumber tells whether a domain can only be meant as an IPv4 address.
func endsInNumber(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	last := domain[strings.LastIndexByte(domain, '.')+1:]
	if last == "" {
		return false
	}
	if strings.Trim(last, "0123456789") == "" {
		return true
	}
	_, ok := ipv4Number(last)
	return ok
}

// normalIPv4 reads one to four numbers, decimal, octal (0) or hexadecimal (0x); the last one fills the bytes that are left.
func normalIPv4(domain string) (string, error) {
	parts := strings.Split(strings.TrimSuffix(domain, "."), ".")
	if len(parts) > 4 {
		return "", ErrIPv4
	}
	var address uint64
	for i, part := range parts {
		n, ok := ipv4Number(part)
		room := uint64(256)
		if i == len(parts)-1 {
			room = 1 << (8 * (5 - len(parts)))
		}
		if !ok || n >= room {
			return "", ErrIPv4
		}
		address = address*room + n
	}
	return netip.AddrFrom4([4]byte{byte(address >> 24), byte(address >> 16), byte(address >> 8), byte(address)}).String(), nil
}

func ipv4Number(s string) (uint64, bool) {
	digits, base := s, 10
	if hex := strings.TrimPrefix(strings.ToLower(s), "0x"); len(hex) < len(s) {
		digits, base = hex, 16
	} else if len(s) > 1 && s[0] == '0' {
		digits, base = s[1:], 8
	}
	if digits == "" {
		return 0, base == 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	return n, err == nil
}
