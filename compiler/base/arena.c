/* arena.c: memory in chunks that are freed together. */
#include "base/base.h"

#include <stdlib.h>

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next;
    size_t used, capacity;
    _Alignas(16) unsigned char bytes[];
};

struct Arena {
    Chunk *chunks;
};

enum { CHUNK_BYTES = 256 * 1024, ALIGNMENT = 16 };

void *memory_new(size_t count, size_t size) {
    void *memory = calloc(count + !count, size);
    if (!memory)
        out_of_memory();
    return memory;
}

Arena *arena_new(void) {
    return memory_new(1, sizeof(Arena));
}

void arena_free(Arena *arena) {
    for (Chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(arena);
}

static Chunk *chunk_new(size_t size) {
    size_t capacity = size > CHUNK_BYTES ? size : CHUNK_BYTES;
    Chunk *chunk = memory_new(1, sizeof(Chunk) + capacity);
    chunk->capacity = capacity;
    return chunk;
}

void *arena_alloc(Arena *arena, size_t size) {
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    Chunk *chunk = arena->chunks;
    if (!chunk || chunk->capacity - chunk->used < size) {
        chunk = chunk_new(size);
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    void *memory = chunk->bytes + chunk->used;
    chunk->used += size;
    return memory;
}

char *arena_strndup(Arena *arena, const char *text, size_t length) {
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_printf(Arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    Text text = {0};
    text_vprintf(&text, format, arguments);
    va_end(arguments);
    char *copy = arena_strndup(arena, text.data ? text.data : "", text.length);
    text_free(&text);
    return copy;
}

void *arena_grow(Arena *arena, void *data, size_t element, int count, int *capacity) {
    *capacity = *capacity ? *capacity * 2 : 4;
    void *grown = arena_alloc(arena, element * (size_t)*capacity);
    if (count)
        memcpy(grown, data, element * (size_t)count);
    return grown;
}
