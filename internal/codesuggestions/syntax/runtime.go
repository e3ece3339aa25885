package syntax

/*
#cgo CFLAGS: -std=c11 -D_POSIX_C_SOURCE=200112L
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
#include "runtime.h"
*/
import "C"

import "unsafe"

// Why there is C here: go-tree-sitter calls from Go into C for each property of each node, and from C back into Go for each allocation of
// the parser. For 3 KB of code that takes three times as long as parsing it. runtime.c does all of it in one call, with go-tree-sitter's
// own runtime, and leaves nothing behind that would have to be freed.
func init() { C.syntax_init() }

// parser parses one text at a time.
type parser struct {
	memory unsafe.Pointer
	found  C.syntax_tree
}

func newParser() *parser { return &parser{memory: C.syntax_new_arena(maxMemory)} }

// parse is the tree of source. The error is [ErrTooComplex] or [ErrParser].
func (p *parser) parse(g *grammar, source string) (*Tree, error) {
	kinds := g.kinds()
	text := (*C.char)(unsafe.Pointer(unsafe.StringData(source)))
	ways := (*C.uint8_t)(unsafe.SliceData(kinds.ways))
	switch C.syntax_parse(
		p.memory, g.language(), text, C.uint32_t(len(source)), C.int64_t(maxWork), ways, C.uint32_t(len(kinds.ways)), &p.found,
	) {
	case C.OVER_LIMIT:
		return nil, ErrTooComplex
	case C.PARSER_FAILED:
		return nil, ErrParser
	}
	t := &Tree{
		kinds:    kinds,
		source:   source,
		visited:  copyNodes(&p.found.visited[0], p.found.visited_count),
		children: copyNodes(&p.found.children[0], p.found.children_count),
	}
	t.endLineComments()
	return t, nil
}

// node is a C.syntax_node.
type node struct {
	start, end                               uint32 // bytes
	startRow, startColumn, endRow, endColumn uint32
	firstChild, kept                         uint32
	kind                                     uint16
	hasError                                 bool
}

// They have the same size.
var (
	_ [unsafe.Sizeof(node{}) - unsafe.Sizeof(C.syntax_node{})]struct{}
	_ [unsafe.Sizeof(C.syntax_node{}) - unsafe.Sizeof(node{})]struct{}
)

// What to do at a node.
const (
	keepChildren = C.KEEP_CHILDREN
	skipInside   = C.SKIP_INSIDE
	isText       = C.IS_TEXT
	skipInText   = C.SKIP_IN_TEXT
)

func copyNodes(first *C.syntax_node, count C.uint32_t) []node {
	return append([]node(nil), unsafe.Slice((*node)(unsafe.Pointer(first)), int(count))...)
}
