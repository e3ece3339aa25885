package template

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// layout says how a value is written: in percent formatting and in format strings alike.
type layout struct {
	fill      string // one character; empty: a blank
	align     byte   // '<', '>', '^', '=' (behind the sign); 0: what is usual for the value
	sign      byte   // '+' or ' ' in front of what is not negative; 0: none
	alternate bool   // 0x in front
	group     string // between thousands
	width     int
	precision int // -1: none
	verb      byte
}

// maxWidth bounds widths and precisions.
const maxWidth = 10_000

// number writes a number by d, x, o, b, c, f, e, g or %.
func (l layout) number(n numeric, i *invocation) string {
	var (
		negative bool
		digits   string
	)
	switch l.verb {
	case 'd', 'n', 'x', 'X', 'o', 'b', 'c':
		if !n.isWhole() && l.verb != 'd' {
			fail("%c needs a whole number", l.verb)
		}
		whole := n
		if n.isFloat {
			if math.IsNaN(n.float) || math.IsInf(n.float, 0) {
				fail("%c needs a whole number", l.verb)
			}
			whole = numeric{float: math.Trunc(n.float), isFloat: true}
		}
		if l.verb == 'c' {
			return l.padded(string(rune(whole.whole().Int64())), '<', i)
		}
		negative, digits = whole.whole().Sign() < 0, l.whole(new(big.Int).Abs(whole.whole()))
	default:
		f := n.asFloat()
		negative, digits = math.Signbit(f) && !math.IsNaN(f), l.fraction(math.Abs(f))
	}
	digits = grouped(digits, l.group)
	sign := ""
	switch {
	case negative:
		sign = "-"
	case l.sign != 0:
		sign = string(l.sign)
	}
	if l.align == '=' {
		fill := l.fill
		if fill == "" {
			fill = " "
		}
		return sign + i.pad(digits, l.width-len(sign), fill, right)
	}
	return l.padded(sign+digits, '>', i)
}

func (l layout) whole(n *big.Int) string {
	base, prefix := 10, ""
	switch l.verb {
	case 'x', 'X':
		base, prefix = 16, "0x"
	case 'o':
		base, prefix = 8, "0o"
	case 'b':
		base, prefix = 2, "0b"
	}
	digits := n.Text(base)
	if l.precision > len(digits) {
		digits = strings.Repeat("0", l.precision-len(digits)) + digits
	}
	if l.alternate {
		digits = prefix + digits
	}
	if l.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	return digits
}

func (l layout) fraction(f float64) string {
	precision := l.precision
	if precision < 0 {
		precision = 6
	}
	if math.IsInf(f, 0) {
		return "inf"
	}
	if math.IsNaN(f) {
		return "nan"
	}
	switch l.verb {
	case '%':
		return strconv.FormatFloat(f*100, 'f', precision, 64) + "%"
	case 'e', 'E':
		text := strconv.FormatFloat(f, 'e', precision, 64)
		if l.verb == 'E' {
			text = strings.ToUpper(text)
		}
		return text
	case 'g', 'G':
		return general(f, max(1, precision))
	case 0: // as it prints, or with so many digits
		if l.precision < 0 {
			return printedFloat(f)
		}
		return general(f, max(1, l.precision))
	default:
		return strconv.FormatFloat(f, 'f', precision, 64)
	}
}

// general has so many digits, and an exponent when it is below -4 or not below the number of digits.
func general(f float64, digits int) string {
	scientific := strconv.FormatFloat(f, 'e', digits-1, 64)
	at := strings.IndexByte(scientific, 'e')
	exponent, _ := strconv.Atoi(scientific[at+1:])
	if exponent < -4 || exponent >= digits {
		return trimmedZeros(scientific[:at]) + scientific[at:]
	}
	return trimmedZeros(strconv.FormatFloat(f, 'f', digits-1-exponent, 64))
}

func trimmedZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// grouped puts a separator between thousands.
func grouped(digits, separator string) string {
	whole := strings.IndexFunc(digits, func(r rune) bool { return !isDigit(r) })
	if whole < 0 {
		whole = len(digits)
	}
	if separator == "" {
		return digits
	}
	for at := whole - 3; at > 0; at -= 3 {
		digits = digits[:at] + separator + digits[at:]
	}
	return digits
}

// padded fills a text up to the width.
func (l layout) padded(s string, usual byte, i *invocation) string {
	align, fill := l.align, l.fill
	if align == 0 || align == '=' {
		align = usual
	}
	if fill == "" {
		fill = " "
	}
	return i.pad(s, l.width, fill, map[byte]side{'<': left, '^': middle, '>': right}[align])
}

// text writes a text, cut to the precision.
func (l layout) text(s string, usual byte, i *invocation) string {
	if l.precision >= 0 && l.precision < utf8.RuneCountInString(s) {
		s = string([]rune(s)[:l.precision])
	}
	return l.padded(s, usual, i)
}
