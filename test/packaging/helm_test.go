package packaging

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"go.yaml.in/yaml/v3"
)

const chart = "deploy/helm/ai-gateway"

// render does what helm template does with the chart, for values over the defaults, and returns the objects by kind. It knows those of
// Helm's functions that the chart uses.
func render(t *testing.T, values string) map[string]node {
	t.Helper()
	merged := document(t, chart+"/values.yaml").value.(map[string]any)
	var over map[string]any
	if err := yaml.Unmarshal([]byte(values), &over); err != nil {
		t.Fatal(err)
	}
	merge(merged, over)
	about := document(t, chart+"/Chart.yaml")
	context := map[string]any{
		"Values":  merged,
		"Chart":   map[string]any{"Name": about.at("name").text(), "Version": about.at("version").text(), "AppVersion": about.at("appVersion").text()},
		"Release": map[string]any{"Name": "release", "Namespace": "space", "Service": "Helm"},
	}
	objects := map[string]node{}
	for name, text := range renderTemplates(t, context) {
		if strings.HasSuffix(name, ".txt") {
			continue
		}
		for _, object := range documents(t, name, text) {
			kind := object.at("kind").text()
			if _, twice := objects[kind]; twice {
				t.Errorf("two objects are of kind %s", kind)
			}
			checkObject(t, object)
			objects[kind] = object
		}
	}
	return objects
}

func renderTemplates(t *testing.T, context any) map[string]string {
	t.Helper()
	all := template.New("chart").Option("missingkey=error")
	all.Funcs(template.FuncMap{
		"include": func(name string, data any) (string, error) {
			var b bytes.Buffer
			err := all.ExecuteTemplate(&b, name, data)
			return b.String(), err
		},
		"toYaml": func(value any) (string, error) {
			text, err := yaml.Marshal(value)
			return strings.TrimSuffix(string(text), "\n"), err
		},
		"nindent": func(n int, text string) string {
			indent := "\n" + strings.Repeat(" ", n)
			return indent + strings.ReplaceAll(text, "\n", indent)
		},
		"quote": func(value any) string { return strconv.Quote(fmt.Sprint(value)) },
		"default": func(fallback, value any) any {
			if truth, _ := template.IsTrue(value); truth {
				return value
			}
			return fallback
		},
		"add": func(numbers ...any) (sum int) {
			for _, n := range numbers {
				sum += n.(int)
			}
			return sum
		},
	})
	paths, err := filepath.Glob(filepath.Join(root, chart, "templates", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := all.New(filepath.Base(path)).Parse(string(text)); err != nil {
			t.Fatal(err)
		}
	}
	rendered := map[string]string{}
	for _, path := range paths {
		name := filepath.Base(path)
		var b bytes.Buffer
		if err := all.ExecuteTemplate(&b, name, context); err != nil {
			t.Fatal(err)
		}
		rendered[name] = b.String()
	}
	return rendered
}

// merge lays values over the defaults, as Helm does: maps by member, all else as a whole.
func merge(low, high map[string]any) {
	for key, value := range high {
		below, lowIsMap := low[key].(map[string]any)
		above, highIsMap := value.(map[string]any)
		if lowIsMap && highIsMap {
			merge(below, above)
		} else {
			low[key] = value
		}
	}
}

// apiVersions of the kinds that the chart may have.
var apiVersions = map[string]string{
	"Deployment": "apps/v1", "Service": "v1", "ServiceAccount": "v1", "HorizontalPodAutoscaler": "autoscaling/v2", "PodDisruptionBudget": "policy/v1",
	"ServiceMonitor": "monitoring.coreos.com/v1", "Ingress": "networking.k8s.io/v1",
}

func checkObject(t *testing.T, object node) {
	t.Helper()
	object.only("apiVersion", "kind", "metadata", "spec")
	object.at("apiVersion").is(apiVersions[object.at("kind").text()])
	object.at("metadata").only("name", "labels", "annotations")
	object.at("metadata.name").is("release-ai-gateway")
	for _, label := range []string{"app.kubernetes.io/name", "app.kubernetes.io/instance", "helm.sh/chart"} {
		if _, found := object.at("metadata.labels").members()[label]; !found {
			t.Errorf("%s has no label %s", object.path, label)
		}
	}
}

func container(t *testing.T, objects map[string]node) node {
	t.Helper()
	deployment := objects["Deployment"]
	deployment.at("spec").only("replicas", "selector", "strategy", "template")
	deployment.at("spec.template.spec").only("serviceAccountName", "automountServiceAccountToken", "imagePullSecrets", "terminationGracePeriodSeconds",
		"securityContext", "containers", "volumes", "nodeSelector", "tolerations", "affinity", "topologySpreadConstraints")
	return deployment.at("spec.template.spec.containers.0").only("name", "image", "imagePullPolicy", "securityContext", "ports", "env", "envFrom",
		"startupProbe", "livenessProbe", "readinessProbe", "resources", "volumeMounts")
}

func variables(c node) map[string]string {
	found := map[string]string{}
	for _, variable := range c.at("env").items() {
		found[variable.at("name").text()] = variable.at("value").text()
	}
	return found
}

func TestTheChartsDefaults(t *testing.T) {
	objects := render(t, "")
	for _, kind := range []string{"Deployment", "Service", "ServiceAccount", "PodDisruptionBudget"} {
		if _, found := objects[kind]; !found {
			t.Errorf("there is no %s", kind)
		}
	}
	if len(objects) != 4 {
		t.Errorf("objects of kinds %v", maps.Keys(objects))
	}
	c := container(t, objects)
	c.at("image").is("ai-gateway:dev")
	c.at("securityContext.readOnlyRootFilesystem").is(true)
	c.at("securityContext.capabilities.drop.0").is("ALL")
	s := settings(t, "the chart", variables(c))
	if s.FastAPI.APIPort != 5052 || s.FastAPI.MetricsPort != 8082 || !s.CustomModels.Enabled {
		t.Errorf("%+v", s.FastAPI)
	}
	pod := objects["Deployment"].at("spec.template.spec")
	grace := pod.at("terminationGracePeriodSeconds").value.(int)
	if drain := (s.FastAPI.DrainDelay + s.FastAPI.DrainTimeout).Seconds(); float64(grace) <= drain {
		t.Errorf("a pod is killed after %d s, while it drains for %v s", grace, drain)
	}
	pod.at("securityContext.runAsNonRoot").is(true)
	checkProbes(t, c, "api", "")

	// Selectors select the pods, and ports are those of the container.
	labels := objects["Deployment"].at("spec.template.metadata.labels").members()
	for _, selector := range []node{
		objects["Deployment"].at("spec.selector.matchLabels"), objects["Service"].at("spec.selector"), objects["PodDisruptionBudget"].at("spec.selector.matchLabels"),
	} {
		for name, value := range selector.members() {
			if labels[name].text() != value.text() {
				t.Errorf("%s does not select the pods", selector.path)
			}
		}
	}
	names := map[string]bool{}
	for _, port := range c.at("ports").items() {
		names[port.at("name").text()] = true
	}
	for _, port := range objects["Service"].at("spec.ports").items() {
		if !names[port.at("targetPort").text()] {
			t.Errorf("%s: the container has no such port", port.path)
		}
	}
}

func checkProbes(t *testing.T, c node, port, scheme string) {
	t.Helper()
	for probe, path := range map[string]string{
		"startupProbe": "/monitoring/healthz", "livenessProbe": "/monitoring/healthz", "readinessProbe": "/monitoring/ready",
	} {
		c.at(probe).only("httpGet", "periodSeconds", "timeoutSeconds", "failureThreshold")
		get := c.at(probe+".httpGet").only("path", "port", "scheme")
		get.at("path").is(path)
		get.at("port").is(port)
		if scheme != "" {
			get.at("scheme").is(scheme)
		} else if _, found := get.member("scheme"); found {
			t.Errorf("%s has a scheme", get.path)
		}
	}
}

func TestTheChartWithEverything(t *testing.T) {
	objects := render(t, `
image: {repository: registry.example.com/ai-gateway, tag: v1.2.3}
imagePullSecrets: [{name: registry}]
settings: {AIGW_DEFAULT_PROMPTS: '{"chat/react": "vertex"}'}
existingSecrets: [keys, more-keys]
extraEnv: [{name: ANTHROPIC_BASE_URL, value: "https://proxy.example.com"}]
tls: {existingSecret: gateway-tls}
docsIndex: {existingClaim: docs}
autoscaling: {enabled: true, minReplicas: 3}
serviceMonitor: {enabled: true, labels: {release: prometheus}}
ingress: {enabled: true, className: nginx, tlsSecret: public-tls}
serviceAccount: {name: ignored, create: false}
podAnnotations: {a: b}
podLabels: {c: d}
nodeSelector: {disk: ssd}
tolerations: [{key: k, operator: Exists}]
topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
affinity: {nodeAffinity: {}}
extraVolumes: [{name: ca, configMap: {name: ca}}]
extraVolumeMounts: [{name: ca, mountPath: /etc/ca}]
service: {annotations: {x: y}}
`)
	c := container(t, objects)
	c.at("image").is("registry.example.com/ai-gateway:v1.2.3")
	env := variables(c)
	s := settings(t, "the chart", env)
	if s.FastAPI.TLSCertFile == "" || s.Anthropic.BaseURL != "https://proxy.example.com" || s.DefaultPrompts["chat/react"] != "vertex" {
		t.Errorf("%v", env)
	}
	c.at("envFrom.1.secretRef.name").is("more-keys")
	checkProbes(t, c, "api", "HTTPS")
	pod := objects["Deployment"].at("spec.template.spec")
	pod.at("serviceAccountName").is("ignored")
	volumes := map[string]bool{}
	for _, volume := range pod.at("volumes").items() {
		volumes[volume.at("name").text()] = true
	}
	for _, mount := range c.at("volumeMounts").items() {
		if !volumes[mount.at("name").text()] {
			t.Errorf("%s: there is no such volume", mount.path)
		}
	}
	if _, found := objects["Deployment"].at("spec").member("replicas"); found {
		t.Error("replicas are fixed although they are scaled")
	}
	scaler := objects["HorizontalPodAutoscaler"].at("spec")
	scaler.at("minReplicas").is(3)
	scaler.at("scaleTargetRef.name").is("release-ai-gateway")
	objects["ServiceMonitor"].at("spec.endpoints.0.port").is("metrics")
	objects["ServiceMonitor"].at("metadata.labels.release").is("prometheus")
	objects["Ingress"].at("spec.rules.0.http.paths.0.backend.service.port.name").is("api")
	objects["Ingress"].at("spec.tls.0.secretName").is("public-tls")
	if _, found := objects["ServiceAccount"]; found {
		t.Error("a service account is made although there is one")
	}
}

func TestTheChartWithClientCertificates(t *testing.T) {
	objects := render(t, "tls: {existingSecret: gateway-tls, clientCA: true}\npodDisruptionBudget: {enabled: false}")
	c := container(t, objects)
	checkProbes(t, c, "metrics", "")
	if s := settings(t, "the chart", variables(c)); s.FastAPI.TLSClientCAFile == "" {
		t.Error("clients need no certificate")
	}
	if _, found := objects["PodDisruptionBudget"]; found {
		t.Error("there is a disruption budget")
	}
}
