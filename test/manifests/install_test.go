package manifests

import (
	"maps"
	"strings"
	"testing"

	core "k8s.io/api/core/v1"
)

func TestTheChartsDefaults(t *testing.T) {
	o := install(t, "")
	if o.Deployment == nil || o.Service == nil || o.Account == nil || o.Budget == nil || o.Scaler != nil || o.Ingress != nil || o.Monitor != nil || o.Policy != nil {
		t.Fatalf("objects: %+v", o)
	}
	c, pod := o.container(), o.pod()
	if c.Image != "ai-gateway:dev" {
		t.Errorf("image %s", c.Image)
	}
	if s := c.SecurityContext; !*s.ReadOnlyRootFilesystem || *s.AllowPrivilegeEscalation || s.Capabilities.Drop[0] != "ALL" {
		t.Errorf("the container may do too much: %+v", s)
	}
	if !*pod.SecurityContext.RunAsNonRoot || pod.SecurityContext.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault || *pod.AutomountServiceAccountToken {
		t.Errorf("the pod may do too much: %+v", pod.SecurityContext)
	}
	s := o.settings(t)
	if s.FastAPI.APIPort != 5052 || s.FastAPI.MetricsPort != 8082 || !s.CustomModels.Enabled {
		t.Errorf("%+v", s.FastAPI)
	}
	if drain := (s.FastAPI.DrainDelay + s.FastAPI.DrainTimeout).Seconds(); float64(*pod.TerminationGracePeriodSeconds) <= drain {
		t.Errorf("a pod is killed after %d s, while it drains for %v s", *pod.TerminationGracePeriodSeconds, drain)
	}
	checkProbes(t, c, "api", "")
	if _, limited := c.Resources.Limits[core.ResourceCPU]; limited || c.Resources.Limits.Memory().IsZero() {
		t.Errorf("limits %v", c.Resources.Limits)
	}

	// Selectors select the pods, and ports are those of the container.
	labels := o.Deployment.Spec.Template.Labels
	for name, selector := range map[string]map[string]string{
		"the deployment": o.Deployment.Spec.Selector.MatchLabels, "the service": o.Service.Spec.Selector, "the budget": o.Budget.Spec.Selector.MatchLabels,
	} {
		if !maps.Equal(selector, labels) {
			t.Errorf("%s selects %v, the pods have %v", name, selector, labels)
		}
	}
	names := map[string]bool{}
	for _, port := range c.Ports {
		names[port.Name] = true
	}
	for _, port := range o.Service.Spec.Ports {
		if !names[port.TargetPort.String()] {
			t.Errorf("the container has no port %s", port.TargetPort.String())
		}
	}
}

func checkProbes(t *testing.T, c core.Container, port string, scheme core.URIScheme) {
	t.Helper()
	for path, probes := range map[string][]*core.Probe{
		"/monitoring/healthz": {c.StartupProbe, c.LivenessProbe}, "/monitoring/ready": {c.ReadinessProbe},
	} {
		for _, probe := range probes {
			if get := probe.HTTPGet; get.Path != path || get.Port.String() != port || get.Scheme != scheme {
				t.Errorf("want %s %s on %s, got %+v", scheme, path, port, get)
			}
		}
	}
}

func TestTheChartWithEverything(t *testing.T) {
	o := install(t, `
image: {repository: registry.example.com/ai-gateway, tag: v1.2.3}
imagePullSecrets: [{name: registry}]
settings: {AIGW_DEFAULT_PROMPTS: '{"chat/react": "vertex"}', AIGW_FASTAPI__MAX_BODY_BYTES: 10485760, AIGW_MOCK_MODEL_RESPONSES: false}
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
service: {annotations: {x: note}}
`)
	c, pod := o.container(), o.pod()
	s := o.settings(t)
	if s.FastAPI.TLSCertFile == "" || s.Anthropic.BaseURL != "https://proxy.example.com" || s.DefaultPrompts["chat/react"] != "vertex" || s.FastAPI.MaxBodyBytes != 10485760 {
		t.Errorf("%+v", c.Env)
	}
	checkProbes(t, c, "api", core.URISchemeHTTPS)
	mounted := map[string]bool{}
	for _, volume := range pod.Volumes {
		mounted[volume.Name] = true
	}
	for _, mount := range c.VolumeMounts {
		if !mounted[mount.Name] {
			t.Errorf("there is no volume %s", mount.Name)
		}
	}
	for name, ok := range map[string]bool{
		"image":           c.Image == "registry.example.com/ai-gateway:v1.2.3",
		"pull secret":     pod.ImagePullSecrets[0].Name == "registry",
		"secrets":         c.EnvFrom[0].SecretRef.Name == "keys" && c.EnvFrom[1].SecretRef.Name == "more-keys",
		"account":         pod.ServiceAccountName == "ignored" && o.Account == nil,
		"free replicas":   o.Deployment.Spec.Replicas == nil,
		"scaler":          *o.Scaler.Spec.MinReplicas == 3 && o.Scaler.Spec.ScaleTargetRef.Name == o.Deployment.Name && *o.Scaler.Spec.Metrics[0].Resource.Target.AverageUtilization == 70,
		"service monitor": o.Monitor.Spec.Endpoints[0].Port == "metrics" && o.Monitor.Labels["release"] == "prometheus",
		"ingress": o.Ingress.Spec.Rules[0].HTTP.Paths[0].Backend.Service.Port.Name == "api" && o.Ingress.Spec.TLS[0].SecretName == "public-tls" &&
			*o.Ingress.Spec.IngressClassName == "nginx",
		"where pods run":  pod.NodeSelector["disk"] == "ssd" && pod.Tolerations[0].Key == "k" && pod.TopologySpreadConstraints[0].MaxSkew == 1,
		"pod labels":      o.Deployment.Spec.Template.Labels["c"] == "d" && o.Deployment.Spec.Template.Annotations["a"] == "b",
		"service's notes": o.Service.Annotations["x"] == "note",
	} {
		if !ok {
			t.Errorf("not as the values say: %s", name)
		}
	}
}

func TestTheChartWithClientCertificates(t *testing.T) {
	o := install(t, "tls: {existingSecret: gateway-tls, clientCA: true}\npodDisruptionBudget: {enabled: false}")
	checkProbes(t, o.container(), "metrics", "")
	if o.settings(t).FastAPI.TLSClientCAFile == "" {
		t.Error("clients need no certificate")
	}
	if o.Budget != nil {
		t.Error("there is a disruption budget")
	}
}

func TestTheChartShutsInTheGateway(t *testing.T) {
	o := install(t, `
networkPolicy:
  enabled: true
  metricsFrom: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
  egress:
    - to: [{podSelector: {matchLabels: {app: vllm}}}]
      ports: [{port: 8000}]
    - to: [{ipBlock: {cidr: 203.0.113.7/32}}]
      ports: [{port: 443}]
`)
	policy := o.Policy.Spec
	if !maps.Equal(policy.PodSelector.MatchLabels, o.Deployment.Spec.Selector.MatchLabels) || len(policy.PolicyTypes) != 2 {
		t.Errorf("it is for other pods: %+v", policy)
	}
	if api, metrics := policy.Ingress[0], policy.Ingress[1]; api.Ports[0].Port.String() != "api" || api.From != nil ||
		metrics.Ports[0].Port.String() != "metrics" || metrics.From[0].NamespaceSelector == nil {
		t.Errorf("who may reach it: %+v", policy.Ingress)
	}
	if out := policy.Egress; len(out) != 3 || out[0].Ports[0].Port.IntValue() != 53 || out[1].To[0].PodSelector.MatchLabels["app"] != "vllm" ||
		out[2].To[0].IPBlock.CIDR != "203.0.113.7/32" {
		t.Errorf("whom it may reach: %+v", out)
	}
}

func TestTheChartRefusesValuesThatItDoesNotKnow(t *testing.T) {
	for values, want := range map[string]string{
		"replicas: 3":                                   "replicas",
		"tls: {secret: gateway-tls}":                    "secret",
		"settings: {AIGW_DEFAULT_PROMPTS: {a: b}}":      "AIGW_DEFAULT_PROMPTS",
		"settings: {AIGW_FASTAPI__DRAIN_TIMEOUT: 0.5}":  "AIGW_FASTAPI__DRAIN_TIMEOUT",
		"settings: {logging: debug}":                    "logging",
		"existingSecrets: keys":                         "existingSecrets",
		"drain: {timeoutSeconds: a minute}":             "timeoutSeconds",
		"autoscaling: {enabled: 'yes'}":                 "autoscaling",
		"extraEnv: {ANTHROPIC_BASE_URL: https://x.com}": "extraEnv",
	} {
		if _, err := render(values); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want an error that names %s, got %v", values, want, err)
		}
	}
}
