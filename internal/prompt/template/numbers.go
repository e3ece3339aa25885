package template

import (
	"cmp"
	"math"
	"math/big"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// numeric is a whole number of any size, or one with a fraction.
type numeric struct {
	small   int64
	large   *big.Int // instead of small when it does not fit
	float   float64  // of a number with a fraction
	isFloat bool
}

// numberOf reads a number; true and false are 1 and 0.
func numberOf(v value.Value) (n numeric, ok bool) {
	switch raw := v.Raw().(type) {
	case int64:
		return numeric{small: raw}, true
	case float64:
		return numeric{float: raw, isFloat: true}, true
	case bool:
		if raw {
			n.small = 1
		}
		return n, true
	case interface {
		Bits() []big.Word
		Sign() int
	}:
		large := new(big.Int).SetBits(raw.Bits())
		if raw.Sign() < 0 {
			large = new(big.Int).Neg(large)
		}
		return numeric{large: large}, true
	}
	return n, false
}

// isWhole reports whether a number has no fraction.
func (n numeric) isWhole() bool {
	return !n.isFloat || n.float == math.Trunc(n.float) && !math.IsInf(n.float, 0)
}

// whole is a number without fraction.
func (n numeric) whole() *big.Int {
	switch {
	case n.isFloat:
		i, _ := big.NewFloat(n.float).Int(nil)
		return i
	case n.large != nil:
		return n.large
	default:
		return big.NewInt(n.small)
	}
}

// asFloat is the nearest number with a fraction.
func (n numeric) asFloat() float64 {
	switch {
	case n.isFloat:
		return n.float
	case n.large != nil:
		f, _ := new(big.Float).SetInt(n.large).Float64()
		return f
	default:
		return float64(n.small)
	}
}

func (n numeric) compare(m numeric) int {
	if n.isFloat || m.isFloat {
		if n.large == nil && m.large == nil || math.IsInf(n.float, 0) || math.IsInf(m.float, 0) {
			return cmp.Compare(n.asFloat(), m.asFloat())
		}
		return bigFloat(n).Cmp(bigFloat(m))
	}
	if n.large == nil && m.large == nil {
		return cmp.Compare(n.small, m.small)
	}
	return n.whole().Cmp(m.whole())
}

func bigFloat(n numeric) *big.Float {
	if n.isFloat {
		return big.NewFloat(n.float)
	}
	return new(big.Float).SetInt(n.whole())
}

// integer is a value for a whole number, in its only form.
func integer(i *big.Int) value.Value {
	if i.IsInt64() {
		return value.FromInt(i.Int64())
	}
	if i.BitLen() > maxBits {
		fail("a number is too large")
	}
	return value.FromBigInt(i)
}

// integerIn is a whole number of moderate size.
func integerIn(v value.Value, what string) int {
	n, ok := numberOf(v)
	if !ok || n.isFloat || n.large != nil {
		fail("%s must be a whole number, not %s", what, kindOf(v))
	}
	if n.small > math.MaxInt32 || n.small < math.MinInt32 {
		fail("%s is out of range", what)
	}
	return int(n.small)
}
