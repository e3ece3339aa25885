package manifests

import (
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// Compose's own loader reads the file, against its schema, as docker compose would.
func TestTheComposeFileIsUnderstood(t *testing.T) {
	const file = "../../deploy/docker-compose.yml"
	project, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir: "../../deploy", ConfigFiles: []types.ConfigFile{{Filename: file}}, Environment: types.Mapping{"VERSION": "v1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	gateway, model := project.Services["gateway"], project.Services["model"]
	if gateway.Build.Args["VERSION"] == nil || *gateway.Build.Args["VERSION"] != "v1" || !gateway.ReadOnly || gateway.CapDrop[0] != "ALL" {
		t.Errorf("gateway: %+v", gateway)
	}
	if got := gateway.Ports[0]; got.Published != "5001" || got.Target != 5052 {
		t.Errorf("the API is at %+v", got)
	}
	if gateway.DependsOn["model"].Condition != types.ServiceConditionHealthy || model.HealthCheck == nil {
		t.Errorf("the gateway starts before its model: %+v", gateway.DependsOn)
	}
}
