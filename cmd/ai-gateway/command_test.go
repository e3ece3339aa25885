package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// TestScripts runs the real command as testdata/script says, each script in a folder and an environment of its own. Beside the commands of
// testscript they know
//
//	exits STATUS COMMAND [ARG…]   runs a command that must end with the status
//	fakes                         starts a GitLab (GITLAB), a Customers Portal (PORTAL), model servers (MODELS), and makes keys (RSA_KEY, OTHER_RSA_KEY)
//	gateway [NAME=VALUE…]         starts a gateway for self-hosted models beside them, whose operator's environment the script then has (ENDPOINT)
//	gitlab|models ANSWER…         says what these servers answer from now on: PATH STATUS FILE [HEADER=VALUE…], answers with commas between them; variables in the file are replaced, and the header Delay-Ms is how long it takes
//	token VARIABLE [ISSUER]       signs a token with the key of the GitLab
//	asked PATTERN                 says that a model server was sent a request that matches
//	secure-server VARIABLE FILE   starts a GitLab that speaks TLS with a self-signed certificate, which is written to the file
//	certificate FROM TO CERT KEY  writes a certificate that is valid between two durations from now
//	well                          waits until the gateway of the script's settings says that it is well
//	get URL CA [KEY]              asks a server with this certificate, showing the same one when there is a key for it
//	port VARIABLE…                finds ports that nobody has; taken-port finds one that somebody has
func TestScripts(t *testing.T) {
	binary, bin := testkit.Binary(t), t.TempDir()
	if err := os.Symlink(binary, filepath.Join(bin, "ai-gateway")); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Values[stage{}] = &installation{binary: binary}
			env.Setenv("PATH", bin+string(filepath.ListSeparator)+env.Getenv("PATH"))
			// Nothing of this machine's settings, and quiet servers nearby.
			env.Setenv("AIGW_CUSTOMER_PORTAL_URL", "http://127.0.0.1:1")
			env.Setenv("NO_PROXY", "127.0.0.1,localhost")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "fakes": startFakes, "gateway": startGateway, "gitlab": scriptGitLab, "models": scriptModels, "token": signToken,
			"asked": asked, "secure-server": secureServer, "certificate": writeCertificate, "well": well, "port": findPort, "get": get, "taken-port": takePort,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARG…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	got := 0
	if exit != nil {
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status: want %d, got %d", want, got)
	}
}

// answers are what a script says of a server: "PATH STATUS FILE [HEADER=VALUE…]", several with commas of their own between them.
func answers(ts *testscript.TestScript, args []string) []testkit.Script {
	var scripts []testkit.Script
	for len(args) > 0 {
		end := slices.Index(args, ",")
		if end < 0 {
			end = len(args)
		}
		if end < 3 {
			ts.Fatalf("an answer is PATH STATUS FILE [HEADER=VALUE…]: %q", args[:end])
		}
		status, err := strconv.Atoi(args[1])
		ts.Check(err)
		s := testkit.Script{Path: args[0], Status: status, Body: os.Expand(ts.ReadFile(args[2]), ts.Getenv), Headers: map[string]string{}}
		for _, header := range args[3:end] {
			name, value, _ := strings.Cut(header, "=")
			s.Headers[name] = value
		}
		s.ContentType = s.Headers["Content-Type"]
		s.DelayMS, _ = strconv.Atoi(s.Headers["Delay-Ms"]) // of the script, not of HTTP
		scripts = append(scripts, s)
		args = args[min(end+1, len(args)):]
	}
	return scripts
}
