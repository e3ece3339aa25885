// Package lang knows the programming languages that the code suggestions engine treats as such: how a file's language is told from its
// name and the editor's word for it, what the language is called, and how a comment is written in it
// (spec/code-suggestions.md 2 and 8.4).
package lang

// Language is one of the languages, or [None].
type Language uint8

// The languages.
const (
	None Language = iota // not known
	C
	CPP
	CSharp
	Go
	Java
	JavaScript
	PHP
	Python
	Ruby
	Rust
	Scala
	TypeScript
	Kotlin
)

// traits of a language.
type traits struct {
	label      string
	name       string
	extensions []string
	editorIDs  []string
	comment    func(text string) string
}

// languages is spec/code-suggestions.md 2.1, indexed by Language.
var languages = [...]traits{
	None:       {comment: plain},
	C:          {"c", "C", []string{"c", "h"}, []string{"c"}, starred},
	CPP:        {"cpp", "C++", []string{"cpp", "hpp", "c++", "h++", "cc", "hh", "C", "H"}, []string{"cpp"}, slashed},
	CSharp:     {"csharp", "C#", []string{"cs"}, []string{"csharp"}, slashed},
	Go:         {"go", "Go", []string{"go"}, []string{"go"}, slashed},
	Java:       {"java", "Java", []string{"java"}, []string{"java"}, slashed},
	JavaScript: {"js", "JavaScript", []string{"js", "jsx"}, []string{"javascript", "javascriptreact"}, slashed},
	PHP:        {"php", "PHP", []string{"php", "php3", "php4", "php5", "phps", "phpt"}, []string{"php"}, slashed},
	Python:     {"python", "Python", []string{"py"}, []string{"python"}, hashed},
	Ruby:       {"ruby", "Ruby", []string{"rb"}, []string{"ruby"}, hashed},
	Rust:       {"rust", "Rust", []string{"rs"}, []string{"rust"}, slashed},
	Scala:      {"scala", "Scala", []string{"scala"}, []string{"scala"}, slashed},
	TypeScript: {"ts", "TypeScript", []string{"ts", "tsx"}, []string{"typescript", "typescriptreact"}, slashed},
	Kotlin:     {"kotlin", "Kotlin", []string{"kts", "kt"}, []string{"kotlin"}, slashed},
}

// Label is the short name of the language that answers, logs and metrics carry ("js"); empty for None.
func (l Language) Label() string { return languages[l].label }

// Name is the language's name for people ("JavaScript"); empty for None.
func (l Language) Name() string { return languages[l].name }

// Comment makes a comment of text (spec/code-suggestions.md 8.4). One marker serves the whole text: except in C, only its first line
// becomes a comment. With None the text stays as it is.
func (l Language) Comment(text string) string { return languages[l].comment(text) }

func starred(text string) string { return "/* " + text + " */" }
func slashed(text string) string { return "// " + text }
func hashed(text string) string  { return "# " + text }
func plain(text string) string   { return text }
