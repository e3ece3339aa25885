package syntax

/*
#cgo CFLAGS: -std=c11 -D_POSIX_C_SOURCE=200112L
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
#include "runtime.h"
*/
import "C"

import (
	"time"
	"unsafe"
)

// Why there is C here: go-tree-sitter calls from Go into C for each property of each node, and from C back into Go for each allocation of
// the parser. For 3 KB of code that takes three times as long as parsing it. runtime.c does all of it in one call, with go-tree-sitter's
// own runtime, and leaves nothing behind that would have to be freed.
func init() { C.syntax_use_c_allocator() }

// parser parses one text at a time.
type parser struct {
	runtime *C.TSParser
	grammar *grammar // that the runtime is set to
	found   C.syntax_tree
}

func newParser() *parser { return &parser{runtime: C.syntax_new_parser()} }

func (p *parser) close() { C.syntax_delete_parser(p.runtime) }

// parse is the tree of source; false if there is none after limit of work, and the parser must be closed.
func (p *parser) parse(g *grammar, source string, limit time.Duration) (*Tree, bool) {
	if p.grammar != g {
		if !C.syntax_set_language(p.runtime, g.language()) {
			return nil, false
		}
		p.grammar = g
	}
	kinds := g.kinds()
	text := (*C.char)(unsafe.Pointer(unsafe.StringData(source)))
	ways := (*C.uint8_t)(unsafe.SliceData(kinds.ways))
	if !C.syntax_parse(p.runtime, text, C.uint32_t(len(source)), C.int64_t(limit), ways, C.uint32_t(len(kinds.ways)), &p.found) {
		return nil, false
	}
	t := &Tree{
		kinds:    kinds,
		source:   source,
		visited:  copyNodes(&p.found.visited[0], p.found.visited_count),
		children: copyNodes(&p.found.children[0], p.found.children_count),
	}
	t.endLineComments()
	return t, true
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
)

func copyNodes(first *C.syntax_node, count C.uint32_t) []node {
	return append([]node(nil), unsafe.Slice((*node)(unsafe.Pointer(first)), int(count))...)
}
