package manifests

import (
	"strings"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/ai-gateway/ai-gateway/internal/config"
)

const chartDir = "../../deploy/helm/ai-gateway"

// objects are what the chart makes of values; those it does not make are nil.
type objects struct {
	Deployment *apps.Deployment
	Service    *core.Service
	Account    *core.ServiceAccount
	Budget     *policy.PodDisruptionBudget
	Scaler     *autoscaling.HorizontalPodAutoscaler
	Ingress    *networking.Ingress
	Monitor    *monitoring.ServiceMonitor
	Policy     *networking.NetworkPolicy
}

// render does what helm template does, for values over the defaults.
func render(values string) (map[string]string, error) {
	chart, err := loader.Load(chartDir)
	if err != nil {
		return nil, err
	}
	given, err := chartutil.ReadValues([]byte(values))
	if err != nil {
		return nil, err
	}
	release := chartutil.ReleaseOptions{Name: "release", Namespace: "space", IsInstall: true, Revision: 1}
	all, err := chartutil.ToRenderValues(chart, given, release, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	return engine.Render(chart, all)
}

func install(t *testing.T, values string) objects {
	t.Helper()
	rendered, err := render(values)
	if err != nil {
		t.Fatal(err)
	}
	var o objects
	for name, text := range rendered {
		if strings.TrimSpace(text) == "" || strings.HasSuffix(name, ".txt") {
			continue
		}
		var of meta.TypeMeta
		if err := yaml.Unmarshal([]byte(text), &of); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch of.APIVersion + " " + of.Kind {
		case "apps/v1 Deployment":
			decode(t, name, text, &o.Deployment)
		case "v1 Service":
			decode(t, name, text, &o.Service)
		case "v1 ServiceAccount":
			decode(t, name, text, &o.Account)
		case "policy/v1 PodDisruptionBudget":
			decode(t, name, text, &o.Budget)
		case "autoscaling/v2 HorizontalPodAutoscaler":
			decode(t, name, text, &o.Scaler)
		case "networking.k8s.io/v1 Ingress":
			decode(t, name, text, &o.Ingress)
		case "networking.k8s.io/v1 NetworkPolicy":
			decode(t, name, text, &o.Policy)
		case "monitoring.coreos.com/v1 ServiceMonitor":
			decode(t, name, text, &o.Monitor)
		default:
			t.Errorf("%s is of a kind that nobody knows: %s", name, of)
		}
	}
	return o
}

// decode refuses members that the type does not have, and names and labels that other objects would not find.
func decode[T any](t *testing.T, name, text string, into **T) {
	t.Helper()
	if *into != nil {
		t.Errorf("%s: there are two objects of this kind", name)
	}
	*into = new(T)
	if err := yaml.UnmarshalStrict([]byte(text), *into); err != nil {
		t.Errorf("%s: %v\n%s", name, err, text)
	}
	object, isObject := any(*into).(meta.Object)
	if !isObject {
		t.Fatalf("%s has no metadata", name)
	}
	if object.GetName() != "release-ai-gateway" {
		t.Errorf("%s is named %q", name, object.GetName())
	}
	for _, label := range []string{"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/version", "helm.sh/chart"} {
		if object.GetLabels()[label] == "" {
			t.Errorf("%s has no label %s", name, label)
		}
	}
}

func (o objects) pod() core.PodSpec { return o.Deployment.Spec.Template.Spec }

func (o objects) container() core.Container { return o.pod().Containers[0] }

// settings are those of the container, as the gateway reads them.
func (o objects) settings(t *testing.T) *config.Settings {
	t.Helper()
	var env []string
	for _, variable := range o.container().Env {
		env = append(env, variable.Name+"="+variable.Value)
	}
	// What is mounted in the cluster is not here; the files' existence is not what is asked.
	for i, variable := range env {
		if strings.HasPrefix(variable, "AIGW_FASTAPI__TLS_") {
			name, _, _ := strings.Cut(variable, "=")
			env[i] = name + "=/dev/null"
		}
	}
	s, err := config.Load(env, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, warning := range s.Warnings() {
		t.Error(warning)
	}
	return s
}
