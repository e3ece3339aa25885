package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The conversions below take a text of the environment or a JSON value; a JSON text counts as a text of the environment
// (spec/settings-and-operations.md 1.5). Their errors begin with the value.

// asText keeps every text as it is, blanks included.
func asText(value any) (string, error) {
	text, isText := value.(string)
	if !isText {
		return "", fmt.Errorf("%s is not a text", show(value))
	}
	return text, nil
}

// asSecret is asText with an error that doesn't show the value.
func asSecret(value any) (Secret, error) {
	text, isText := value.(string)
	if !isText {
		return "", errors.New("this is not a text")
	}
	return Secret(text), nil
}

func asBool(value any) (bool, error) {
	text := ""
	switch value := value.(type) {
	case bool:
		return value, nil
	case json.Number:
		number, _ := value.Float64()
		text = strconv.FormatFloat(number, 'g', -1, 64)
	case string:
		text = strings.ToLower(value)
	}
	switch text {
	case "1", "on", "t", "true", "y", "yes":
		return true, nil
	case "0", "off", "f", "false", "n", "no":
		return false, nil
	default:
		return false, fmt.Errorf("%s is neither true nor false", show(value))
	}
}

// asLenientBool knows some words for true; all other texts are false.
func asLenientBool(value any) (bool, error) {
	text, err := asText(value)
	return slices.Contains([]string{"1", "t", "true"}, strings.ToLower(text)), err
}

// digits may be grouped with single underscores.
const digits = `[0-9]+(_[0-9]+)*`

var (
	integer = regexp.MustCompile(`^[+-]?` + digits + `(\.0+)?$`)
	decimal = regexp.MustCompile(`^(?i)[+-]?(inf|infinity|nan|(` + digits + `\.?|(` + digits + `)?\.` + digits + `)(e[+-]?` + digits + `)?)$`)
)

func asInt(value any) (int, error) {
	wrong := fmt.Errorf("%s is not a whole number", show(value))
	switch value := value.(type) {
	case bool:
		if value {
			return 1, nil
		}
		return 0, nil
	case json.Number:
		if number, err := strconv.Atoi(value.String()); err == nil {
			return number, nil
		}
		number, err := value.Float64()
		if err != nil || number != math.Trunc(number) || math.Abs(number) > 1<<53 {
			return 0, wrong
		}
		return int(number), nil
	case string:
		text := strings.TrimSpace(value)
		if !integer.MatchString(text) {
			return 0, wrong
		}
		text, _, _ = strings.Cut(strings.ReplaceAll(text, "_", ""), ".")
		number, err := strconv.Atoi(text)
		if err != nil {
			return 0, wrong
		}
		return number, nil
	default:
		return 0, wrong
	}
}

// asFloat accepts infinities and what is no number; a number that is too large is infinite.
func asFloat(value any) (float64, error) {
	text := ""
	switch value := value.(type) {
	case bool:
		if value {
			return 1, nil
		}
		return 0, nil
	case json.Number:
		text = value.String()
	case string:
		text = strings.TrimSpace(value)
	}
	if !decimal.MatchString(text) {
		return 0, fmt.Errorf("%s is not a number", show(value))
	}
	number, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%s is not a number", show(value))
	}
	return number, nil
}

// asList accepts a JSON array of what convert accepts.
func asList[T any](convert func(any) (T, error)) func(any) ([]T, error) {
	return func(value any) ([]T, error) {
		items, isList := value.([]any)
		if !isList {
			return nil, fmt.Errorf("%s is not a JSON list", show(value))
		}
		list := make([]T, 0, len(items))
		var wrong []error
		for i, item := range items {
			converted, err := convert(item)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("item %d: %w", i+1, err))
			}
			list = append(list, converted)
		}
		return list, together(wrong)
	}
}

// asSet accepts a JSON array of texts and drops those that come again.
func asSet(value any) ([]string, error) {
	list, err := asList(asText)(value)
	var set []string
	seen := map[string]bool{}
	for _, item := range list {
		if !seen[item] {
			set = append(set, item)
			seen[item] = true
		}
	}
	return set, err
}

// asMap accepts a JSON object of what convert accepts.
func asMap[T any](convert func(any) (T, error)) func(any) (map[string]T, error) {
	return func(value any) (map[string]T, error) {
		converted := map[string]T{}
		err := eachMember(value, func(key string, value any) (err error) {
			converted[key], err = convert(value)
			return err
		})
		return converted, err
	}
}

// asObject is convert with an error that doesn't show a value that is no object: there may be a secret in it.
func asObject[T any](convert func(any) (T, error)) func(any) (T, error) {
	return func(value any) (T, error) {
		if _, isObject := value.(*object); !isObject {
			var none T
			return none, errors.New("this is not a JSON object")
		}
		return convert(value)
	}
}

// eachMember takes the members of a JSON object in order and says which of them are wrong.
func eachMember(value any, take func(key string, value any) error) error {
	members, isObject := value.(*object)
	if !isObject {
		return notAnObject(value)
	}
	var wrong []error
	for _, key := range members.keys {
		if err := take(key, members.members[key]); err != nil {
			wrong = append(wrong, fmt.Errorf("member %s: %w", strconv.Quote(key), err))
		}
	}
	return together(wrong)
}

func notAnObject(value any) error {
	return fmt.Errorf("%s is not a JSON object", show(value))
}

// together is one error for all, on one line.
func together(wrong []error) error {
	if len(wrong) == 0 {
		return nil
	}
	texts := make([]string, len(wrong))
	for i, err := range wrong {
		texts[i] = err.Error()
	}
	return errors.New(strings.Join(texts, ", "))
}

// show quotes a value for an error message, cut to a reasonable length.
func show(value any) string {
	const most = 60
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		if runes := []rune(value); len(runes) > most {
			value = string(runes[:most]) + "…"
		}
		return strconv.Quote(value)
	case json.Number:
		if len(value) > most {
			return "a number of many digits"
		}
		return value.String()
	case []any:
		return "a JSON list"
	case *object:
		return "a JSON object"
	default:
		return fmt.Sprint(value)
	}
}
