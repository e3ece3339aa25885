package template

import (
	"math"
	"math/big"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// arithmetic calculates with whole numbers of any size, or else with fractions.
func arithmetic(x numeric, operator string, y numeric) value.Value {
	isFloat := x.isFloat || y.isFloat
	switch operator {
	case "/":
		return divide(x, y)
	case "**":
		return power(x, y)
	case "//", "%":
		if y.asFloat() == 0 {
			fail("division by zero")
		}
	}
	if isFloat {
		return value.FromFloat(floatArithmetic(x.asFloat(), operator, y.asFloat()))
	}
	if x.large == nil && y.large == nil {
		if result, fits := smallArithmetic(x.small, operator, y.small); fits {
			return value.FromInt(result)
		}
	}
	a, b, result := x.whole(), y.whole(), new(big.Int)
	switch operator {
	case "+":
		result.Add(a, b)
	case "-":
		result.Sub(a, b)
	case "*":
		if a.BitLen()+b.BitLen() > maxBits {
			fail("a number is too large")
		}
		result.Mul(a, b)
	case "//":
		result, _ = floored(a, b)
	case "%":
		_, result = floored(a, b)
	}
	return integer(result)
}

// smallArithmetic calculates what stays small.
func smallArithmetic(x int64, operator string, y int64) (result int64, fits bool) {
	const limit = 1 << 31
	if x >= limit || x <= -limit || y >= limit || y <= -limit {
		return 0, false
	}
	switch operator {
	case "+":
		return x + y, true
	case "-":
		return x - y, true
	case "*":
		return x * y, true
	case "//":
		quotient := x / y
		if x%y != 0 && (x < 0) != (y < 0) {
			quotient--
		}
		return quotient, true
	default:
		rest := x % y
		if rest != 0 && (rest < 0) != (y < 0) {
			rest += y
		}
		return rest, true
	}
}

// floored divides and rounds towards minus infinity.
func floored(a, b *big.Int) (quotient, rest *big.Int) {
	quotient, rest = new(big.Int).QuoRem(a, b, new(big.Int))
	if rest.Sign() != 0 && (rest.Sign() < 0) != (b.Sign() < 0) {
		quotient.Sub(quotient, big.NewInt(1))
		rest.Add(rest, b)
	}
	return quotient, rest
}

func floatArithmetic(x float64, operator string, y float64) float64 {
	switch operator {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	case "//":
		return math.Floor(x / y)
	default:
		rest := math.Mod(x, y)
		if rest != 0 && (rest < 0) != (y < 0) {
			rest += y
		}
		return rest
	}
}

// divide always gives a fraction.
func divide(x, y numeric) value.Value {
	if y.asFloat() == 0 {
		fail("division by zero")
	}
	if x.large != nil || y.large != nil {
		f, _ := new(big.Float).Quo(bigFloat(x), bigFloat(y)).Float64()
		return value.FromFloat(f)
	}
	return value.FromFloat(x.asFloat() / y.asFloat())
}

func power(x, y numeric) value.Value {
	if x.isFloat || y.isFloat || y.whole().Sign() < 0 {
		if x.asFloat() == 0 && y.asFloat() < 0 {
			fail("division by zero")
		}
		return value.FromFloat(math.Pow(x.asFloat(), y.asFloat()))
	}
	base, exponent := x.whole(), y.whole()
	if base.BitLen() > 1 && (!exponent.IsInt64() || exponent.Int64() > int64(maxBits/(base.BitLen()-1))) {
		fail("a number is too large")
	}
	if base.BitLen() <= 1 && exponent.Sign() > 0 { // -1, 0, 1
		exponent = new(big.Int).Add(new(big.Int).And(exponent, big.NewInt(1)), big.NewInt(2))
	}
	return integer(new(big.Int).Exp(base, exponent, nil))
}
