package weburl

import (
	"strings"
	"unicode/utf8"
)

// longestLabel is how many bytes of a label beyond ASCII are encoded. The name system takes 63; encoding takes time by the square.
const longestLabel = 255

// otherDots are full stops of other scripts, which part labels, too.
var otherDots = strings.NewReplacer("\u3002", ".", "\uff0e", ".", "\uff61", ".")

// asciiDomain lower-cases a domain and encodes its labels beyond ASCII with punycode (RFC 3492).
func asciiDomain(domain string) (string, error) {
	if !utf8.ValidString(domain) {
		return "", ErrIDN
	}
	domain = otherDots.Replace(strings.ToLower(domain))
	labels := strings.Split(domain, ".")
	for i, label := range labels {
		if !strings.ContainsFunc(label, func(r rune) bool { return r >= utf8.RuneSelf }) {
			continue
		}
		if len(label) > longestLabel {
			return "", ErrIDN
		}
		labels[i] = "xn--" + punycode([]rune(label))
	}
	return strings.Join(labels, "."), nil
}

// punycode encodes a label. Its parameters and steps are those of RFC 3492 section 6.3.
func punycode(label []rune) string {
	const initialN, initialBias = 128, 72
	var out strings.Builder
	for _, r := range label {
		if r < initialN {
			out.WriteRune(r)
		}
	}
	basic := out.Len()
	if basic > 0 {
		out.WriteByte('-')
	}
	n, delta, bias := rune(initialN), 0, initialBias
	for handled := basic; handled < len(label); {
		next := nextRune(label, n)
		delta += int(next-n) * (handled + 1)
		n = next
		for _, r := range label {
			if r < n {
				delta++
			}
			if r == n {
				writeDelta(&out, delta, bias)
				bias = adapt(delta, handled+1, handled == basic)
				delta = 0
				handled++
			}
		}
		delta++
		n++
	}
	return out.String()
}

// nextRune is the smallest character of a label that is not below n.
func nextRune(label []rune, n rune) rune {
	next := rune(utf8.MaxRune)
	for _, r := range label {
		if r >= n && r < next {
			next = r
		}
	}
	return next
}

const (
	punyBase = 36
	punyTMin = 1
	punyTMax = 26
)

func writeDelta(out *strings.Builder, delta, bias int) {
	const digits = "abcdefghijklmnopqrstuvwxyz0123456789"
	for k := punyBase; ; k += punyBase {
		t := min(max(k-bias, punyTMin), punyTMax)
		if delta < t {
			out.WriteByte(digits[delta])
			return
		}
		out.WriteByte(digits[t+(delta-t)%(punyBase-t)])
		delta = (delta - t) / (punyBase - t)
	}
}

func adapt(delta, handled int, first bool) int {
	const damp, skew = 700, 38
	if first {
		delta /= damp
	} else {
		delta /= 2
	}
	delta += delta / handled
	k := 0
	for ; delta > (punyBase-punyTMin)*punyTMax/2; k += punyBase {
		delta /= punyBase - punyTMin
	}
	return k + (punyBase-punyTMin+1)*delta/(delta+skew)
}
