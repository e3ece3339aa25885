package conformance

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

var (
	updateExpected = flag.Bool("update-expected", false, "write the cases that fail now into "+expectedFile)
	sideBySide     = flag.Int("gateways", 2, "how many gateways run side by side")
)

const expectedFile = "testdata/expected-failures.txt"

// TestConformance runs every case as a subtest FILE/NAME.
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("starts gateways")
	}
	dir, elsewhere := os.LookupEnv("AIGW_CONFORMANCE_DIR")
	if !elsewhere {
		dir = "testdata"
	}
	suite, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{suite: suite, binary: testkit.Binary(t), expected: Expected{}, update: *updateExpected && !elsewhere}
	if !elsewhere {
		r.expected = readExpected(t)
	}
	for _, id := range r.expected.Unknown(suite.Cases) {
		if !r.update {
			t.Errorf("%s: no such case: %s", expectedFile, id)
		}
		delete(r.expected, id)
	}
	r.runAll(t)
	if r.update {
		r.writeExpected(t)
	}
}

func readExpected(t *testing.T) Expected {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(expectedFile))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	expected, err := ReadExpected(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return expected
}

// runner runs the cases of a suite.
type runner struct {
	suite  *Suite
	binary string
	update bool

	mu       sync.Mutex
	expected Expected
}

// runAll works through the profiles, some side by side, and through the cases that start a gateway of their own.
func (r *runner) runAll(t *testing.T) {
	shared, alone := r.suite.Profiles()
	work := make(chan func(), len(shared)+1)
	for _, cases := range shared {
		work <- func() { r.runProfile(t, cases) }
	}
	work <- func() { r.runAlone(t, alone) }
	close(work)
	var workers sync.WaitGroup
	for range *sideBySide {
		workers.Go(func() {
			for run := range work {
				run()
			}
		})
	}
	workers.Wait()
}

// runProfile starts the gateway with the first case that is to be run, of those that -run selects.
func (r *runner) runProfile(t *testing.T, cases []*Case) {
	open := sync.OnceValues(func() (*Session, error) { return r.suite.Open(r.binary, cases[0].Profile) })
	used := false
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			used = true
			session, err := open()
			if err != nil {
				r.report(t, c, Differences{err.Error()})
				return
			}
			r.report(t, c, session.Run(c, r.patience(c)))
		})
	}
	if !used {
		return
	}
	if session, err := open(); err == nil {
		if err := session.Close(); err != nil {
			t.Errorf("profile %s: %v", cases[0].Profile, err)
		}
	}
}

func (r *runner) runAlone(t *testing.T, cases []*Case) {
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) { r.report(t, c, r.suite.RunAlone(r.binary, c, r.patience(c))) })
	}
}

// patience is short with cases that are listed, which keeps the suite fast while many are.
func (r *runner) patience(c *Case) Patience {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.expected[c.ID] && !r.update {
		return Impatient
	}
	return Patient
}

// report turns differences into the result of a subtest, or, with -update-expected, into an entry of the list.
func (r *runner) report(t *testing.T, c *Case, d Differences) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.update {
		delete(r.expected, c.ID)
		if len(d) > 0 {
			r.expected[c.ID] = true
		}
	}
	switch r.expected.Judge(c, d) {
	case Failed:
		t.Errorf("spec: %s\n%s", c.Spec, strings.Join(d, "\n"))
	case FailedListed:
		t.Skipf("fails as listed: %s", d[0])
	case PassedListed:
		t.Errorf("it passes: remove it from %s", expectedFile)
	case Passed:
	}
}

func (r *runner) writeExpected(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	if _, err := r.expected.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.FromSlash(expectedFile), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
