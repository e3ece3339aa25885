package lang

import "strings"

// Of is the language of a file: that of its extension, or, only where the extension tells nothing, the one that the editor's
// language identifier names ("typescriptreact"; empty when the editor sent none). Both are case-sensitive (spec/code-suggestions.md 2.3).
func Of(fileName, languageIdentifier string) Language {
	if l := OfFile(fileName); l != None {
		return l
	}
	return byEditorID[languageIdentifier]
}

// OfFile is the language of a file by its extension alone.
func OfFile(fileName string) Language { return byExtension[Extension(fileName)] }

// Extension is the part of a file's name behind its last dot, by the rules of POSIX paths whatever the client's platform
// (spec/code-suggestions.md 2.2). A dot that starts or ends the name doesn't count: ".py" has no extension.
func Extension(fileName string) string {
	name := baseName(fileName)
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 || dot == len(name)-1 {
		return ""
	}
	return name[dot+1:]
}

// baseName is the last segment of a path that is neither empty nor ".".
func baseName(path string) string {
	for {
		slash := strings.LastIndexByte(path, '/')
		if name := path[slash+1:]; name != "" && name != "." {
			return name
		}
		if slash < 0 {
			return ""
		}
		path = path[:slash]
	}
}

var (
	byExtension = index(func(t traits) []string { return t.extensions })
	byEditorID  = index(func(t traits) []string { return t.editorIDs })
)

// index maps the keys of each language to it.
func index(keys func(traits) []string) map[string]Language {
	byKey := make(map[string]Language)
	for l, t := range languages {
		for _, key := range keys(t) {
			byKey[key] = Language(l)
		}
	}
	return byKey
}
