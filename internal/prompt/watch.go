package prompt

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"time"
)

// Watch replaces the registry's definitions whenever a file of the layer changes, for the development of prompts: at each tick it looks at
// names, sizes and times, and loads anew if one differs. What cannot be loaded leaves the definitions as they are. Each attempt is
// reported, with nil when it succeeded. Watch returns when ctx is done, or the ticks end.
func (r *Registry) Watch(ctx context.Context, ticks <-chan time.Time, layer Layer, load func() (*Definitions, error), report func(error)) {
	w := watched{layer: layer}
	w.changed()
	for {
		select {
		case <-ctx.Done():
			return
		case _, more := <-ticks:
			if !more {
				return
			}
		}
		if w.changed() {
			report(r.reload(load))
		}
	}
}

func (r *Registry) reload(load func() (*Definitions, error)) error {
	definitions, err := load()
	if err == nil {
		r.Replace(definitions)
	}
	return err
}

// watched is a layer as it was last seen.
type watched struct {
	layer Layer
	seen  uint64
}

// changed reports whether a file was added, removed or changed since it was last called.
func (w *watched) changed() bool {
	before := w.seen
	w.seen = w.layer.fingerprint()
	return w.seen != before
}

func (l Layer) fingerprint() uint64 {
	sum := fnv.New64a()
	err := walk(l.Files, ".", 0, func(name string) error {
		info, err := fs.Stat(l.Files, name)
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, name, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	fmt.Fprintln(sum, err)
	return sum.Sum64()
}
