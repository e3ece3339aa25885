#include "runtime.h"

#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
  PIECE = 512,           // bytes
  CHECK_EVERY = 1 << 16, // bytes
};

// What follows is of tree_sitter/api.h, version 0.25, whose header can't be reached from another Go module. The functions come with
// package go-tree-sitter. They are weak because cgo links each package alone first, as a trial.

#define RUNTIME __attribute__((weak)) extern

typedef struct TSLanguage TSLanguage;
typedef struct TSParser TSParser;
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
RUNTIME void ts_parser_reset(TSParser *);
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

void syntax_init(void) { ts_set_allocator(arena_malloc, arena_calloc, arena_realloc, arena_free); }

void *syntax_new_arena(size_t limit) {
  arena *a = calloc(1, sizeof(arena));
  if (a) a->limit = limit;
  return a;
}

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

static bool starts_character(char byte) { return (byte & 0xC0) != 0x80; }

// Gives the parser a small piece of the text at a time, to keep an eye on it: one step can read the whole text again for each character
// that it doesn't know. When time is over, the text ends.
//
// Pieces hold whole characters. The parser would ask for more of a broken one, and doesn't expect the text to end there.
static const char *read_piece(void *payload, uint32_t from, TSPoint position, uint32_t *bytes_read) {
  (void)position;
  reading *r = payload;
  *bytes_read = 0;
  if (r->over || from >= r->length) return "";
  if (r->unchecked > CHECK_EVERY) {
    r->unchecked = 0;
    if (is_over(r)) return "";
  }
  uint32_t to = r->length;
  if (to - from > PIECE) {
    to = from + PIECE;
    while (!starts_character(r->source[to])) to--;
  }
  *bytes_read = to - from;
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
static bool advance(TSTreeCursor *cursor, bool descend, uint32_t *depth) {
  if (descend && ts_tree_cursor_goto_first_child(cursor)) {
    ++*depth;
    return true;
  }
  while (!ts_tree_cursor_goto_next_sibling(cursor)) {
    if (!ts_tree_cursor_goto_parent(cursor)) return false;
    --*depth;
  }
  return true;
}

static void walk(TSNode root, const uint8_t *ways, uint32_t kinds, syntax_tree *out) {
  TSTreeCursor cursor = ts_tree_cursor_new(root), children = ts_tree_cursor_new(root);
  uint8_t way, above[VISITED_MAX + 1] = {0}; // the ways at the nodes above, from 1
  uint32_t depth = 0;
  bool descend;
  do {
    TSNode node = ts_tree_cursor_current_node(&cursor);
    syntax_node described = describe(node);
    way = described.kind < kinds ? ways[described.kind] : 0;
    descend = false;
    if ((way & SKIP_IN_TEXT) && (above[depth] & IS_TEXT)) continue;
    if (way & KEEP_CHILDREN) keep_children(&described, node, &children, out);
    out->visited[out->visited_count++] = described;
    above[depth + 1] = way;
    descend = !(way & SKIP_INSIDE);
  } while (out->visited_count < VISITED_MAX && advance(&cursor, descend, &depth));
  ts_tree_cursor_delete(&cursor);
  ts_tree_cursor_delete(&children);
}

static bool parse(TSParser *parser, const TSLanguage *language, reading *r, const uint8_t *ways, uint32_t kinds, syntax_tree *out) {
  if (!ts_parser_set_language(parser, language)) return false;
  TSInput input = {.payload = r, .read = read_piece, .encoding = TSInputEncodingUTF8};
  TSParseOptions options = {.payload = r, .progress_callback = stop};
  TSTree *tree = ts_parser_parse_with_options(parser, NULL, input, options);
  if (tree && !r->over) walk(ts_tree_root_node(tree), ways, kinds, out);
  if (tree) ts_tree_delete(tree);
  return !r->over;
}

// Where a failed assertion of the parser goes on this thread.
static _Thread_local jmp_buf *broken;

// Takes the place of the C library's own. Some texts make a grammar's scanner fail an assertion, and no text may end the process: Ruby's
// does with a heredoc whose word is longer than 255 letters.
__attribute__((weak, noreturn)) void __assert_fail(const char *assertion, const char *file, unsigned line, const char *function) {
  if (broken) longjmp(*broken, 1);
  fprintf(stderr, "%s:%u: %s: assertion %s failed\n", file, line, function, assertion);
  abort();
}

// Frees what a parser holds outside of the arena, which is what the scanner of its grammar knows. That is the first thing that resetting
// does. The parser may be in the middle of a change, so resetting ends where it would touch the arena.
static void abandon(TSParser *parser, arena *a, jmp_buf *failed) {
  a->closed = true;
  if (parser && !setjmp(a->left) && !setjmp(*failed)) ts_parser_reset(parser);
}

int syntax_parse(
  void *memory, const void *language, const char *source, uint32_t length, int64_t cpu_ns, const uint8_t *ways, uint32_t kinds,
  syntax_tree *out
) {
  arena *a = memory;
  if (!a) return OVER_LIMIT;
  reading r = {.source = source, .length = length, .end = worked_ns() + cpu_ns};
  // Each parse has a parser of its own: one that was stopped can't always be used again.
  TSParser *volatile parser = NULL;
  volatile int result;
  jmp_buf failed;

  out->visited_count = out->children_count = 0;
  arena_use(a);
  broken = &failed;
  if (setjmp(failed)) {
    result = PARSER_FAILED;
    abandon(parser, a, &failed);
  } else if (setjmp(a->left)) {
    result = OVER_LIMIT;
    abandon(parser, a, &failed);
  } else {
    parser = ts_parser_new();
    result = parse(parser, language, &r, ways, kinds, out) ? PARSED : OVER_LIMIT;
    ts_parser_delete(parser);
  }
  broken = NULL;
  arena_clear(a);
  arena_use(NULL);
  return result;
}
