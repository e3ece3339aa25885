package app

import (
	"net"
	"strings"
	"testing"
)

func TestAPortThatCannotBeHadNamesTheSettingToChange(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for host, tc := range map[string]struct {
		port int
		want string
	}{
		"127.0.0.1":    {taken.Addr().(*net.TCPAddr).Port, "PORT: port "},
		"192.0.2.1":    {0, "HOST: this machine has no address 192.0.2.1"},
		"host.invalid": {0, "HOST: this machine has no address host.invalid"},
		"127.0.0.2":    {70000, "PORT: "},
	} {
		if _, err := listen(t.Context(), host, tc.port, "HOST", "PORT"); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s:%d: want an error that begins with %q, got %v", host, tc.port, tc.want, err)
		}
	}
}
