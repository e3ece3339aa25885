package weburl

import (
	"strings"
	"testing"
)

func TestNormalForms(t *testing.T) {
	for _, tc := range []struct{ name, raw, want string }{
		{"scheme and host in lower case, default port dropped, slash added", "HTTP://Models.Example.com:80", "http://models.example.com/"},
		{"a port that is not the default stays", "https://h:8443", "https://h:8443/"},
		{"443 is not the default of http", "https://h:80", "https://h:80/"},
		{"leading zeros of a port go", "http://h:00080", "http://h/"},
		{"port zero is a port", "http://h:0", "http://h:0/"},
		{"an empty port is none", "http://h:", "http://h/"},
		{"a trailing slash stays", "https://h:443/v1/", "https://h/v1/"},
		{"blanks around go", "  http://h/ \n", "http://h/"},
		{"blanks inside are encoded", "http://h/a b", "http://h/a%20b"},
		{"tabs and line breaks inside go", "http://ho\tst/a\nb", "http://host/ab"},
		{"backslashes are slashes", `http:\\h\x`, "http://h/x"},
		{"any number of slashes before the host", "http:h/x", "http://h/x"},
		{"also four", "http:////h/x", "http://h/x"},
		{"dots are resolved", "http://h/a/../b/./c/%2e%2E/d", "http://h/b/d"},
		{"never above the root", "http://h/../..", "http://h/"},
		{"a dot at the end leaves a slash", "http://h/a/.", "http://h/a/"},
		{"three dots are a name", "http://h/...", "http://h/..."},
		{"double slashes stay", "http://h//a//", "http://h//a//"},
		{"query without path", "http://h?q=1", "http://h/?q=1"},
		{"empty query and fragment stay", "http://h?#", "http://h/?#"},
		{"what a path may not hold", "http://h/a'b\"c<d>e`f{g}h|i^j", "http://h/a'b%22c%3Cd%3Ee%60f%7Bg%7Dh|i^j"},
		{"what a query may not hold", `http://h/?b'c"d<e>{}`, "http://h/?b%27c%22d%3Ce%3E{}"},
		{"a quote may stand in the query of another scheme", `custom://h/?b'c"`, "custom://h/?b'c%22"},
		{"what a fragment may not hold", "http://h/#a b`<>", "http://h/#a%20b%60%3C%3E"},
		{"percent signs stay", "http://h/%zz%41", "http://h/%zz%41"},
		{"beyond ASCII", "http://h/é?ö#😀", "http://h/%C3%A9?%C3%B6#%F0%9F%98%80"},
		{"name and password", "http://user:pa ss@h/", "http://user:pa%20ss@h/"},
		{"empty name and password go", "http://:@h/", "http://h/"},
		{"an empty password goes", "http://u:@h/", "http://u@h/"},
		{"the last at sign counts", "http://u:p:q@x@h", "http://u:p%3Aq%40x@h/"},
		{"encoded letters in a host", "http://ex%41mple/", "http://example/"},
		{"a domain beyond ASCII", "http://BÜCHER.example", "http://xn--bcher-kva.example/"},
		{"a domain of one emoji", "http://😀.com", "http://xn--e28h.com/"},
		{"sharp s is a letter of its own", "http://ß.de/", "http://xn--zca.de/"},
		{"two letters beyond ASCII", "http://日本語.jp", "http://xn--wgv71a119e.jp/"},
		{"empty labels stay", "http://a..b/", "http://a..b/"},
		{"short IPv4", "http://127.1/", "http://127.0.0.1/"},
		{"hexadecimal and octal IPv4", "http://0x7f.0300.1", "http://127.192.0.1/"},
		{"IPv4 in one number", "http://4294967295/", "http://255.255.255.255/"},
		{"0x is zero", "http://0x/", "http://0.0.0.0/"},
		{"no IPv4 at all", "http://1e3/", "http://1e3/"},
		{"IPv6", "http://[::1]:80/x", "http://[::1]/x"},
		{"IPv6 in lower case", "http://[ABCD::]", "http://[abcd::]/"},
		{"the longest run of zeros is left out", "http://[1:0:0:2:0:0:0:3]", "http://[1:0:0:2::3]/"},
		{"the first of two equal runs", "http://[1:0:0:2:0:0:3:4]", "http://[1::2:0:0:3:4]/"},
		{"one zero is no run", "http://[1:0:2:3:4:5:6:7]", "http://[1:0:2:3:4:5:6:7]/"},
		{"IPv4 in IPv6", "http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"},
		{"all zeros", "http://[::]", "http://[::]/"},
		{"another scheme's host keeps its case", "Custom://HO%41ST:80/Path", "custom://HO%41ST:80/Path"},
		{"another scheme's empty path stays empty", "a+b.c-d://h", "a+b.c-d://h"},
		{"another scheme resolves dots", "ssh://h/a/../b", "ssh://h/b"},
		{"file with host", "file://Host/x", "file://host/x"},
		{"web sockets", "wss://h:443", "wss://h/"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Normalize(tc.raw)
			if err != nil || got != tc.want {
				t.Errorf("Normalize(%q) = %q, %v, want %q", tc.raw, got, err, tc.want)
			}
		})
	}
}

func TestWhatIsNoURL(t *testing.T) {
	for _, tc := range []struct {
		raw  string
		want error
	}{
		{"", ErrEmpty},
		{"   ", ErrRelative},
		{"not a url", ErrRelative},
		{"bedrock", ErrRelative},
		{"1a://h", ErrRelative},
		{"a_b://h", ErrRelative},
		{"://h", ErrRelative},
		{"//h", ErrRelative},
		{"http//h", ErrRelative},
		{"localhost:4000", ErrNoHost},
		{"mailto:x", ErrNoHost},
		{"file:///x", ErrNoHost},
		{"file:x", ErrNoHost},
		{"file://localhost/x", ErrNoHost},
		{"http://", ErrNoHost},
		{"http:///", ErrNoHost},
		{"http://:80", ErrNoHost},
		{"http://u:p@:80/", ErrNoHost},
		{"custom://:80", ErrNoHost},
		{"custom:///x", ErrNoHost},
		{"http://h:99999", ErrPort},
		{"http://h:ab", ErrPort},
		{"http://h:8 0/", ErrPort},
		{"http://[::1]:x/", ErrPort},
		{"http://256.1.1.1/", ErrIPv4},
		{"http://1.2.3.4.5/", ErrIPv4},
		{"http://4294967296/", ErrIPv4},
		{"http://1..2/", ErrIPv4},
		{"http://h.1/", ErrIPv4},
		{"http://a.0x/", ErrIPv4},
		{"http://[::1", ErrIPv6},
		{"http://[]", ErrIPv6},
		{"http://[1.2.3.4]/", ErrIPv6},
		{"http://[::1%25eth0]/", ErrIPv6},
		{"http://[1::2::3]/", ErrIPv6},
		{"http://[::01.2.3.4]", ErrIPv6},
		{"http://[::1]x/", ErrIPv6},
		{"http://a b/", ErrDomain},
		{"http://exa<mple/", ErrDomain},
		{"http://h%2fx/", ErrDomain},
		{"http://%zz/", ErrDomain},
		{"http://x]/", ErrDomain},
		{"http://h\x00/", ErrDomain},
		{"custom://a b/", ErrDomain},
		{"custom://h[x/", ErrDomain},
		{"http://%ff/", ErrIDN},
		{"http://" + strings.Repeat("ü", 200), ErrIDN},
	} {
		if got, err := Normalize(tc.raw); err != tc.want {
			t.Errorf("Normalize(%q) = %q, %v, want %v", tc.raw, got, err, tc.want)
		}
	}
}

func FuzzNormalizeIsStable(f *testing.F) {
	for _, seed := range []string{"HTTP://U:p@Bücher.example:80/a/../b?q#f", "http://[::1]:8080", "http://0x7f.1", "custom://h", `a:\\b`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once, err := Normalize(raw)
		if err != nil {
			return
		}
		if twice, err := Normalize(once); err != nil || twice != once {
			t.Errorf("%q became %q, and that became %q, %v", raw, once, twice, err)
		}
	})
}
