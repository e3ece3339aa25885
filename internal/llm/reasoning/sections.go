package reasoning

// section is how a family of models marks its reasoning.
type section struct{ open, end string }

// sections are those that an answer may begin with, from what the makers say of their models and of their chat templates.
//
// There is no <thinking>: models write it because a prompt tells them to, not because they were trained to.
var sections = []section{
	{think, thinkEnd},                        // DeepSeek-R1 and V3.1, QwQ, Qwen3, GLM-4.5, MiniMax-M1, Nemotron, SmolLM3, Hunyuan
	{"[THINK]", "[/THINK]"},                  // Magistral
	{"<seed:think>", "</seed:think>"},        // Seed-OSS
	{"◁think▷", "◁/think▷"},                  // Kimi-VL
	{analysis, final},                        // gpt-oss, from servers that don't read its Harmony format
	{"<|start|>assistant" + analysis, final}, // the same, with its turn
	{final, ""},                              // gpt-oss without a thought: the header alone
	{"<|start|>assistant" + final, ""},
}

// The one pair of tags of which templates write the opening one.
const (
	think    = "<think>"
	thinkEnd = "</think>"
)

// Headers of gpt-oss's channels. Between them stand the thoughts and what ends that message and begins the next.
const (
	analysis = "<|channel|>analysis<|message|>"
	final    = "<|channel|>final<|message|>"
)
