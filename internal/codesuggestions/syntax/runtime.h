// One pass from source code to the head of its syntax tree. See runtime.go.

#ifndef SYNTAX_RUNTIME_H
#define SYNTAX_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  VISITED_MAX = 1000, // nodes of a walk
  KEPT_MAX = 2000,    // direct children, over all nodes whose children are asked for
};

// What to do at a node, other than to visit it.
enum {
  KEEP_CHILDREN = 1,
  SKIP_INSIDE = 2,  // visit nothing below it
  IS_TEXT = 4,
  SKIP_IN_TEXT = 8, // don't visit the node directly below one that IS_TEXT
};

typedef struct {
  uint32_t start, end; // bytes
  uint32_t start_row, start_column, end_row, end_column;
  uint32_t first_child; // in syntax_tree.children, where they are kept
  uint32_t kept;        // how many children are
  uint16_t kind;
  bool has_error;
} syntax_node;

typedef struct {
  uint32_t visited_count, children_count;
  syntax_node visited[VISITED_MAX]; // depth first
  syntax_node children[KEPT_MAX];
} syntax_tree;

void syntax_init(void);

// Makes memory for parsing: one parse at a time, and no more than limit bytes. NULL if there is none left.
void *syntax_new_arena(size_t limit);

// What came of a parse.
enum {
  PARSED,
  OVER_LIMIT,    // it would have taken too much time or memory
  PARSER_FAILED, // it ran into a mistake of the parser's own
};

// Parses source, which is valid UTF-8, in no more than cpu_ns nanoseconds of processor time, and walks the tree. ways[k]
// says what to do at nodes of kind k, of which there are kinds.
int syntax_parse(
  void *memory, const void *language, const char *source, uint32_t length, int64_t cpu_ns, const uint8_t *ways, uint32_t kinds,
  syntax_tree *out
);

#endif
