package pep440

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// ordered are versions from the oldest to the newest; those on one line are equal.
var ordered = []string{
	"0.dev0 0dev 0.0.0.DEV",
	"0 0.0 v0.0.0 0!0",
	"6",
	"6.2.99",
	"6.3.0.dev4",
	"6.3.0.dev5 6.3_dev_5 6.3-DEV5",
	"6.3.0a0.dev1",
	"6.3.0a 6.3.0-alpha 6.3.0.a.0 6.3A",
	"6.3.0a0.post1",
	"6.3.0a2",
	"6.3.0a10",
	"6.3.0b1 6.3.0-beta.1",
	"6.3.0rc1.dev3",
	"6.3.0rc1 6.3.0c1 6.3.0-pre1 6.3.0_preview_1 6.3.0.RC.1",
	"6.3.0rc1+g12",
	"6.3.0 6.3 V6.3.0 06.03.00 6.3.0.0",
	"6.3.0+abc",
	"6.3.0+abc.1 6.3.0+ABC-1 6.3.0+abc_01",
	"6.3.0+abd",
	"6.3.0+2",
	"6.3.0+10",
	"6.3.0.post0.dev1",
	"6.3.0.post0 6.3.0post 6.3.0-0 6.3.0-r",
	"6.3.0-1 6.3.0.post1 6.3.0rev1",
	"6.3.0.post1+abc",
	"6.3.0.1",
	"6.3.1",
	"6.10",
	"7.0.0-beta.1",
	"7",
	"17.9.0-pre",
	"17.9.0",
	"99999999999999999999",
	"100000000000000000000",
	"1!0.1",
	"02!0",
}

func TestVersionsAreOrdered(t *testing.T) {
	for i, earlier := range ordered {
		for j, later := range ordered {
			want := sign(i - j)
			for _, a := range strings.Fields(earlier) {
				for _, b := range strings.Fields(later) {
					if got := sign(MustParse(a).Compare(MustParse(b))); got != want {
						t.Errorf("%s compares to %s as %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
}

func TestTheZeroVersionIsZero(t *testing.T) {
	if got := (Version{}).Compare(MustParse("0.0.0")); got != 0 {
		t.Errorf("it compares to 0.0.0 as %d", got)
	}
}

func TestWhiteSpaceAroundAVersionIsIgnored(t *testing.T) {
	if got := MustParse("\u3000\x1f\t 6.3\r\n\u0085").Compare(MustParse("6.3")); got != 0 {
		t.Errorf("it compares as %d", got)
	}
}

func TestWhatIsNoVersionIsRefused(t *testing.T) {
	for _, s := range []string{
		"", " ", "latest", "6.3.x", "6.3.0-canary.1", "6.3.0-SNAPSHOT", "6_3_0", "6..3", "6.3.", ".6.3", "6.3 .0", "6,3", "-1", "!6.3",
		"6.3.0+", "6.3.0+a..b", "6.3.0+ü", "6.3.0--1", "6.3.0a1b1", "6.3.0.dev1.post1", "vv6", "v", "٦.٣", "6.3\u200b", "6.3\x00",
		"1." + strings.Repeat("1", 255),
	} {
		if v, err := Parse(s); err == nil {
			t.Errorf("%q is read as %v", s, v)
		}
	}
}

func TestComparingIsConsistent(t *testing.T) {
	version := rapid.Custom(func(t *rapid.T) Version {
		return MustParse(rapid.StringMatching(
			`([01]!)?[0-2](\.[0-2]){0,2}((a|b|rc)[0-2])?(\.post[0-2])?(\.dev[0-2])?(\+[ab1](\.[ab1])?)?`).Draw(t, "version"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := version.Draw(t, "a"), version.Draw(t, "b"), version.Draw(t, "c")
		if sign(a.Compare(b)) != -sign(b.Compare(a)) {
			t.Fatalf("%v and %v compare as %d and %d", a, b, a.Compare(b), b.Compare(a))
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatalf("%v <= %v <= %v, but not %v <= %v", a, b, c, a, c)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, line := range ordered {
		for _, s := range strings.Fields(line) {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := Parse(s)
		if err != nil {
			return
		}
		if v.Compare(v) != 0 {
			t.Errorf("%q differs from itself", s)
		}
		upper, err := Parse(" v" + strings.ToUpper(strings.TrimLeft(s, " vV")))
		if isASCII(s) && !strings.ContainsAny(s, "\t\n\v\f\r\x1c\x1d\x1e\x1f") && (err != nil || v.Compare(upper) != 0) {
			t.Errorf("%q differs in upper case: %v", s, err)
		}
	})
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7F }) < 0
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	default:
		return 0
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("7.18.1"); err != nil {
			b.Fatal(err)
		}
	}
}
