package template

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

func (i *invocation) needDefined() {
	if i.subject.IsUndefined() {
		fail("it needs a value, not an undefined one")
	}
}

func absolute(i *invocation) value.Value {
	n, ok := numberOf(i.subject)
	switch {
	case !ok:
		fail("it needs a number, not %s", kindOf(i.subject))
	case n.isFloat:
		return value.FromFloat(math.Abs(n.float))
	}
	return integer(new(big.Int).Abs(n.whole()))
}

// toInt reads a whole number, and cuts off fractions. What is none becomes the default.
func toInt(i *invocation) value.Value {
	otherwise := value.FromInt(0)
	if i.given(0) {
		otherwise = i.args[0]
	}
	i.needDefined()
	if n, ok := numberOf(i.subject); ok {
		if n.isFloat && (math.IsNaN(n.float) || math.IsInf(n.float, 0)) {
			return otherwise
		}
		return integer(n.whole())
	}
	text, ok := i.subject.AsString()
	if !ok || len(text) > maxDigits {
		return otherwise
	}
	text = strings.TrimSpace(text)
	base := i.intArg(1, 10)
	if base < 0 || base == 1 || base > 36 {
		fail("there is no base %d", base)
	}
	digits := text
	for _, prefix := range map[int][]string{16: {"0x", "0X"}, 8: {"0o", "0O"}, 2: {"0b", "0B"}}[base] {
		digits = strings.TrimPrefix(digits, prefix)
	}
	if n, ok := new(big.Int).SetString(strings.ReplaceAll(digits, "_", ""), base); ok && validUnderscores(digits) {
		return integer(n)
	}
	if f, err := readFloat(text); err == nil && base == 10 && !math.IsInf(f, 0) && !math.IsNaN(f) {
		return integer(numeric{float: f, isFloat: true}.whole())
	}
	return otherwise
}

func validUnderscores(digits string) bool {
	return !strings.HasPrefix(digits, "_") && !strings.HasSuffix(digits, "_") && !strings.Contains(digits, "__")
}

func readFloat(text string) (float64, error) {
	if strings.ContainsAny(text, "xXpP") {
		return 0, strconv.ErrSyntax // no hexadecimal ones
	}
	return strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
}

func toFloat(i *invocation) value.Value {
	i.needDefined()
	if n, ok := numberOf(i.subject); ok {
		return value.FromFloat(n.asFloat())
	}
	if text, ok := i.subject.AsString(); ok {
		if f, err := readFloat(strings.TrimSpace(text)); err == nil {
			return value.FromFloat(f)
		}
	}
	if i.given(0) {
		return i.args[0]
	}
	return value.FromFloat(0)
}

// round rounds to the even neighbour, up ("ceil") or down ("floor"), at a place behind the point.
func round(i *invocation) value.Value {
	precision := i.intArg(0, 0)
	n, ok := numberOf(i.subject)
	if !ok {
		fail("it needs a number, not %s", kindOf(i.subject))
	}
	if precision > 300 || precision < -300 {
		fail("the precision is out of range")
	}
	scale := math.Pow(10, float64(precision))
	switch method := i.textArg(1, "common"); method {
	case "common":
		if !n.isFloat && precision >= 0 {
			return integer(n.whole())
		}
		if precision >= 0 {
			f, _ := strconv.ParseFloat(strconv.FormatFloat(n.float, 'f', precision, 64), 64)
			return value.FromFloat(f)
		}
		rounded := math.RoundToEven(n.asFloat()*scale) / scale
		if !n.isFloat {
			return integer(numeric{float: rounded, isFloat: true}.whole())
		}
		return value.FromFloat(rounded)
	case "ceil":
		return value.FromFloat(math.Ceil(n.asFloat()*scale) / scale)
	case "floor":
		return value.FromFloat(math.Floor(n.asFloat()*scale) / scale)
	default:
		fail("there is no method %s", method)
	}
	return value.Value{}
}

// fileSize writes a number of bytes for people.
func fileSize(i *invocation) value.Value {
	var bytes float64
	if n, ok := numberOf(i.subject); ok {
		bytes = n.asFloat()
	} else if f, err := readFloat(i.text(i.subject)); err == nil {
		bytes = f
	} else {
		fail("it needs a number, not %s", kindOf(i.subject))
	}
	base, units := 1000.0, []string{"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"}
	if i.flag(0, false) {
		base, units = 1024, []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"}
	}
	switch {
	case bytes == 1:
		return value.FromString("1 Byte")
	case bytes < base:
		return value.FromString(strconv.FormatFloat(math.Trunc(bytes), 'f', 0, 64) + " Bytes")
	}
	size, unit := bytes/base, 0
	for size >= base && unit < len(units)-1 {
		size, unit = size/base, unit+1
	}
	return value.FromString(strconv.FormatFloat(size, 'f', 1, 64) + " " + units[unit])
}
