package prompt

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestChangesOfAFolderAreSeen(t *testing.T) {
	dir := t.TempDir()
	w := watched{layer: Directory(dir)}
	w.changed()
	for _, step := range []struct {
		name string
		do   func()
		want bool
	}{
		{"nothing", func() {}, false},
		{"a new file", func() { write(t, dir, map[string]string{"a/base.yml": "x"}) }, true},
		{"nothing more", func() {}, false},
		{"a longer file", func() { write(t, dir, map[string]string{"a/base.yml": "x y"}) }, true},
		{"a new partial", func() { write(t, dir, map[string]string{"a/p.jinja": "x"}) }, true},
		{"another name", func() { _ = os.Rename(filepath.Join(dir, "a/p.jinja"), filepath.Join(dir, "a/q.jinja")) }, true},
		{"another time", func() { _ = os.Chtimes(filepath.Join(dir, "a/q.jinja"), time.Now(), time.Unix(1, 0)) }, true},
		{"one file less", func() { _ = os.Remove(filepath.Join(dir, "a/q.jinja")) }, true},
		{"no folder", func() { _ = os.RemoveAll(dir) }, true},
		{"still no folder", func() {}, false},
	} {
		step.do()
		if got := w.changed(); got != step.want {
			t.Errorf("%s: changed is %v", step.name, got)
		}
	}
}

func TestAChangedFolderIsLoaded(t *testing.T) {
	dir := t.TempDir()
	load := func() (*Definitions, error) { return Load(folder(nil), everyPrimitive, Directory(dir)) }
	first, err := load()
	if err != nil {
		t.Fatal(err)
	}
	registry := NewRegistry(first, nil, Options{})
	ticks, reports := make(chan time.Time), make(chan error)
	done := make(chan struct{})
	go func() {
		defer close(done)
		registry.Watch(t.Context(), ticks, Directory(dir), load, func(err error) { reports <- err })
	}()
	ticks <- time.Time{} // Watch has seen the folder by now

	elsewhere := t.TempDir()
	write(t, elsewhere, map[string]string{"a/base.yml": definition("  user: one\n")})
	if err := os.Rename(filepath.Join(elsewhere, "a"), filepath.Join(dir, "a")); err != nil { // it is there at once, and whole
		t.Fatal(err)
	}
	select {
	case err = <-reports: // the tick before was slow
	case ticks <- time.Time{}:
		err = <-reports
	}
	if _, found := registry.Definitions().Get("a/base"); err != nil || !found {
		t.Errorf("found it: %v, reported %v", found, err)
	}
	close(ticks)
	<-done
}

func TestDefinitionsThatCannotBeLoadedChangeNothing(t *testing.T) {
	registry := NewRegistry(load(t, map[string]string{"a/base.yml": definition("  user: one\n")}), nil, Options{})
	handedOut, err := registry.Get("a", nil)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := registry.reload(func() (*Definitions, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := registry.Get("a", nil); err != nil {
		t.Errorf("what it had is gone: %v", err)
	}
	if err := registry.reload(func() (*Definitions, error) { return load(t, nil), nil }); err != nil {
		t.Error(err)
	}
	var gone *NotFound
	if _, err := registry.Get("a", nil); !errors.As(err, &gone) {
		t.Errorf("what was removed: %v", err)
	}
	if messages, err := handedOut.Render(nil); err != nil || messages[0].Content != "one" {
		t.Errorf("what was handed out before: %v, %v", messages, err)
	}
}

func TestWatchingEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	registry := NewRegistry(load(t, nil), nil, Options{})
	registry.Watch(ctx, nil, Layer{Files: folder(nil)}, nil, nil)
}
