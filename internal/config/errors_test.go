package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProblemsNameTheVariable(t *testing.T) {
	for _, tc := range []struct {
		name string
		file string
		env  []string
		want []Problem
	}{
		{"a port that isn't a number", "", []string{"AIGW_FASTAPI__METRICS_PORT=80x"}, []Problem{
			{"AIGW_FASTAPI__METRICS_PORT", `"80x" is not a whole number; write it like 8082`},
		}},
		{"a switch that is neither on nor off", "", []string{"AIGW_AUTH__BYPASS_EXTERNAL=maybe"}, []Problem{
			{"AIGW_AUTH__BYPASS_EXTERNAL", `"maybe" is neither true nor false; write it like true or false`},
		}},
		{"as it was typed", "", []string{"aigw_fastapi__Api_Port=x"}, []Problem{
			{"aigw_fastapi__Api_Port", `"x" is not a whole number; write it like 5000`},
		}},
		{"a line of the file", "\n\nAIGW_CUSTOM_MODELS__DISABLE_STREAMING=sometimes\n", nil, []Problem{
			{"AIGW_CUSTOM_MODELS__DISABLE_STREAMING (/srv/.env, line 3)", `"sometimes" is neither true nor false; write it like true or false`},
		}},
		{"a member of a group", "", []string{`AIGW_FASTAPI={"API_Port": "x", "reload": 2}`}, []Problem{
			{"AIGW_FASTAPI, member api_port", `"x" is not a whole number; write it like 5000`},
			{"AIGW_FASTAPI, member reload", `2 is neither true nor false; write it like true or false`},
		}},
		{"a member of a group in a group", "", []string{`AIGW_F={"code_suggestions": {"excl_post_proc": "trim"}}`}, []Problem{
			{"AIGW_F, member code_suggestions, member excl_post_proc", `"trim" is not a JSON list; write it like ["fix_end_block_errors"]`},
		}},
		{"a group in a group that is none", "", []string{`AIGW_F={"code_suggestions": null}`}, []Problem{
			{"AIGW_F, member code_suggestions", `this is not a JSON object; write it like {"excl_post_proc": …}`},
		}},
		{"broken JSON", "", []string{`AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={"anthropic":`}, []Problem{
			{"AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS", "this is not JSON, it ends too early; write AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS like " +
				`{"anthropic": {"claude-3-haiku-20240307": 10}}`},
		}},
		{"a list that isn't JSON", "", []string{"AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC=trim"}, []Problem{
			{"AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC", "this is not JSON, see character 3; write AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC like " +
				`["fix_end_block_errors"]`},
		}},
		{"broken JSON in the file is named even if the process has the setting", "AIGW_DEFAULT_PROMPTS={", []string{"AIGW_DEFAULT_PROMPTS={}"}, []Problem{
			{"AIGW_DEFAULT_PROMPTS (/srv/.env, line 1)", `this is not JSON, it ends too early; write AIGW_DEFAULT_PROMPTS like {"chat/react": "vertex"}`},
		}},
		{
			"every wrong part of an object", `AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={"a": {"x": 1.5}}`,
			[]string{`AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={"b": {"y": null, "z": []}, "c": 1}`},
			[]Problem{
				{
					"AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS (/srv/.env, line 1) and AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS",
					`member "a": member "x": 1.5 is not a whole number, member "b": member "y": null is not a whole number, ` +
						`member "z": a JSON list is not a whole number, member "c": 1 is not a JSON object; ` +
						`write it like {"anthropic": {"claude-3-haiku-20240307": 10}}`,
				},
			},
		},
		{"a group that is no object", "", []string{"AIGW_LOGGING=[]", "AIGW_AUTH=", "AIGW_F__CODE_SUGGESTIONS=null"}, []Problem{
			{"AIGW_AUTH", `this is empty, not JSON; write it like {"bypass_external": …}`},
			{"AIGW_F__CODE_SUGGESTIONS", `this is not a JSON object; write it like {"excl_post_proc": …}`},
			{"AIGW_LOGGING", `this is not a JSON object; write it like {"level": …}`},
		}},
		{"unknown members of group F", `AIGW_F__CODE_SUGESTIONS__EXCL_POST_PROC=[]`, []string{"AIGW_F__SOMETHING=1", `AIGW_F={"else": 1}`}, []Problem{
			{`AIGW_F, member "else"`, "group F has no such member; remove it, or correct its name"},
			{
				"AIGW_F__CODE_SUGESTIONS__EXCL_POST_PROC (/srv/.env, line 1)",
				"group F has no such member; remove it, or correct its name; did you mean AIGW_F__CODE_SUGGESTIONS__EXCL_POST_PROC?",
			},
			{"AIGW_F__SOMETHING", "group F has no such member; remove it, or correct its name"},
		}},
		{"an unknown log level", "", []string{"AIGW_LOGGING__LEVEL=loud"}, []Problem{
			{"AIGW_LOGGING__LEVEL", `"LOUD" is no log level; write one of CRITICAL, FATAL, ERROR, WARN, WARNING, INFO, DEBUG, NOTSET`},
		}},
		{"a log file in a folder that isn't there", "", []string{"AIGW_LOGGING__TO_FILE=no/such/folder/gateway.log"}, []Problem{
			{"AIGW_LOGGING__TO_FILE", "the folder /srv/no/such/folder does not exist; create it, or write the path of a file in another one"},
		}},
		{"suggestions that are post-processed somehow", "", []string{"AIGW_CODE_SUGGESTIONS__POST_PROCESS=ALL"}, []Problem{
			{"AIGW_CODE_SUGGESTIONS__POST_PROCESS", `"ALL" is neither; write contract or all`},
		}},
		{"prompts that are nowhere, and a word that means nothing", "", []string{"AIGW_PROMPTS__DIR=prompts", "AIGW_PROMPTS__UNKNOWN_FAMILIES=guess"}, []Problem{
			{"AIGW_PROMPTS__DIR", "/srv/prompts is no folder; create it, or write the path of one with prompt definitions"},
			{"AIGW_PROMPTS__UNKNOWN_FAMILIES", `"guess" is neither; write refuse or fallback`},
		}},
		{"paths without a slash", "AIGW_FASTAPI__REDOC_URL=redoc", []string{"AIGW_FASTAPI__DOCS_URL=docs", "AIGW_FASTAPI__OPENAPI_URL=openapi.json"}, []Problem{
			{"AIGW_FASTAPI__DOCS_URL", `"docs" does not start with /; write a path like /docs`},
			{"AIGW_FASTAPI__OPENAPI_URL", `"openapi.json" does not start with /; write a path like /docs`},
			{"AIGW_FASTAPI__REDOC_URL (/srv/.env, line 1)", `"redoc" does not start with /; write a path like /docs`},
		}},
		{"events without a collector", "AIGW_SNOWPLOW__ENABLED=on", []string{"AIGW_INTERNAL_EVENT__ENABLED=true", "AIGW_INTERNAL_EVENT__ENDPOINT="}, []Problem{
			{
				"AIGW_INTERNAL_EVENT__ENDPOINT",
				"events are on (AIGW_INTERNAL_EVENT__ENABLED), so there must be a collector; write its URL, like https://snowplow.example.com",
			},
			{
				"AIGW_SNOWPLOW__ENDPOINT",
				"events are on (AIGW_SNOWPLOW__ENABLED (/srv/.env, line 1)), so there must be a collector; write its URL, like https://snowplow.example.com",
			},
		}},
		{
			"limits that would let nothing through", "AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS_ENFORCE=true",
			[]string{`AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={"anthropic": {"claude-2.1": 0, "claude-2.0": 1}}`},
			[]Problem{{
				"AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS", `limits are kept to (AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS_ENFORCE (/srv/.env, line 1)), ` +
					`so that 0 lets no call to "claude-2.1" of "anthropic" through; write 1 or more`,
			}},
		},
		{
			"headers that can't be sent, without their values", "",
			[]string{`AIGW_MODEL_REQUESTS__HEADERS={"*": {"X-Key": "pssst"}, "llm.example.com": {"authorization": "pssst", "X Y": "pssst", "X-Key": "pssst\n", "X-Amz-Date": "pssst"}}`},
			[]Problem{
				{"AIGW_MODEL_REQUESTS__HEADERS", `member "*": this is no host; write one like llm.example.com, http://llm.example.com:8080 or *.example.com`},
				{"AIGW_MODEL_REQUESTS__HEADERS", `header "X Y" for "llm.example.com": this is no name of a header`},
				{"AIGW_MODEL_REQUESTS__HEADERS", `header "X-Amz-Date" for "llm.example.com": the gateway sets this one itself; keys of models have settings of their own`},
				{"AIGW_MODEL_REQUESTS__HEADERS", `header "X-Key" for "llm.example.com": its value has a character that no header may have`},
				{"AIGW_MODEL_REQUESTS__HEADERS", `header "authorization" for "llm.example.com": the gateway sets this one itself; keys of models have settings of their own`},
			},
		},
		{"headers without a host, and their values are not shown", "", []string{`AIGW_MODEL_REQUESTS__HEADERS={"X-Key": "pssst", "b": {"X-Key": ["pssst"]}}`}, []Problem{
			{
				"AIGW_MODEL_REQUESTS__HEADERS",
				`member "X-Key": this is not a JSON object, member "b": member "X-Key": this is not a text; write it like {"llm.example.com": {"X-Gateway-Key": "secret"}}`,
			},
		}},
		{"hosts and headers that are there twice", "", []string{`AIGW_MODEL_REQUESTS__HEADERS={"a.example.com": {"X-Key": "1", "x-key": "2"}, "https://A.example.com:443": {}}`}, []Problem{
			{"AIGW_MODEL_REQUESTS__HEADERS", `"a.example.com" and "https://A.example.com:443" are the same; leave one of them`},
			{"AIGW_MODEL_REQUESTS__HEADERS", `header "X-Key" for "a.example.com" is there twice; leave one of them`},
		}},
		{"headers that are a text", "", []string{`AIGW_MODEL_REQUESTS__HEADERS="X-Key: pssst"`}, []Problem{
			{"AIGW_MODEL_REQUESTS__HEADERS", `this is not a JSON object; write it like {"llm.example.com": {"X-Gateway-Key": "secret"}}`},
		}},
		{
			"half a client certificate", "",
			[]string{`AIGW_MODEL_REQUESTS__CLIENT_CERTIFICATES={"a/b": {"cert_file": "/nowhere/client.crt"}}`, "AIGW_MODEL_REQUESTS__MAX_CONNECTIONS_PER_HOST=0", "AIGW_MODEL_REQUESTS__MAX_IDLE_CONNECTIONS_PER_HOST=-1"},
			[]Problem{
				{"AIGW_MODEL_REQUESTS__CLIENT_CERTIFICATES", `member "a/b": this is no host; write one like llm.example.com, http://llm.example.com:8080 or *.example.com`},
				{"AIGW_MODEL_REQUESTS__CLIENT_CERTIFICATES", "there is no file /nowhere/client.crt; write the path of a PEM file"},
				{"AIGW_MODEL_REQUESTS__CLIENT_CERTIFICATES", `the certificate for "a/b" has no key_file; write the path of a PEM file`},
				{"AIGW_MODEL_REQUESTS__MAX_CONNECTIONS_PER_HOST", "there must be connections; write 1 or more"},
				{"AIGW_MODEL_REQUESTS__MAX_IDLE_CONNECTIONS_PER_HOST", "this is less than none; write 0 or more"},
			},
		},
		{"a server log configuration of another version", "", []string{`AIGW_FASTAPI__UVICORN_LOGGER={"version": 2}`}, []Problem{
			{"AIGW_FASTAPI__UVICORN_LOGGER", `this has no member "version" that is 1; write it like {"version": 1}`},
		}},
		{"a certificate without a key", "", []string{"AIGW_FASTAPI__TLS_CERT_FILE=/nowhere/tls.crt"}, []Problem{
			{"AIGW_FASTAPI__TLS_CERT_FILE", "there is no file /nowhere/tls.crt; write the path of a PEM file"},
			{"AIGW_FASTAPI__TLS_KEY_FILE", "the certificate (AIGW_FASTAPI__TLS_CERT_FILE) needs its private key; write the path of a PEM file"},
		}},
		{"a key without a certificate", "", []string{"AIGW_FASTAPI__TLS_KEY_FILE=/dev/null"}, []Problem{
			{"AIGW_FASTAPI__TLS_CERT_FILE", "the private key (AIGW_FASTAPI__TLS_KEY_FILE) needs its certificate; write the path of a PEM file"},
		}},
		{"client certificates without TLS", "", []string{"AIGW_FASTAPI__TLS_CLIENT_CA_FILE=/dev/null"}, []Problem{
			{
				"AIGW_FASTAPI__TLS_CERT_FILE",
				"client certificates (AIGW_FASTAPI__TLS_CLIENT_CA_FILE) need TLS; write the path of the gateway's own certificate",
			},
		}},
		{"a number of workers that isn't one", "", []string{"WEB_CONCURRENCY=two"}, []Problem{
			{"WEB_CONCURRENCY", `"two" is not a whole number; write it like 4`},
		}},
		{"an empty metrics folder", "", []string{"PROMETHEUS_MULTIPROC_DIR="}, []Problem{
			{"PROMETHEUS_MULTIPROC_DIR", "this is empty; write the path of an existing folder, or leave the variable out"},
		}},
		{"a metrics folder that isn't there, under its old name", "", []string{"prometheus_multiproc_dir=metrics"}, []Problem{
			{"prometheus_multiproc_dir", "the folder /srv/metrics does not exist; create it, or leave the variable out"},
		}},
		{"ports out of range", "", []string{"AIGW_FASTAPI__API_PORT=65536", "AIGW_FASTAPI__METRICS_PORT=-1"}, []Problem{
			{"AIGW_FASTAPI__API_PORT", "65536 is no port; write one from 0 to 65535"},
			{"AIGW_FASTAPI__METRICS_PORT", "-1 is no port; write one from 0 to 65535"},
		}},
		{"limits that are none", "", []string{"AIGW_FASTAPI__MAX_BODY_BYTES=0", "AIGW_FASTAPI__KEEP_ALIVE_TIMEOUT=0"}, []Problem{
			{"AIGW_FASTAPI__KEEP_ALIVE_TIMEOUT", "there must be a limit; write a number above 0"},
			{"AIGW_FASTAPI__MAX_BODY_BYTES", "there must be a limit; write a number above 0"},
		}},
		{
			"all of them together, early and late ones", "AIGW_SNOWPLOW__BATCH_SIZE=ten",
			[]string{"WEB_CONCURRENCY=x", "AIGW_AUTH__BYPASS_EXTERNAL=perhaps", "AIGW_LOGGING__LEVEL=loud", "AIGW_LOGGING__FORMAT_JSON="},
			[]Problem{
				{"AIGW_AUTH__BYPASS_EXTERNAL", `"perhaps" is neither true nor false; write it like true or false`},
				{"AIGW_LOGGING__FORMAT_JSON", `"" is neither true nor false; write it like true or false`},
				{"AIGW_LOGGING__LEVEL", `"LOUD" is no log level; write one of CRITICAL, FATAL, ERROR, WARN, WARNING, INFO, DEBUG, NOTSET`},
				{"AIGW_SNOWPLOW__BATCH_SIZE (/srv/.env, line 1)", `"ten" is not a whole number; write it like 10`},
				{"WEB_CONCURRENCY", `"x" is not a whole number; write it like 4`},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := load(tc.env, "/srv/.env", tc.file, "/srv")
			if diff := cmp.Diff(tc.want, problemsOf(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblemsAreListedOneALine(t *testing.T) {
	_, err := Load([]string{"WEB_CONCURRENCY=two", "AIGW_AUTH__BYPASS_EXTERNAL=maybe"}, "")
	const want = `the settings are not valid:
  AIGW_AUTH__BYPASS_EXTERNAL: "maybe" is neither true nor false; write it like true or false
  WEB_CONCURRENCY: "two" is not a whole number; write it like 4`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestProblemsDoNotShowSecrets(t *testing.T) {
	for _, env := range [][]string{
		{`AIGW_MODEL_KEYS={"mistral_api_key": 9876543210}`},
		{`AIGW_MODEL_KEYS={"mistral_api_key": ["9876543210"]}`},
		{`AIGW_MODEL_KEYS={"mistral_api_key": {"9876543210": 1}}`},
		{`AIGW_MODEL_KEYS="9876543210"`},
		{`AIGW_MODEL_KEYS=9876543210`},
		{`AIGW_MODEL_KEYS={"mistral_api_key": "9876543210`},
		{`AIGW_MODEL_KEYS={"mistral_api_key": "9876543210"`},
		{`AIGW_MODEL_KEYS=x9876543210`},
		{`AIGW_SELF_SIGNED_JWT={"signing_key": true9876543210}`},
	} {
		_, err := Load(env, "")
		if err == nil || strings.Contains(err.Error(), "98765") {
			t.Errorf("%s: %v", env, err)
		}
	}
}

func TestFoldersOfSettingsMayBeRelative(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "metrics"), 0o755))
	s, err := Load([]string{"PROMETHEUS_MULTIPROC_DIR=metrics", "AIGW_LOGGING__TO_FILE=gateway.log"}, dir)
	if err != nil || s.Prometheus.MultiprocDir != "metrics" || s.Logging.ToFile != "gateway.log" {
		t.Errorf("got %v, %v", s, err)
	}
	_, err = Load([]string{"AIGW_LOGGING__TO_FILE=metrics"}, dir)
	if problems := problemsOf(err); len(problems) != 1 || !strings.Contains(problems[0].Message, "is a folder") {
		t.Errorf("a folder as log file: %v", err)
	}
	if _, err := Load([]string{"AIGW_LOGGING__TO_FILE=" + filepath.Join(dir, "metrics", "gateway.log")}, "/nowhere"); err != nil {
		t.Errorf("an absolute path: %v", err)
	}
}

func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, ".env")
	must(t, os.WriteFile(path, nil, 0o000))
	if _, err := os.ReadFile(path); err == nil {
		t.Skip("this user reads everything")
	}
	if _, err := Load(nil, dir); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("AIGW_LOGGING={\"level\": 1}\nAIGW_F={}\nA=${B}", "AIGW_DEFAULT_PROMPTS__a__b", `{"a": [1]}`)
	f.Add("AIGW_MODEL_ENGINE_CONCURRENCY_LIMITS={\"a\": null}", "aigw_model_engine_concurrency_limits__a", "{\"b\":\"1\"}")
	f.Add("AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS__us__endpoint=x", "AIGW_ABUSE_DETECTION__SAMPLING_RATE", "1e999")
	f.Fuzz(func(t *testing.T, file, name, value string) {
		s, err := load([]string{name + "=" + value}, ".env", file, "")
		if (s == nil) == (err == nil) {
			t.Errorf("settings %v and error %v", s, err)
		}
		if err != nil && len(problemsOf(err)) == 0 {
			t.Errorf("an error without a problem: %v", err)
		}
	})
}
