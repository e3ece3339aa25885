#include "arena.h"

#include <stdlib.h>
#include <string.h>

// What precedes the memory of a block.
struct block {
  uint32_t class;
  block *next; // while it is free
};

struct chunk {
  chunk *older;
  size_t size; // bytes, with this head
};

_Static_assert(sizeof(block) == 16 && sizeof(chunk) == 16, "memory is aligned to 16 bytes");

static _Thread_local arena *current;

void arena_use(arena *a) { current = a; }

static uint32_t class_of(size_t size) {
  if (size <= SMALL) return (size + 15) / 16;
  uint32_t class = SMALL / 16 + 1;
  for (size_t fits = 2 * SMALL; fits < size; fits *= 2) class++;
  return class;
}

static size_t size_of(uint32_t class) {
  const uint32_t steps = SMALL / 16;
  return class <= steps ? (size_t)class * 16 : (size_t)SMALL << (class - steps);
}

static void begin(arena *a, chunk *c) {
  a->next = (char *)(c + 1);
  a->end = (char *)c + c->size;
}

static void grow(arena *a, size_t need) {
  size_t size = sizeof(chunk) + need;
  if (size < CHUNK) size = CHUNK;
  chunk *added = a->taken + size <= a->limit ? malloc(size) : NULL;
  if (!added) longjmp(a->left, 1);
  *added = (chunk){.older = a->chunks, .size = size};
  a->chunks = added;
  a->taken += size;
  begin(a, added);
}

static void *allocate(arena *a, size_t size) {
  if (a->closed || size > a->limit) longjmp(a->left, 1);
  uint32_t class = class_of(size);
  block *b = a->free[class];
  if (b) {
    a->free[class] = b->next;
    return b + 1;
  }
  size_t need = sizeof(block) + size_of(class);
  if ((size_t)(a->end - a->next) < need) grow(a, need);
  b = (block *)a->next;
  a->next += need;
  b->class = class;
  return b + 1;
}

void arena_clear(arena *a) {
  while (a->chunks && a->chunks->older) {
    chunk *newest = a->chunks;
    a->chunks = newest->older;
    a->taken -= newest->size;
    free(newest);
  }
  if (a->chunks) begin(a, a->chunks);
  memset(a->free, 0, sizeof(a->free));
  a->closed = false;
}

void *arena_malloc(size_t size) { return current ? allocate(current, size) : malloc(size); }

void *arena_calloc(size_t count, size_t size) {
  if (!current) return calloc(count, size);
  if (size && count > SIZE_MAX / size) longjmp(current->left, 1);
  void *zeroed = allocate(current, count * size);
  return memset(zeroed, 0, count * size);
}

void *arena_realloc(void *old, size_t size) {
  if (!current) return realloc(old, size);
  if (!old) return allocate(current, size);
  size_t had = size_of(((block *)old - 1)->class);
  if (size <= had) return old;
  void *larger = allocate(current, size);
  memcpy(larger, old, had);
  arena_free(old);
  return larger;
}

void arena_free(void *old) {
  if (!current) {
    free(old);
  } else if (current->closed) {
    longjmp(current->left, 1);
  } else if (old) {
    block *b = (block *)old - 1;
    b->next = current->free[b->class];
    current->free[b->class] = b;
  }
}
