package specialtokens

import "slices"

// Tokens of models, from what their makers say of prompts, chat templates and tokenizers. What a text ends or begins with is chosen so that
// what is left is the code in the middle: a prompt that is repeated from its start ends a suggestion before it has begun.
var (
	// Llama 2 and Code Llama. Its tokens for filling in the middle bring the blank before them along.
	codeLlamaFIM = slices.Concat(
		opening("<MID>", " <MID>"), ending("<PRE>", " <PRE>", "<SUF>", " <SUF>", "<EOT>", " <EOT>"),
	)
	llama2 = slices.Concat(sentencePiece, opening("[/INST]", "[/INST] "), ending("[INST]", "<<SYS>>", "<</SYS>>"))

	// CodeGemma and Gemma.
	codeGemmaFIM = slices.Concat(pipedFIM, ending("<|file_separator|>"))
	gemma        = slices.Concat(opening("<bos>"), gemmaTurns, ending("<eos>"))
	gemmaTurns   = slices.Concat(opening("<start_of_turn>model\n"), ending("<start_of_turn>", "<end_of_turn>"))

	// Mistral, Mixtral, Codestral.
	mistralFIM = slices.Concat(opening("[MIDDLE]"), ending("[PREFIX]", "[SUFFIX]"))
	mistral    = slices.Concat(sentencePiece, opening("[/INST]", "[/INST] "), ending("[INST]", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]"))

	// DeepSeek Coder, V2 and V3. The bars are full-width.
	deepSeekFIM = slices.Concat(opening("<｜fim▁end｜>"), ending("<｜fim▁begin｜>", "<｜fim▁hole｜>"))
	deepSeek    = slices.Concat(opening("<｜begin▁of▁sentence｜>", "<｜Assistant｜>"), ending("<｜end▁of▁sentence｜>", "<｜User｜>", "<|EOT|>"))

	// Qwen2.5-Coder and Qwen3-Coder.
	qwenFIM = slices.Concat(pipedFIM, ending("<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"))
	qwen    = slices.Concat(opening("<|im_start|>assistant\n"), ending("<|im_start|>", "<|im_end|>", "<|endoftext|>"))

	// StarCoder, StarCoder2, CodeQwen1.5, Granite Code.
	starCoderFIM = slices.Concat(
		opening("<fim_middle>"), ending("<fim_prefix>", "<fim_suffix>", "<fim_pad>", "<file_sep>", "<repo_name>"),
	)

	// Llama 3.
	llama3 = slices.Concat(
		opening("<|begin_of_text|>", "<|start_header_id|>assistant<|end_header_id|>\n\n", "<|python_tag|>"),
		ending("<|start_header_id|>", "<|end_header_id|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<|finetune_right_pad_id|>"),
	)

	// Granite 3 and 4.
	granite = slices.Concat(
		opening("<|start_of_role|>assistant<|end_of_role|>"), ending("<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>"),
	)

	// Phi.
	phi = slices.Concat(opening("<|assistant|>"), ending("<|user|>", "<|system|>", "<|end|>"))

	// GPT, gpt-oss in its Harmony format.
	gpt = ending("<|endoftext|>", "<|endofprompt|>", "<|start|>", "<|end|>", "<|return|>", "<|call|>")

	// What CodeGemma, Qwen and Granite have in common.
	pipedFIM = slices.Concat(opening("<|fim_middle|>"), ending("<|fim_prefix|>", "<|fim_suffix|>"))

	// Tokenizers of SentencePiece, which put a blank behind what opens a text. In HTML, this is struck text.
	sentencePiece = slices.Concat(opening(strike, strike+" "), ending(strikeEnd))
)

// vocabulary are the special tokens of a family: those for filling in the middle, which are met in completions only, and those of its texts
// and conversations.
type vocabulary struct{ fim, other []token }

// general is for models of which nothing is known. It has only what could not be anything else.
var general = vocabulary{
	fim:   slices.Concat(qwenFIM, starCoderFIM, deepSeekFIM, ending("<|file_separator|>")),
	other: slices.Concat(qwen, llama3, deepSeek, granite, phi, gpt, gemmaTurns),
}

// families are those that GitLab knows. Models of vendors don't let their tokens out.
var families = map[string]vocabulary{
	"claude_3":         {},
	"claude_3.5":       {},
	"codegemma":        {codeGemmaFIM, gemma},
	"codellama":        {codeLlamaFIM, llama2},
	"codestral":        {mistralFIM, mistral},
	"deepseekcoder":    {deepSeekFIM, deepSeek},
	"gemini":           {},
	"general":          general,
	"gpt":              {nil, gpt},
	"llama3":           {nil, llama3},
	"mistral":          {mistralFIM, mistral},
	"mistral_nemo":     {mistralFIM, mistral},
	"mixtral":          {mistralFIM, mistral},
	"qwen":             {qwenFIM, qwen},
	"qwen2p5-coder-7b": {qwenFIM, qwen},
}

func of(family string) vocabulary {
	if v, known := families[family]; known {
		return v
	}
	return general
}

func opening(texts ...string) []token { return tokens(begin, texts) }
func ending(texts ...string) []token  { return tokens(end, texts) }

func tokens(kind kind, texts []string) []token {
	list := make([]token, len(texts))
	for i, text := range texts {
		list[i] = token{text, kind}
	}
	return list
}
