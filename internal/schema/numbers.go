package schema

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// numberRule takes numbers and what passes for one, within limits (spec/http-api.md 8.2).
type numberRule[N int64 | float64] struct {
	read     func(d *decoder, v Value) (n N, ok bool) // reports what is no number
	min, max *N
	tooSmall problem
	tooLarge problem
}

func newNumberRule[N int64 | float64](opt options, read func(*decoder, Value) (N, bool)) (rule, error) {
	r := &numberRule[N]{read: read}
	var err error
	if r.min, err = takeLimit[N](opt, "ge"); err != nil {
		return nil, err
	}
	if r.max, err = takeLimit[N](opt, "le"); err != nil {
		return nil, err
	}
	if r.min != nil {
		r.tooSmall = tooSmall(*r.min)
	}
	if r.max != nil {
		r.tooLarge = tooLarge(*r.max)
	}
	return r, nil
}

func takeLimit[N int64 | float64](opt options, name string) (*N, error) {
	value, given := opt.take(name)
	if !given {
		return nil, nil
	}
	f, err := strconv.ParseFloat(value, 64)
	if limit := N(f); err == nil && float64(limit) == f {
		return &limit, nil
	}
	return nil, fmt.Errorf("option %q needs a limit that the field can have, not %q", name, value)
}

func (r *numberRule[N]) decode(d *decoder, v Value, into reflect.Value) {
	n, ok := r.read(d, v)
	switch {
	case !ok:
	case r.max != nil && !(n <= *r.max): // so is NaN
		d.report(r.tooLarge, v)
	case r.min != nil && !(n >= *r.min):
		d.report(r.tooSmall, v)
	case into.CanInt():
		into.SetInt(int64(n))
	default:
		into.SetFloat(float64(n))
	}
}

func (r *numberRule[N]) describe(Components) keywords {
	k := keywords{"type", "number"}
	if reflect.TypeFor[N]().Kind() == reflect.Int64 {
		k = keywords{"type", "integer"}
	}
	if r.min != nil {
		k = append(k, "minimum", *r.min)
	}
	if r.max != nil {
		k = append(k, "maximum", *r.max)
	}
	return k
}

// decodeInt reads an integer: one that is too large for an int64 counts as the nearest that is not.
func decodeInt(d *decoder, v Value) (int64, bool) {
	switch v.Kind() {
	case KindInt:
		return v.Int(), true
	case KindBool:
		if v.Bool() {
			return 1, true
		}
		return 0, true
	case KindFloat:
		return d.wholeNumber(v)
	case KindString:
		return d.integerText(v)
	}
	d.report(notAnInteger, v)
	return 0, false
}

func (d *decoder) wholeNumber(v Value) (int64, bool) {
	f := v.Float()
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		d.report(notFinite, v)
	case f != math.Trunc(f):
		d.report(notWhole, v)
	case !fitsInt64(f):
		d.report(hugeInteger, v)
	default:
		return int64(f), true
	}
	return 0, false
}

// fitsInt64 tells whether a float is strictly within the integers of 64 bits.
func fitsInt64(f float64) bool { return f > math.MinInt64 && f < math.MaxInt64 }

// integerText reads an integer from a string: sign, digits with single underscores between them, perhaps a point and zeros.
func (d *decoder) integerText(v Value) (int64, bool) {
	text, ok := d.text(v, notAnInteger)
	if !ok {
		return 0, false
	}
	text = strings.TrimSpace(text)
	if whole, zeros, found := strings.Cut(text, "."); found && zeros != "" && strings.Trim(zeros, "0") == "" {
		text = whole
	}
	sign, digits := "", text
	if text != "" && (text[0] == '+' || text[0] == '-') {
		sign, digits = text[:1], text[1:]
	}
	digits, ok = dropUnderscores(digits)
	if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
		d.report(noIntegerText, v)
		return 0, false
	}
	if digits = strings.TrimLeft(digits, "0"); len(digits) > maxDigits {
		d.report(hugeInteger, v)
		return 0, false
	}
	n, _ := strconv.ParseInt(sign+"0"+digits, 10, 64) // out of range: the limit, which is what we want
	return n, true
}

// dropUnderscores removes single underscores between other characters; ok is false where there are others.
func dropUnderscores(s string) (clean string, ok bool) {
	if strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") || strings.Contains(s, "__") {
		return "", false
	}
	return strings.ReplaceAll(s, "_", ""), true
}

// decodeFloat reads a number.
func decodeFloat(d *decoder, v Value) (float64, bool) {
	switch v.Kind() {
	case KindFloat:
		return v.Float(), true
	case KindInt:
		if f := v.Float(); !math.IsInf(f, 0) {
			return f, true
		}
	case KindBool:
		if v.Bool() {
			return 1, true
		}
		return 0, true
	case KindString:
		return d.floatText(v)
	}
	d.report(notANumber, v)
	return 0, false
}

// floatText reads a number from a string. Go's parser knows "nan" and "inf" as the contract does, and hexadecimal as it does not.
func (d *decoder) floatText(v Value) (float64, bool) {
	text, ok := d.text(v, notANumber)
	if !ok {
		return 0, false
	}
	text, ok = dropUnderscores(strings.TrimSpace(text))
	f, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil && !math.IsInf(f, 0) || strings.ContainsAny(text, "xX") {
		d.report(noNumberText, v)
		return 0, false
	}
	return f, true
}

// boolRule takes booleans and what passes for one.
type boolRule struct{}

func (boolRule) decode(d *decoder, v Value, into reflect.Value) {
	switch v.Kind() {
	case KindBool:
		into.SetBool(v.Bool())
	case KindString:
		d.booleanText(v, into)
	case KindInt, KindFloat:
		f := v.Float()
		_, err := strconv.ParseInt(v.doc.textOf(v.at), 10, 64)
		switch {
		case f == 0 || f == 1:
			into.SetBool(f == 1)
		case v.Kind() == KindInt && err == nil, v.Kind() == KindFloat && f == math.Trunc(f) && fitsInt64(f):
			d.report(noBooleanText, v)
		default:
			d.report(notABoolean, v)
		}
	default:
		d.report(notABoolean, v)
	}
}

func (d *decoder) booleanText(v Value, into reflect.Value) {
	text, ok := d.text(v, notABoolean)
	if !ok {
		return
	}
	if len(text) <= len("false") {
		switch strings.ToLower(text) {
		case "0", "off", "f", "false", "n", "no":
			into.SetBool(false)
			return
		case "1", "on", "t", "true", "y", "yes":
			into.SetBool(true)
			return
		}
	}
	d.report(noBooleanText, v)
}

func (boolRule) describe(Components) keywords { return keywords{"type", "boolean"} }
