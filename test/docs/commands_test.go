package docs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

// cannotRun are the beginnings of commands that no test runs, and why.
var cannotRun = map[string]string{
	"make run":                   "serves on a fixed port until it is ended; end-to-end tests start the same binary, TestTheExampleFileIsADevelopmentSetup reads the same .env",
	"make test":                  "is what runs this",
	"make bench":                 "takes minutes and the whole machine",
	"go run ./bench ":            "is the same with profiles",
	"docker ":                    "needs a container runtime; package packaging tests the Dockerfile",
	"kubectl ":                   "needs a cluster; module manifests tests the chart",
	"go test ":                   "is run with all tests",
	"go tool pprof ":             "measures for 30 s, and then asks its user",
	"vllm serve ":                "needs a GPU, and a model of many GB",
	"OLLAMA_HOST=0.0.0.0 ollama": "needs a model of many GB",
	"ai-gateway index-docs --output_path docs.db --version_tag": "downloads from gitlab.com",
	"ai-gateway index-docs --output_path docs.db --archive_url": "downloads from a mirror of somebody's own",
	"export AI_GATEWAY_URL=":                                    "is for GitLab's own environment",
}

// fails are commands that are meant to end with another status than 0 here, where there is no real GitLab and no index.
var fails = map[string]string{
	"ai-gateway troubleshoot": "says what is missing here",
}

// shellWords begin the commands of indented blocks, which name no language.
var shellWords = regexp.MustCompile(`^(?:\w+=\S* )*(?:ai-gateway|bin/ai-gateway|curl|docker|export|gdk|git|go|helm|kubectl|make|ollama|openssl|systemctl|vllm)\b`)

// notCommands are the beginnings of indented blocks that show something else.
var notCommands = []string{
	`{"id":"id","model":`, // an answer
	"bytes → middleware",  // how data flows
	"prompts/\n",          // a folder
	"gitlab_rails['env']", // gitlab.rb
	"AIGW_",               // a .env file
	"/var/log/",           // of logrotate
}

func TestEveryCommandRuns(t *testing.T) {
	s := newStage(t)
	used := map[string]bool{}
	for _, p := range pages(t) {
		dir := s.folder(t)
		for _, b := range p.blocks {
			if !b.isShell(t, p) {
				continue
			}
			t.Run(fmt.Sprintf("%s:%d", p.path, b.line), func(t *testing.T) {
				for _, command := range b.commands(t) {
					if prefix := beginning(cannotRun, command); prefix != "" {
						used[prefix] = true
						continue
					}
					s.run(t, dir, command)
				}
			})
		}
	}
	for prefix := range cannotRun {
		if !used[prefix] {
			t.Errorf("no page has a command that begins with %q any more", prefix)
		}
	}
}

// isShell tells commands from what else is shown in blocks. A block that is neither is an error, so that none is left out by mistake.
func (b block) isShell(t *testing.T, p page) bool {
	t.Helper()
	switch b.language {
	case "sh", "shell", "bash":
		return true
	case "":
	case "-":
		t.Errorf("%s:%d: the fence names no language", p.path, b.line)
		return false
	default:
		return false
	}
	if shellWords.MatchString(b.text) {
		return true
	}
	if !slices.ContainsFunc(notCommands, func(begin string) bool { return strings.HasPrefix(b.text, begin) }) {
		t.Errorf("%s:%d: neither a command that is known nor something else: %q", p.path, b.line, b.text)
	}
	return false
}

// commands are the statements of a block, one each.
func (b block) commands(t *testing.T) []string {
	t.Helper()
	file, err := syntax.NewParser().Parse(strings.NewReader(b.text), "")
	if err != nil {
		t.Fatalf("no shell understands it: %v\n%s", err, b.text)
	}
	var commands []string
	for _, statement := range file.Stmts {
		commands = append(commands, b.text[statement.Pos().Offset():statement.End().Offset()])
	}
	return commands
}

func beginning(of map[string]string, command string) string {
	for prefix := range of {
		if strings.HasPrefix(command, prefix) {
			return prefix
		}
	}
	return ""
}

// stage has the parts that commands ask: a gateway as make run starts it, one for self-hosted models, a model server, a GitLab.
type stage struct {
	mocked, selfHosted *testkit.Process
	fakes              *testkit.Fakes
	bin                string // folder with the command
	env                []string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	example, err := os.ReadFile(filepath.Join(root, "example.env"))
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{fakes: testkit.NewFakes(t), bin: t.TempDir()}
	s.fakes.Script(testkit.Script{Path: "/v1/models", Status: 200, Body: `{"object": "list", "data": [{"id": "mistral"}]}`}, testkit.Script{Text: "return a + b"})
	s.fakes.GitLab.Script(testkit.Script{Path: "/api/v4/projects", Status: 200, Body: "[]"})
	s.mocked = testkit.GatewayWith(t, testkit.Settings{Files: map[string][]byte{".env": example}})
	settings := map[string]string{
		"AIGW_CUSTOM_MODELS__ENABLED": "true", "AIGW_AUTH__BYPASS_EXTERNAL": "true",
		"AIGW_GITLAB_URL": s.fakes.GitLab.URL, "AIGW_CUSTOMER_PORTAL_URL": s.fakes.Portal.URL,
	}
	s.selfHosted = testkit.Gateway(t, settings)
	if err := os.Symlink(testkit.Binary(t), filepath.Join(s.bin, "ai-gateway")); err != nil {
		t.Fatal(err)
	}
	settings["AIGW_AUTH__BYPASS_EXTERNAL"] = "false"
	settings["AIGW_FASTAPI__API_PORT"] = s.selfHosted.URL[strings.LastIndexByte(s.selfHosted.URL, ':')+1:]
	s.env = []string{"PATH=" + s.bin + ":" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "NO_PROXY=127.0.0.1"}
	for name, value := range settings {
		s.env = append(s.env, name+"="+value)
	}
	return s
}

// folder is where the commands of a page run. It has the files that pages name.
func (s *stage) folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"inputs.json": `{"input": "What is it?", "selected_text": "x = 1"}`, "gitlab/doc/index.md": "# GitLab\n",
		"gitlab-v17.6.0-ee.tar.gz": archive(t),
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// archive is a .tar.gz as GitLab makes it.
func archive(t *testing.T) string {
	t.Helper()
	const content = "# GitLab\n"
	var b bytes.Buffer
	compressed := gzip.NewWriter(&b)
	folder := tar.NewWriter(compressed)
	err := folder.WriteHeader(&tar.Header{Name: "gitlab-v17.6.0-ee-doc/doc/index.md", Mode: 0o644, Size: int64(len(content))})
	if err == nil {
		_, err = folder.Write([]byte(content))
	}
	if err = errors.Join(err, folder.Close(), compressed.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// run insists that a command succeeds; an answer of curl's must be a 2xx.
func (s *stage) run(t *testing.T, dir, command string) {
	t.Helper()
	for _, program := range []string{"curl", "openssl"} {
		if _, err := exec.LookPath(program); err != nil && strings.HasPrefix(command, program) {
			t.Skipf("there is no %s here", program)
		}
	}
	gateway := s.mocked
	if strings.Contains(command, "model_endpoint") || strings.Contains(command, "model_metadata") {
		gateway = s.selfHosted
	}
	here := strings.NewReplacer("http://localhost:5052", gateway.URL, "http://localhost:8082", gateway.MetricsURL, "http://localhost:8000", s.fakes.URL,
		"http://localhost:11434", s.fakes.URL, "bin/ai-gateway", "ai-gateway", "~/gitlab", dir+"/gitlab").Replace(command)
	shell := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", `curl() { command curl --fail-with-body "$@"; }`+"\n"+here)
	shell.Dir, shell.Env = dir, s.env
	out, err := shell.CombinedOutput()
	meant := beginning(fails, command) != ""
	var exit *exec.ExitError
	if err != nil && (!meant || !errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Errorf("%s\n%v\n%s", here, err, out)
	}
}

// Commands in the middle of a sentence or a table: the subcommand and its options exist.
func TestEveryCommandInASentenceIsUnderstood(t *testing.T) {
	s := newStage(t)
	dir := s.folder(t)
	for _, p := range pages(t) {
		for _, span := range p.spans {
			begin := regexp.MustCompile(`^(?:bin/)?ai-gateway `)
			if !begin.MatchString(span) || strings.ContainsAny(span, "…") {
				continue
			}
			shell := exec.CommandContext(t.Context(), "bash", "-c", begin.ReplaceAllString(span, "ai-gateway ")+" --help")
			shell.Dir, shell.Env = dir, s.env
			if out, err := shell.CombinedOutput(); err != nil {
				t.Errorf("%s: %s: %v\n%s", p.path, span, err, out)
			}
		}
	}
}

func TestEveryMakeTargetThatIsNamedExists(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	target := regexp.MustCompile(`(?m)^make ((?:[a-z][a-z-]* ?)+)`)
	for _, p := range pages(t) {
		texts := slices.Clone(p.spans)
		for _, b := range p.blocks {
			texts = append(texts, b.text)
		}
		for _, text := range texts {
			for _, named := range target.FindAllStringSubmatch(text, -1) {
				for name := range strings.FieldsSeq(named[1]) {
					if !regexp.MustCompile(`(?m)^` + name + `:`).Match(makefile) {
						t.Errorf("%s names make %s", p.path, name)
					}
				}
			}
		}
	}
}
