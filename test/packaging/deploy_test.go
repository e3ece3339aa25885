package packaging

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRunwayManifests(t *testing.T) {
	for _, tc := range []struct {
		path, env string
		startup   string
		least     int
		most      int
		custom    bool
	}{
		{"deploy/runway/runway.yml", "deploy/runway/env-production.yml", "/monitoring/ready", 4, 200, false},
		{"deploy/runway/runway-staging.yml", "deploy/runway/env-staging.yml", "/monitoring/ready", 1, 200, false},
		{"deploy/runway/ai-gateway-custom/runway.yml", "deploy/runway/ai-gateway-custom/env-production.yml", "/monitoring/healthz", 1, 8, true},
		{"deploy/runway/ai-gateway-custom/runway.yml", "deploy/runway/ai-gateway-custom/env-staging.yml", "/monitoring/healthz", 1, 8, true},
	} {
		t.Run(tc.env, func(t *testing.T) {
			d := document(t, tc.path).only("apiVersion", "kind", "metadata", "spec")
			d.at("apiVersion").is("runway/v1")
			d.at("kind").is("RunwayService")
			spec := d.at("spec")
			spec.at("request_timeout").is(60)
			spec.at("startup_probe.path").is(tc.startup)
			spec.at("liveness_probe.path").is("/monitoring/healthz")
			spec.at("scalability.min_instances").is(tc.least)
			spec.at("scalability.max_instances").is(tc.most)
			spec.at("scalability.max_instance_request_concurrency").is(40)
			spec.at("load_balancing.external_load_balancer.backend_protocol").is("HTTPS")

			variables := map[string]string{}
			for name, value := range document(t, tc.env).members() {
				variables[name] = value.text()
			}
			s := settings(t, tc.env, variables)
			if s.FastAPI.APIPort != 8080 || s.CustomModels.Enabled != tc.custom || s.ModelEndpoints.FireworksCurrentRegionEndpoint.Endpoint == "" {
				t.Errorf("%+v", s.FastAPI)
			}
			spec.at("observability.scrape_targets.0").is("localhost:" + variables["AIGW_FASTAPI__METRICS_PORT"])
		})
	}
}

func TestCompose(t *testing.T) {
	d := document(t, "deploy/docker-compose.yml").only("name", "services", "volumes")
	gateway := d.at("services.gateway")
	variables := map[string]string{}
	for name, value := range gateway.at("environment").members() {
		variables[name] = value.text()
	}
	s := settings(t, "docker-compose.yml", variables)
	if !s.CustomModels.Enabled || s.MockModelResponses || s.FastAPI.APIPort != 5052 {
		t.Errorf("it is not set up for self-hosted models on port 5052: %+v", s.FastAPI)
	}
	gateway.at("ports.0").is("${API_EXTERNAL_PORT:-5001}:5052")
	gateway.at("ports.1").is("${METRICS_EXTERNAL_PORT:-8082}:8082")
	grace, err := time.ParseDuration(gateway.at("stop_grace_period").text())
	if err != nil || grace <= s.FastAPI.DrainDelay+s.FastAPI.DrainTimeout {
		t.Errorf("it is killed after %v, while it drains for %v: %v", grace, s.FastAPI.DrainTimeout, err)
	}
	gateway.at("depends_on.model.condition").is("service_healthy")
	for name := range d.at("volumes").members() {
		if !strings.Contains(read(t, "deploy/docker-compose.yml"), "- "+name+":") {
			t.Errorf("nobody mounts volume %s", name)
		}
	}
}

func TestSystemdUnit(t *testing.T) {
	unit := read(t, "deploy/systemd/ai-gateway.service")
	values := map[string][]string{}
	for _, line := range regexp.MustCompile(`(?m)^([A-Za-z]+)=(.*)$`).FindAllStringSubmatch(unit, -1) {
		values[line[1]] = append(values[line[1]], line[2])
	}
	variables := map[string]string{}
	for _, variable := range values["Environment"] {
		name, value, _ := strings.Cut(variable, "=")
		variables[name] = value
	}
	s := settings(t, "ai-gateway.service", variables)
	wait, err := time.ParseDuration(strings.Join(values["TimeoutStopSec"], "") + "s")
	if err != nil || wait <= s.FastAPI.DrainDelay+s.FastAPI.DrainTimeout {
		t.Errorf("it is killed after %v, while it drains for %v: %v", wait, s.FastAPI.DrainTimeout, err)
	}
	for key, want := range map[string]string{
		"ExecStart": "/usr/local/bin/ai-gateway serve", "ExecStartPre": "/usr/local/bin/ai-gateway config check", "DynamicUser": "yes",
		"ProtectSystem": "strict", "NoNewPrivileges": "yes", "Restart": "always",
	} {
		if !slices.Contains(values[key], want) {
			t.Errorf("%s: want %s, got %q", key, want, values[key])
		}
	}
}

func TestDockerfile(t *testing.T) {
	text := strings.ReplaceAll(read(t, "deploy/Dockerfile"), "\\\n", " ")
	stages := map[string]string{}
	stage := ""
	for line := range strings.Lines(text) {
		if from := regexp.MustCompile(`^FROM (\S+)(?: AS (\S+))?`).FindStringSubmatch(line); from != nil {
			stage = from[2]
			if base := from[1]; stages[base] != "" {
				stages[stage] = stages[base]
			}
		}
		stages[stage] += line
	}
	for name, port := range map[string]string{"gateway": "AIGW_FASTAPI__API_PORT=5052", "self-hosted": "AIGW_CUSTOM_MODELS__ENABLED=true"} {
		final := stages[name]
		if !strings.Contains(final, port) || !strings.Contains(final, `ENTRYPOINT ["/ai-gateway"]`) || !strings.Contains(final, "WORKDIR /home/aigateway/app") {
			t.Errorf("%s:\n%s", name, final)
		}
		if !strings.Contains(final, ":nonroot") || strings.Contains(final, "\nUSER ") || strings.Contains(final, "\nRUN ") {
			t.Errorf("%s runs as root, or needs a shell:\n%s", name, final)
		}
		if !strings.Contains(final, `HEALTHCHECK`) || !strings.Contains(final, `CMD ["/ai-gateway", "healthcheck"]`) {
			t.Errorf("%s has no health check", name)
		}
		variables := map[string]string{}
		for _, env := range regexp.MustCompile(`(?m)^ENV (.*)$`).FindAllStringSubmatch(final, -1) {
			for variable := range strings.FieldsSeq(env[1]) {
				key, value, _ := strings.Cut(variable, "=")
				variables[key] = value
			}
		}
		settings(t, name, variables)
	}
	if !strings.HasSuffix(strings.TrimSpace(text), "FROM gateway") {
		t.Error("a build without a target does not make the gateway")
	}
}

// The commands that hooks run are those of the Makefile and the module.
func TestHooks(t *testing.T) {
	d := document(t, "lefthook.yml")
	for name, command := range d.at("pre-commit.commands").members() {
		if run := command.at("run").text(); !strings.Contains(run, "go ") {
			t.Errorf("%s runs %s", name, run)
		}
	}
	d.at("pre-commit.skip.0.ref").is("main")
}

// What manifests and templates tell people to run is in the Makefile; package docs looks at the pages.
func TestEveryMakeTargetThatIsNamedExists(t *testing.T) {
	makefile := read(t, "Makefile")
	named := regexp.MustCompile("(?m)(?:`|run |with: |development: )make ([a-z][a-z-]*)")
	for _, path := range []string{"lefthook.yml", "deploy/docker-compose.yml", ".gitlab/merge_request_templates/Default.md"} {
		targets := named.FindAllStringSubmatch(read(t, path), -1)
		if len(targets) == 0 {
			t.Errorf("%s names no target", path)
		}
		for _, target := range targets {
			if !regexp.MustCompile(`(?m)^` + target[1] + `:`).MatchString(makefile) {
				t.Errorf("%s names make %s", path, target[1])
			}
		}
	}
}
