package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Suite is a folder of cases and profiles.
type Suite struct {
	Cases    []*Case // by file name, then in the order of the file
	profiles map[string]Profile
	data     string // folder of files that profiles copy
}

// Profile holds settings by name. A key "file:NAME" is no setting: the gateway's working directory holds this file, with the
// value as its text, or a copy of data/X for the value "@X".
type Profile map[string]string

// Load reads dir/cases/*.json and dir/profiles/*.json. It fails on fields that the format does not have, on two cases or profiles
// of one name, and on a profile that is not there.
func Load(dir string) (*Suite, error) {
	s := &Suite{profiles: map[string]Profile{"": {}}, data: filepath.Join(dir, "data")}
	if err := readFiles(filepath.Join(dir, "profiles"), s.addProfiles); err != nil {
		return nil, err
	}
	if err := readFiles(filepath.Join(dir, "cases"), s.addCases); err != nil {
		return nil, err
	}
	return s, s.check()
}

// Profiles groups the cases that share a gateway, without those that have a start of their own: those are alone. The
// longest list comes first, so that lists that run side by side end together.
func (s *Suite) Profiles() (shared [][]*Case, alone []*Case) {
	byName := map[string][]*Case{}
	var names []string
	for _, c := range s.Cases {
		if c.Start != nil {
			alone = append(alone, c)
			continue
		}
		if byName[c.Profile] == nil {
			names = append(names, c.Profile)
		}
		byName[c.Profile] = append(byName[c.Profile], c)
	}
	for _, name := range names {
		shared = append(shared, byName[name])
	}
	slices.SortStableFunc(shared, func(a, b []*Case) int { return len(b) - len(a) })
	return shared, alone
}

func (s *Suite) addProfiles(path string, d *json.Decoder) error {
	var profiles map[string]Profile
	if err := d.Decode(&profiles); err != nil {
		return err
	}
	for name, profile := range profiles {
		if s.profiles[name] != nil {
			return fmt.Errorf("profile %q is there twice", name)
		}
		s.profiles[name] = profile
	}
	return nil
}

func (s *Suite) addCases(path string, d *json.Decoder) error {
	var cases []*Case
	if err := d.Decode(&cases); err != nil {
		return err
	}
	for _, c := range cases {
		c.ID = strings.TrimSpace(strings.TrimSuffix(filepath.Base(path), ".json") + "/" + c.Name)
	}
	s.Cases = append(s.Cases, cases...)
	return nil
}

func (s *Suite) check() error {
	if len(s.Cases) == 0 {
		return errors.New("no cases")
	}
	seen := map[string]bool{}
	for _, c := range s.Cases {
		switch {
		case seen[c.ID]:
			return fmt.Errorf("%s: two cases of one name", c.ID)
		case s.profiles[c.Profile] == nil:
			return fmt.Errorf("%s: no profile %q", c.ID, c.Profile)
		}
		seen[c.ID] = true
	}
	return nil
}

func readFiles(dir string, add func(path string, d *json.Decoder) error) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	slices.Sort(paths)
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := add(path, d); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}
