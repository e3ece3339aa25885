#include "runtime.h"

#include <stddef.h>
#include <time.h>

enum {
  PIECE = 512,           // bytes
  CHECK_EVERY = 1 << 16, // bytes
};

// What follows is of tree_sitter/api.h, version 0.25, whose header can't be reached from another Go module. The functions come with
// package go-tree-sitter. They are weak because cgo links each package alone first, as a trial.

#define RUNTIME __attribute__((weak)) extern

typedef struct TSTree TSTree;

typedef struct {
  uint32_t row, column;
} TSPoint;

typedef struct {
  uint32_t context[4];
  const void *id;
  const TSTree *tree;
} TSNode;

typedef struct {
  const void *tree, *id;
  uint32_t context[3];
} TSTreeCursor;

typedef enum { TSInputEncodingUTF8 } TSInputEncoding;

typedef struct {
  void *payload;
  const char *(*read)(void *payload, uint32_t byte_index, TSPoint position, uint32_t *bytes_read);
  TSInputEncoding encoding;
  uint32_t (*decode)(const uint8_t *string, uint32_t length, int32_t *code_point);
} TSInput;

typedef struct {
  void *payload;
  uint32_t current_byte_offset;
  bool has_error;
} TSParseState;

typedef struct {
  void *payload;
  bool (*progress_callback)(TSParseState *state);
} TSParseOptions;

RUNTIME void ts_set_allocator(
  void *(*)(size_t), void *(*)(size_t, size_t), void *(*)(void *, size_t), void (*)(void *)
);
RUNTIME TSParser *ts_parser_new(void);
RUNTIME bool ts_parser_set_language(TSParser *, const TSLanguage *);
RUNTIME void ts_parser_delete(TSParser *);
RUNTIME TSTree *ts_parser_parse_with_options(TSParser *, const TSTree *, TSInput, TSParseOptions);
RUNTIME void ts_tree_delete(TSTree *);
RUNTIME TSNode ts_tree_root_node(const TSTree *);
RUNTIME TSTreeCursor ts_tree_cursor_new(TSNode);
RUNTIME void ts_tree_cursor_reset(TSTreeCursor *, TSNode);
RUNTIME void ts_tree_cursor_delete(TSTreeCursor *);
RUNTIME TSNode ts_tree_cursor_current_node(const TSTreeCursor *);
RUNTIME bool ts_tree_cursor_goto_first_child(TSTreeCursor *);
RUNTIME bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *);
RUNTIME bool ts_tree_cursor_goto_parent(TSTreeCursor *);
RUNTIME uint16_t ts_node_symbol(TSNode);
RUNTIME bool ts_node_has_error(TSNode);
RUNTIME uint32_t ts_node_start_byte(TSNode);
RUNTIME uint32_t ts_node_end_byte(TSNode);
RUNTIME TSPoint ts_node_start_point(TSNode);
RUNTIME TSPoint ts_node_end_point(TSNode);

void syntax_use_c_allocator(void) { ts_set_allocator(NULL, NULL, NULL, NULL); }

TSParser *syntax_new_parser(void) { return ts_parser_new(); }

void syntax_delete_parser(TSParser *parser) { ts_parser_delete(parser); }

bool syntax_set_language(TSParser *parser, const void *language) { return ts_parser_set_language(parser, language); }

// A text on its way to the parser.
typedef struct {
  const char *source;
  uint32_t length;
  uint32_t unchecked; // bytes read since the clock was looked at
  int64_t end;        // on the clock of this thread
  bool over;
} reading;

// The time that this thread has worked. A busy machine doesn't make it run faster, so it doesn't change what is found in a text either.
static int64_t worked_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_over(reading *r) {
  if (!r->over) r->over = worked_ns() > r->end;
  return r->over;
}

// Asked by the parser every hundred steps.
static bool stop(TSParseState *state) { return is_over(state->payload); }

// Gives the parser a small piece at a time. One step of it can read the whole text again for each character that it doesn't know, and
// isn't interrupted by anything but an early end of the text.
static const char *read_piece(void *payload, uint32_t from, TSPoint position, uint32_t *bytes_read) {
  (void)position;
  reading *r = payload;
  *bytes_read = 0;
  if (r->over || from >= r->length) return "";

  if (r->unchecked > CHECK_EVERY) {
    r->unchecked = 0;
    if (is_over(r)) return "";
  }
  *bytes_read = r->length - from < PIECE ? r->length - from : PIECE;
  r->unchecked += *bytes_read;
  return r->source + from;
}

static syntax_node describe(TSNode node) {
  TSPoint start = ts_node_start_point(node), end = ts_node_end_point(node);
  return (syntax_node){
    .start = ts_node_start_byte(node),
    .end = ts_node_end_byte(node),
    .start_row = start.row,
    .start_column = start.column,
    .end_row = end.row,
    .end_column = end.column,
    .kind = ts_node_symbol(node),
    .has_error = ts_node_has_error(node),
  };
}

static void keep_children(syntax_node *parent, TSNode node, TSTreeCursor *cursor, syntax_tree *out) {
  parent->first_child = out->children_count;
  ts_tree_cursor_reset(cursor, node);
  bool more = ts_tree_cursor_goto_first_child(cursor);
  for (; more && out->children_count < KEPT_MAX; more = ts_tree_cursor_goto_next_sibling(cursor)) {
    out->children[out->children_count++] = describe(ts_tree_cursor_current_node(cursor));
  }
  parent->kept = out->children_count - parent->first_child;
}

// Goes to the next node, depth first.
static bool advance(TSTreeCursor *cursor, bool descend) {
  if (descend && ts_tree_cursor_goto_first_child(cursor)) return true;
  while (!ts_tree_cursor_goto_next_sibling(cursor)) {
    if (!ts_tree_cursor_goto_parent(cursor)) return false;
  }
  return true;
}

static void walk(TSNode root, const uint8_t *ways, uint32_t kinds, syntax_tree *out) {
  TSTreeCursor cursor = ts_tree_cursor_new(root), children = ts_tree_cursor_new(root);
  uint8_t way;
  do {
    TSNode node = ts_tree_cursor_current_node(&cursor);
    syntax_node *visited = &out->visited[out->visited_count++];
    *visited = describe(node);
    way = visited->kind < kinds ? ways[visited->kind] : 0;
    if (way & KEEP_CHILDREN) keep_children(visited, node, &children, out);
  } while (out->visited_count < VISITED_MAX && advance(&cursor, !(way & SKIP_INSIDE)));
  ts_tree_cursor_delete(&cursor);
  ts_tree_cursor_delete(&children);
}

bool syntax_parse(
  TSParser *parser, const char *source, uint32_t length, int64_t cpu_ns, const uint8_t *ways, uint32_t kinds, syntax_tree *out
) {
  reading r = {.source = source, .length = length, .end = worked_ns() + cpu_ns};
  TSInput input = {.payload = &r, .read = read_piece, .encoding = TSInputEncodingUTF8};
  TSParseOptions options = {.payload = &r, .progress_callback = stop};

  out->visited_count = out->children_count = 0;
  TSTree *tree = ts_parser_parse_with_options(parser, NULL, input, options);
  if (tree && !r.over) walk(ts_tree_root_node(tree), ways, kinds, out);
  if (tree) ts_tree_delete(tree);
  return !r.over;
}
