package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// problem is a kind of error with its text and details, a row of the table in spec/http-api.md 8.3.
type problem struct {
	kind string
	msg  string
	ctx  Object
}

// The problems that need no details.
var (
	missing       = problem{kind: "missing", msg: "Field required"}
	notAnObject   = problem{kind: "model_attributes_type", msg: "Input should be a valid dictionary or object to extract fields from"}
	notADict      = problem{kind: "dict_type", msg: "Input should be a valid dictionary"}
	notAList      = problem{kind: "list_type", msg: "Input should be a valid list"}
	notAString    = problem{kind: "string_type", msg: "Input should be a valid string"}
	notUnicode    = problem{kind: "string_unicode", msg: "Input should be a valid string, unable to parse raw data as a unicode string"}
	notAnInteger  = problem{kind: "int_type", msg: "Input should be a valid integer"}
	noIntegerText = problem{kind: "int_parsing", msg: "Input should be a valid integer, unable to parse string as an integer"}
	notWhole      = problem{kind: "int_from_float", msg: "Input should be a valid integer, got a number with a fractional part"}
	hugeInteger   = problem{kind: "int_parsing_size", msg: "Unable to parse input string as an integer, exceeded maximum size"}
	notFinite     = problem{kind: "finite_number", msg: "Input should be a finite number"}
	notANumber    = problem{kind: "float_type", msg: "Input should be a valid number"}
	noNumberText  = problem{kind: "float_parsing", msg: "Input should be a valid number, unable to parse string as a number"}
	notABoolean   = problem{kind: "bool_type", msg: "Input should be a valid boolean"}
	noBooleanText = problem{kind: "bool_parsing", msg: "Input should be a valid boolean, unable to interpret input"}
	notAURL       = problem{kind: "url_type", msg: "URL input should be a string or URL"}
)

// validationError is the answer to a body that is no JSON.
func (e *syntaxError) validationError() *ValidationError {
	return &ValidationError{[]Entry{{
		Type:  "json_invalid",
		Loc:   []any{"body", int64(e.offset)},
		Msg:   "JSON decode error",
		Input: NewObject().value,
		Ctx:   NewObject("error", e.reason),
	}}}
}

func tooManyCharacters(limit int) problem {
	return problem{"string_too_long", "String should have at most " + count(limit, "character"), NewObject("max_length", limit)}
}

func urlTooLong(limit int) problem {
	return problem{"url_too_long", "URL should have at most " + count(limit, "character"), NewObject("max_length", limit)}
}

func badURL(err error) problem {
	return problem{"url_parsing", "Input should be a valid URL, " + err.Error(), NewObject("error", err.Error())}
}

func tooManyItems(limit, length int) problem {
	return problem{
		"too_long",
		fmt.Sprintf("List should have at most %s after validation, not %d", count(limit, "item"), length),
		NewObject("field_type", "List", "max_length", limit, "actual_length", length),
	}
}

func tooFewItems(limit, length int) problem {
	return problem{
		"too_short",
		fmt.Sprintf("List should have at least %s after validation, not %d", count(limit, "item"), length),
		NewObject("field_type", "List", "min_length", limit, "actual_length", length),
	}
}

// tooSmall and tooLarge take the limit as what the field is, int64 or float64: the details show it so, the text without fraction.
func tooSmall[N int64 | float64](limit N) problem {
	return problem{"greater_than_equal", "Input should be greater than or equal to " + limitText(limit), NewObject("ge", limit)}
}

func tooLarge[N int64 | float64](limit N) problem {
	return problem{"less_than_equal", "Input should be less than or equal to " + limitText(limit), NewObject("le", limit)}
}

func limitText[N int64 | float64](limit N) string {
	return strconv.FormatFloat(float64(limit), 'f', -1, 64)
}

// notListed is the problem of an "enum" or a "literal_error".
func notListed(kind string, choices []string) problem {
	expected := strings.Join(choices, ", ")
	if last := len(choices) - 1; last > 0 {
		expected = strings.Join(choices[:last], ", ") + " or " + choices[last]
	}
	return problem{kind, "Input should be " + expected, NewObject("expected", expected)}
}

func noTag(discriminator string) problem {
	quoted := "'" + discriminator + "'"
	return problem{"union_tag_not_found", "Unable to extract tag using discriminator " + quoted, NewObject("discriminator", quoted)}
}

func unknownTag(discriminator, tag, expected string) problem {
	quoted := "'" + discriminator + "'"
	return problem{
		"union_tag_invalid",
		fmt.Sprintf("Input tag '%s' found using %s does not match any of the expected tags: %s", tag, quoted, expected),
		NewObject("discriminator", quoted, "tag", tag, "expected_tags", expected),
	}
}

func brokenRule(err error) problem {
	return problem{"value_error", "Value error, " + err.Error(), NewObject("error", NewObject())}
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
