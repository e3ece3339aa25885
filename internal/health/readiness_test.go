package health

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestAProviderThatAnsweredIsNotAskedAgain(t *testing.T) {
	asked := map[string]int{}
	down := errors.New("down")
	var fails error
	check := func(name string, err *error) Check {
		return Check{Name: name, Ask: func(context.Context) error { asked[name]++; return *err }}
	}
	var none error
	r := NewReadiness(check("first", &none), check("second", &fails), check("third", &none))
	fails = down
	if err := r.Ready(t.Context()); !errors.Is(err, down) || !strings.Contains(err.Error(), "second") {
		t.Errorf("got %v", err)
	}
	if asked["third"] != 0 {
		t.Error("the check after a failed one was made")
	}
	fails = nil
	for range 2 {
		if err := r.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if asked["first"] != 1 || asked["second"] != 2 || asked["third"] != 1 {
		t.Errorf("asked %v", asked)
	}
}

func TestAGatewayWithoutModelsSaysWhatIsMissing(t *testing.T) {
	if err := NeverReady("set ANTHROPIC_API_KEY").Ready(t.Context()); !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "ANTHROPIC_API_KEY") {
		t.Errorf("got %v", err)
	}
}

func TestADrainingGatewayIsNotReady(t *testing.T) {
	r := NewReadiness()
	if err := r.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	r.Drain()
	if err := r.Ready(t.Context()); !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "shutting down") {
		t.Errorf("got %v", err)
	}
}
