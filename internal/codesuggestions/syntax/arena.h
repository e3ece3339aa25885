// Memory of one parse, with an upper limit. It is freed at once, also when the parse was left half-way.

#ifndef SYNTAX_ARENA_H
#define SYNTAX_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  CHUNK = 1 << 18, // bytes that are taken from the system at a time, at least
  SMALL = 1 << 10, // blocks up to this size come in steps of 16 bytes, larger ones in powers of two
  CLASSES = SMALL / 16 + 1 + 22,
};

typedef struct block block;
typedef struct chunk chunk;

typedef struct {
  size_t limit; // bytes
  bool closed;  // neither allocates nor frees any more
  jmp_buf left; // where to go when a call can't do what it should

  chunk *chunks;        // the newest first
  char *next, *end;     // what is left of it
  size_t taken;         // from the system
  block *free[CLASSES]; // blocks to use again, by size
} arena;

// Makes the thread that calls it allocate from a, until the next call. NULL: from the system.
void arena_use(arena *a);

// Frees all blocks, but not the oldest chunk, which the next parse begins with.
void arena_clear(arena *a);

// The allocator of the parser's runtime.
void *arena_malloc(size_t size);
void *arena_calloc(size_t count, size_t size);
void *arena_realloc(void *old, size_t size);
void arena_free(void *old);

#endif
