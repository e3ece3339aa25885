package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretsAreMaskedHoweverTheyArePrinted(t *testing.T) {
	const key = "sk-ant-1234567890"
	s, err := Load([]string{"ANTHROPIC_API_KEY=" + key, "AIGW_MODEL_KEYS__MISTRAL_API_KEY=" + key, "AIGW_SELF_SIGNED_JWT__SIGNING_KEY=" + key, `AIGW_MODEL_REQUESTS__HEADERS={"llm.example.com": {"X-Gateway-Key": "` + key + `"}}`}, "")
	if err != nil {
		t.Fatal(err)
	}
	fromFile, err := load(nil, "/srv/.env", "ANTHROPIC_API_KEY="+key, "")
	if err != nil {
		t.Fatal(err)
	}
	secret := s.Anthropic.APIKey
	var printed strings.Builder
	for _, value := range []any{secret, &secret, s, *s, fromFile, s.ModelKeys, s.ModelRequests, s.Effective(), []Secret{secret}, map[string]Secret{"k": secret}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%08.3f"} {
			fmt.Fprintf(&printed, verb+"\n", value)
		}
		marshalled, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		printed.Write(marshalled)
		slog.New(slog.NewJSONHandler(&printed, nil)).Info("json", "value", value)
		slog.New(slog.NewTextHandler(&printed, nil)).Info("text", "value", value)
	}
	for _, leak := range []string{key, fmt.Sprintf("%x", key), fmt.Sprintf("%X", key)} {
		if strings.Contains(printed.String(), leak) {
			t.Errorf("the secret was printed as %s", leak)
		}
	}
	if !strings.Contains(printed.String(), "[secret]") {
		t.Error("the mask was never printed")
	}
	if secret.Reveal() != key {
		t.Errorf("Reveal gives %q", secret.Reveal())
	}
	if none := Secret("").String(); none != "" {
		t.Errorf("no secret prints as %q", none)
	}
}
