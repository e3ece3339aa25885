package app

import (
	"os"
	"slices"
	"sync"
	"time"
)

// lookAgain is how long files are taken to be what they were.
const lookAgain = time.Second

// changedFiles notices that files were replaced, without watching them: whoever is about to use them has them looked at, at most once a
// second and one at a time.
type changedFiles struct {
	paths []string // an empty one is no file
	now   func() time.Time

	mu     sync.Mutex
	looked time.Time
	seen   []os.FileInfo // the files when they were last looked at; nil for one that was not there
}

// filesAsTheyAre remembers files as they are now.
func filesAsTheyAre(paths ...string) *changedFiles {
	f := &changedFiles{paths: paths, now: time.Now}
	f.seen, f.looked = f.stat(), f.now()
	return f
}

// since calls read when the files have changed since they were last looked at.
func (f *changedFiles) since(read func()) {
	if !f.mu.TryLock() {
		return
	}
	defer f.mu.Unlock()
	if f.now().Sub(f.looked) < lookAgain {
		return
	}
	f.looked = f.now()
	files := f.stat()
	if slices.EqualFunc(files, f.seen, unchanged) {
		return
	}
	f.seen = files
	read()
}

func (f *changedFiles) stat() []os.FileInfo {
	files := make([]os.FileInfo, len(f.paths))
	for i, path := range f.paths {
		files[i], _ = os.Stat(path)
	}
	return files
}

func unchanged(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
