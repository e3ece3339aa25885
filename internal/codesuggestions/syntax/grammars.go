package syntax

import (
	"sync"
	"unsafe"

	kotlin "github.com/tree-sitter-grammars/tree-sitter-kotlin/bindings/go"
	csharp "github.com/tree-sitter/tree-sitter-c-sharp/bindings/go"
	c "github.com/tree-sitter/tree-sitter-c/bindings/go"
	cpp "github.com/tree-sitter/tree-sitter-cpp/bindings/go"
	golang "github.com/tree-sitter/tree-sitter-go/bindings/go"
	java "github.com/tree-sitter/tree-sitter-java/bindings/go"
	javascript "github.com/tree-sitter/tree-sitter-javascript/bindings/go"
	php "github.com/tree-sitter/tree-sitter-php/bindings/go"
	python "github.com/tree-sitter/tree-sitter-python/bindings/go"
	ruby "github.com/tree-sitter/tree-sitter-ruby/bindings/go"
	rust "github.com/tree-sitter/tree-sitter-rust/bindings/go"
	scala "github.com/tree-sitter/tree-sitter-scala/bindings/go"
	typescript "github.com/tree-sitter/tree-sitter-typescript/bindings/go"

	"github.com/ai-gateway/ai-gateway/internal/codesuggestions/lang"
)

// grammar is what is known of a language: how to parse it, and which kinds of nodes its trees are asked for
// (spec/code-suggestions.md 6.4 to 6.6). Kinds go by the names that the specification knows.
type grammar struct {
	language func() unsafe.Pointer

	imports  []string
	function string   // "" for languages whose signatures aren't asked for
	body     string   // of a function, among its children
	comments []string // a text of these kinds alone is comments only; nil: no text is
	symbols  []string // that are counted

	renamed  map[string]string // kinds by the grammar's own names, where the specification has others
	opaque   []string          // kinds whose parts the specification doesn't know as nodes
	texts    []string          // kinds of string literals of which it doesn't know the parts of kind textPart
	textPart string

	importWord, functionWord string // that no import, no function is without; "" for none
	commentStarts            string // characters that a text of comments alone can start with

	once  sync.Once
	table kindTable
}

// grammars has all languages that can be parsed.
var grammars = map[lang.Language]*grammar{
	lang.C: {
		language: c.Language,
		imports:  []string{"preproc_include"}, importWord: "include",
		function: "function_definition", body: "compound_statement",
		comments: []string{"comment", "translation_unit"}, commentStarts: "/",
		symbols: []string{"preproc_include", "function_definition", "comment"},
	},
	lang.CPP: {
		language: cpp.Language,
		imports:  []string{"preproc_include"}, importWord: "include",
		function: "function_definition", body: "compound_statement",
		comments: []string{"comment", "translation_unit"}, commentStarts: "/",
		symbols: []string{"preproc_include", "function_definition", "comment"},
	},
	lang.CSharp: {
		language: csharp.Language,
		imports:  []string{"using_directive"}, importWord: "using",
		comments: []string{"comment", "compilation_unit"}, commentStarts: "/",
		symbols: []string{"using_directive", "class_declaration", "comment"},
		opaque:  []string{"raw_string_literal"},
	},
	lang.Go: {
		language: golang.Language,
		imports:  []string{"import_declaration"}, importWord: "import",
		function: "function_declaration", body: "block", functionWord: "func",
		comments: []string{"comment", "source_file"}, commentStarts: "/",
		symbols: []string{"import_declaration", "function_declaration", "comment"},
		opaque:  []string{"raw_string_literal"},
		texts:   []string{"interpreted_string_literal"}, textPart: "interpreted_string_literal_content",
	},
	lang.Java: {
		language: java.Language,
		imports:  []string{"import_declaration"}, importWord: "import",
		comments: []string{"line_comment", "block_comment", "program"}, commentStarts: "/",
		symbols: []string{"import_declaration", "class_declaration", "line_comment", "block_comment"},
	},
	lang.JavaScript: {
		language: javascript.Language,
		imports:  []string{"import_statement"}, importWord: "import",
		function: "function_declaration", body: "statement_block", functionWord: "function",
		comments: []string{"comment", "program"}, commentStarts: "/<-",
		symbols: []string{
			"import_statement", "function_declaration", "generator_function_declaration", "class_declaration", "comment",
		},
		renamed: map[string]string{"html_comment": "comment"},
		texts:   []string{"template_string"}, textPart: "string_fragment",
	},
	lang.PHP: {
		language: php.LanguagePHP,
		imports:  []string{"namespace_use_declaration"}, // its keywords come in any case
		function: "function_definition", body: "compound_statement",
		symbols: []string{"namespace_use_declaration", "function_definition", "class_declaration", "comment"},
	},
	lang.Python: {
		language: python.Language,
		imports:  []string{"import_statement", "import_from_statement"}, importWord: "import",
		function: "function_definition", body: "block", functionWord: "def",
		comments: []string{"comment", "module"}, commentStarts: "#",
		symbols: []string{"import_statement", "function_definition", "class_definition", "comment"},
	},
	lang.Ruby: {
		language: ruby.Language,
		imports:  []string{"call"}, importWord: "require",
		function: "method", body: "body_statement", functionWord: "def",
		comments: []string{"comment", "program"}, commentStarts: "#=",
		symbols: []string{"module", "class", "comment", "call"},
	},
	lang.Rust: {
		language: rust.Language,
		imports:  []string{"use_declaration"}, importWord: "use",
		function: "function_item", body: "block", functionWord: "fn",
		comments: []string{"line_comment", "source_file"}, commentStarts: "/",
		symbols: []string{"use_declaration", "function_item", "line_comment", "block_comment"},
		opaque:  []string{"line_comment", "block_comment", "raw_string_literal"},
		texts:   []string{"string_literal"}, textPart: "string_content",
	},
	lang.Scala: {
		language: scala.Language,
		imports:  []string{"import_declaration"}, importWord: "import",
		function: "function_definition", body: "block", functionWord: "def",
		comments: []string{"comment", "//", "block_comment", "/*", "*/", "compilation_unit"}, commentStarts: "/#",
		symbols: []string{"import_declaration", "function_definition", "class_definition", "comment"},
	},
	lang.TypeScript: {
		language: typescript.LanguageTypescript,
		imports:  []string{"import_statement"}, importWord: "import",
		function: "function_declaration", body: "statement_block", functionWord: "function",
		comments: []string{"comment", "program"}, commentStarts: "/<-",
		symbols: []string{"import_statement", "function_declaration", "class_declaration", "comment"},
		renamed: map[string]string{"html_comment": "comment"},
		texts:   []string{"template_string", "template_literal_type"}, textPart: "string_fragment",
	},
	lang.Kotlin: {
		language: kotlin.Language,
		imports:  []string{"import_header"}, importWord: "import",
		comments: []string{"line_comment", "multiline_comment", "source_file"}, commentStarts: "/",
		symbols: []string{"import_header", "function_declaration", "class_declaration", "line_comment", "multiline_comment"},
		renamed: map[string]string{"import": "import_header", "block_comment": "multiline_comment"},
	},
}
