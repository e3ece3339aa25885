package index

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// ArchiveURL is where GitLab offers the documentation of a Git ref, such as "v17.6.0-ee", as a .zip (spec/docs-search.md 5).
func ArchiveURL(ref string) string {
	ref = (&url.URL{Path: ref}).EscapedPath()
	return "https://gitlab.com/gitlab-org/gitlab/-/archive/" + ref + "/gitlab-" + ref + ".zip?path=doc"
}

// Download gets a file that takes long. When the connection breaks it goes on where it was; so does a later download to the same place, if
// the file at its source is still the same one.
type Download struct {
	URL  string
	Path string // where the complete file is put; what has come so far is beside it, under names that begin with this
	HTTP *http.Client

	Stalled time.Duration                          // how long nothing may come; 0: 100 s
	Pause   func(ctx context.Context, attempt int) // waits before another attempt, from 1; nil: some seconds, each time more
	Tell    func(done, all int64)                  // is told how many bytes there are, of all or, when that is not known, -1; may be nil
	Again   func(err error)                        // is told why there is another attempt; may be nil
}

// mostAttempts in a row that bring nothing end a download.
const mostAttempts = 5

// StatusError is an answer without a file.
type StatusError struct{ Status int }

func (e *StatusError) Error() string {
	return fmt.Sprintf("Failed to download documents. Status code: %d", e.Status)
}

// Run downloads. The error is a [*StatusError] when the server has no file.
func (d *Download) Run(ctx context.Context) error {
	part, err := openPart(d.Path)
	if err != nil {
		return err
	}
	defer part.close()
	failures := 0
	for {
		before := part.size
		err := d.attempt(ctx, part)
		var refused *StatusError
		switch {
		case err == nil:
			return part.complete(d.Path)
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &refused):
			return err
		case part.size > before:
			failures = 0
		}
		if failures++; failures == mostAttempts {
			return fmt.Errorf("download %s: %w", d.URL, err)
		}
		if d.Again != nil {
			d.Again(err)
		}
		d.pause(ctx, failures)
	}
}

func (d *Download) pause(ctx context.Context, attempt int) {
	if d.Pause != nil {
		d.Pause(ctx, attempt)
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(attempt*attempt) * time.Second):
	}
}

// attempt asks for what is missing, and returns nil when the file is complete.
func (d *Download) attempt(ctx context.Context, part *part) error {
	patience := d.Stalled
	if patience == 0 {
		patience = 100 * time.Second
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(patience, func() { cancel(fmt.Errorf("nothing came for %s", patience)) })
	defer watch.Stop()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept-Encoding", "identity") // bytes are counted
	if part.size > 0 {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(part.size, 10)+"-")
	}
	res, err := d.HTTP.Do(req)
	if err != nil {
		return reason(ctx, err)
	}
	defer res.Body.Close()
	if err := part.accept(res); err != nil {
		return err
	}
	err = part.fill(res.Body, func() {
		watch.Reset(patience)
		if d.Tell != nil {
			d.Tell(part.size, part.source.all)
		}
	})
	return reason(ctx, err)
}

// reason prefers what ended a context to the error that came of it.
func reason(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}
