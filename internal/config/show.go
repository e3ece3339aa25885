package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// show writes a value as an operator would write it, the other way round than decode. Secrets are masked.
func (f *field) show(value reflect.Value) string {
	switch value := value.Interface().(type) {
	case string:
		return maskPassword(value)
	case Secret:
		return value.String()
	case time.Duration:
		return showDuration(value, f.unit)
	case []FireworksRegion:
		return showRegions(value)
	case FireworksEndpoint:
		return showEndpoint(value)
	case UvicornLogger:
		return f.fallback // nothing of it is kept
	case bool, int, float64:
		return fmt.Sprint(value)
	default:
		if reflect.ValueOf(value).Len() == 0 {
			return f.written()
		}
		return showJSON(value)
	}
}

func showDuration(d time.Duration, unit string) string {
	if unit == "whole milliseconds" {
		return strconv.FormatInt(d.Milliseconds(), 10)
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// showRegions keeps the order, which decides.
func showRegions(regions []FireworksRegion) string {
	members := make([]string, len(regions))
	for i, region := range regions {
		members[i] = showJSON(region.Prefix) + ":" + showEndpoint(region.FireworksEndpoint)
	}
	return "{" + strings.Join(members, ",") + "}"
}

func showEndpoint(e FireworksEndpoint) string {
	if e == (FireworksEndpoint{}) {
		return "{}"
	}
	return showJSON(map[string]string{"endpoint": maskPassword(e.Endpoint), "identifier": e.Identifier})
}

// showJSON writes JSON on one line, with < and & as they are.
func showJSON(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // maps, lists and texts can be encoded
	return strings.TrimSuffix(b.String(), "\n")
}
