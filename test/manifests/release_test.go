package manifests

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	goreleaser "github.com/goreleaser/goreleaser/v2/pkg/config"
)

func TestReleases(t *testing.T) {
	file, err := os.Open("../../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	project, err := goreleaser.LoadReader(file) // strictly
	if err != nil {
		t.Fatal(err)
	}
	var platforms []string
	for _, build := range project.Builds {
		platform := build.Goos[0] + "/" + build.Goarch[0]
		platforms = append(platforms, platform)
		flags := strings.Join(build.Ldflags, " ")
		if strings.Contains(flags, "-static") != (build.Goos[0] == "linux") || !strings.Contains(flags, "-buildid=") || !strings.Contains(flags, "main.version=") {
			t.Errorf("%s: linked with %s", platform, flags)
		}
		if !slices.Equal(build.Flags, []string{"-trimpath", "-buildvcs=false"}) || !slices.Equal(build.Tags, []string{"netgo", "osusergo"}) {
			t.Errorf("%s: built with %q, tags %q", platform, build.Flags, build.Tags)
		}
		if build.ModTimestamp != "{{ .CommitTimestamp }}" {
			t.Errorf("%s: has the time %s", platform, build.ModTimestamp)
		}
	}
	if want := []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64"}; !slices.Equal(platforms, want) {
		t.Errorf("want %q, got %q", want, platforms)
	}
	if len(project.SBOMs) != 1 || project.SBOMs[0].Artifacts != "archive" || project.Checksum.Algorithm != "sha256" {
		t.Errorf("SBOMs %+v, checksums %+v", project.SBOMs, project.Checksum)
	}
	for _, archive := range project.Archives {
		for _, file := range archive.Files {
			if _, err := os.Stat(filepath.Join("../..", file.Source)); err != nil {
				t.Error(err)
			}
		}
	}
}
