// One pass from source code to the head of its syntax tree. See runtime.go.

#ifndef SYNTAX_RUNTIME_H
#define SYNTAX_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>

enum {
  VISITED_MAX = 1000, // nodes of a walk
  KEPT_MAX = 2000,    // direct children, over all nodes whose children are asked for
};

// What to do at a node, besides visiting it.
enum {
  KEEP_CHILDREN = 1,
  SKIP_INSIDE = 2, // visit nothing below it
};

typedef struct TSParser TSParser;
typedef struct TSLanguage TSLanguage;

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

void syntax_use_c_allocator(void);
TSParser *syntax_new_parser(void);
void syntax_delete_parser(TSParser *parser);
bool syntax_set_language(TSParser *parser, const void *language);

// Parses source and walks the tree. ways[k] says what to do at nodes of kind k, of which there are kinds. False when parsing takes
// more than cpu_ns nanoseconds of processor time; the parser must then be deleted, since it can't always be used again.
bool syntax_parse(
  TSParser *parser, const char *source, uint32_t length, int64_t cpu_ns, const uint8_t *ways, uint32_t kinds, syntax_tree *out
);

#endif
