package releases

// What releases of GitLab have added to the words of the contract (spec/clients.md 19).
var (
	// ModelFamilies are names of self-hosted model families that came after those of the contract.
	ModelFamilies = []string{"general", "gemini", "qwen", "mistral_nemo"}

	// UnitPrimitives are new names of unit primitives, by their old ones. A token may hold either.
	UnitPrimitives = map[string]string{"duo_chat": "duo_classic_chat"}

	// Clouds are providers of models whose endpoint GitLab leaves out, because they find their models by themselves.
	Clouds = []string{"bedrock", "vertex_ai"}
)

const (
	// DefaultProvider is the provider by which GitLab asks for the gateway's own choice of a model.
	DefaultProvider = "gitlab"

	// VerboseLogs is the header by which an instance has its model requests logged; it was a feature flag before.
	VerboseLogs = "X-Gitlab-Enabled-Instance-Verbose-Ai-Logs"

	// FinishReason is the first release that warns of an answer which was cut off, unless it is told why the answer ended.
	FinishReason = "18.10.0-pre"
)
