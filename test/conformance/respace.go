package conformance

import (
	"encoding/json"
	"strings"
)

// respace writes every line that is a JSON object or list, alone or after "data: ", with one space after each colon and
// comma, the form in which the cases were recorded: spaces between JSON tokens are no part of the contract.
func respace(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		content := strings.TrimRight(line, "\r\n")
		document, isData := strings.CutPrefix(content, "data: ")
		if document == "" || (document[0] != '{' && document[0] != '[') || !json.Valid([]byte(document)) {
			b.WriteString(line)
			continue
		}
		if isData {
			b.WriteString("data: ")
		}
		writeSpaced(&b, document)
		b.WriteString(line[len(content):])
	}
	return b.String()
}

// writeSpaced writes a JSON document and leaves its texts as they are.
func writeSpaced(b *strings.Builder, document string) {
	inText, escaped := false, false
	for i := range len(document) {
		c := document[i]
		switch {
		case inText:
			inText = c != '"' || escaped
			escaped = c == '\\' && !escaped
		case c == ' ' || c == '\t':
			continue
		case c == '"':
			inText = true
		}
		b.WriteByte(c)
		if !inText && (c == ',' || c == ':') {
			b.WriteByte(' ')
		}
	}
}
