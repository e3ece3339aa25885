package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// decode puts a value into the setting's place in the tree. The error says what is wrong with the value; the place is then undefined.
// A null for an optional setting leaves its default.
func (f *field) decode(target reflect.Value, value any) error {
	if value == nil && f.optional {
		return nil
	}
	switch target := target.Addr().Interface().(type) {
	case *string:
		return assign(target, value, asText)
	case *Secret:
		return assign(target, value, asSecret)
	case *bool:
		if f.lenient {
			return assign(target, value, asLenientBool)
		}
		return assign(target, value, asBool)
	case *int:
		return assign(target, value, asInt)
	case *float64:
		return assign(target, value, asFloat)
	case *time.Duration:
		return assign(target, value, durations[f.unit])
	case *[]string:
		return assign(target, value, asList(asText))
	case *map[string]string:
		return assign(target, value, asMap(asText))
	case *map[string][]string:
		return assign(target, value, asMap(asSet))
	case *map[string]map[string]int:
		return assign(target, value, asMap(asMap(asInt)))
	case *map[string]map[string]Secret:
		return assign(target, value, asObject(asMap(asObject(asMap(asSecret)))))
	case *map[string]ClientCertificate:
		return assign(target, value, asMap(asClientCertificate))
	case *[]FireworksRegion:
		return assign(target, value, asFireworksRegions)
	case *FireworksEndpoint:
		return assign(target, value, asFireworksEndpoint)
	case *UvicornLogger:
		return assign(target, value, asUvicornLogger)
	default:
		panic(fmt.Sprintf("config: no setting can be of type %s, as %s is", f.kind, f.name))
	}
}

func assign[T any](target *T, value any, convert func(any) (T, error)) (err error) {
	*target, err = convert(value)
	return err
}

// fallBack puts the default into the setting's place.
func (l *loader) fallBack(f *field, target reflect.Value) {
	target.SetZero()
	if f.fallback == "" {
		return
	}
	var value any = f.fallback
	var err error
	if levels(f.kind) > 0 {
		value, err = parseJSON(f.fallback)
	}
	if err == nil {
		err = f.decode(target, value)
	}
	if err != nil {
		panic(fmt.Sprintf("config: the default of %s is wrong: %v", f.name, err))
	}
}

// durations reads the values of settings that have a unit.
var durations = map[string]func(any) (time.Duration, error){
	"seconds":            asSeconds,
	"whole seconds":      wholes(time.Second),
	"whole milliseconds": wholes(time.Millisecond),
}

// asSeconds accepts what fits a duration and isn't negative.
func asSeconds(value any) (time.Duration, error) {
	seconds, err := asFloat(value)
	if err != nil {
		return 0, err
	}
	if !(seconds >= 0 && seconds < math.MaxInt64/float64(time.Second)) {
		return 0, fmt.Errorf("%s is no time in seconds, 0 or more", show(value))
	}
	return time.Duration(seconds * float64(time.Second)), nil
}

// wholes accepts any integer; what is too large is as good as endless.
func wholes(unit time.Duration) func(any) (time.Duration, error) {
	return func(value any) (time.Duration, error) {
		count, err := asInt(value)
		limit := math.MaxInt64 / int(unit)
		return time.Duration(min(max(count, -limit), limit)) * unit, err
	}
}

func asFireworksRegions(value any) ([]FireworksRegion, error) {
	var regions []FireworksRegion
	err := eachMember(value, func(prefix string, value any) error {
		endpoint, err := asFireworksEndpoint(value)
		regions = append(regions, FireworksRegion{Prefix: prefix, FireworksEndpoint: endpoint})
		return err
	})
	return regions, err
}

func asFireworksEndpoint(value any) (FireworksEndpoint, error) {
	members, err := asMap(asText)(value)
	return FireworksEndpoint{Endpoint: members["endpoint"], Identifier: members["identifier"]}, err
}

func asClientCertificate(value any) (ClientCertificate, error) {
	members, err := asMap(asText)(value)
	return ClientCertificate{CertFile: members["cert_file"], KeyFile: members["key_file"]}, err
}

func asUvicornLogger(value any) (UvicornLogger, error) {
	members, isObject := value.(*object)
	if !isObject {
		return UvicornLogger{}, notAnObject(value)
	}
	if version, err := asInt(members.members["version"]); err != nil || version != 1 {
		return UvicornLogger{}, errors.New(`this has no member "version" that is 1`)
	}
	return UvicornLogger{Version: 1}, nil
}
