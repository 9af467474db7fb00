/* alloc.c: counted buffers. The count stands in a header of 64 bytes before the data, which is
 * therefore aligned to a cache line. */
#include "runtime.h"

#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 64 };

int dtype_bytes(int dtype) {
    static const int bytes[] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 8, 16};
    return bytes[dtype];
}

/* A program keeps what it gave back: an array that is made again in a loop does not ask the system for pages again,
 * which costs more than most loops over it. A file that may not grow is a failed write, as in Python, and not the end. A
 * library leaves its host's settings alone. */
void process_start(void) {
    signal(SIGXFSZ, SIG_IGN);
#ifdef __GLIBC__
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

/* The header of a buffer. */
typedef struct {
    int64_t count;
    void *block;                 /* what malloc gave */
    void (*drop)(void *data);    /* gives back what the data holds, or NULL */
} Header;

static Header *header_of(void *data) {
    return (Header *)(void *)((char *)data - HEADER_BYTES);
}

/* Aligned here and not by the C library, whose aligned blocks, given back, are too short for the next of their size. */
int mnp_alloc(void *out, int64_t bytes, int64_t zeroed) {
    void **data = out;
    if (bytes < 0 || bytes > INT64_MAX - 2 * HEADER_BYTES)
        return error_set("MemoryError", "an array of %lld bytes", (long long)bytes);
    size_t size = (size_t)bytes + 2 * HEADER_BYTES;
    char *block = zeroed ? calloc(size, 1) : malloc(size);
    if (!block)
        return error_set("MemoryError", "out of memory for %lld bytes", (long long)bytes);
    *data = block + HEADER_BYTES + (HEADER_BYTES - (uintptr_t)block % HEADER_BYTES) % HEADER_BYTES;
    *header_of(*data) = (Header){1, block, NULL};
    return 0;
}

void *mnp_new(int64_t bytes, int64_t zeroed, void *where) {
    void *data = NULL;
    if (mnp_alloc(&data, bytes, zeroed))
        mnp_at(where);
    return data;
}

int counted_new(void *out, int64_t bytes, void (*drop)(void *data)) {
    if (mnp_alloc(out, bytes, 1))
        return 1;
    header_of(*(void **)out)->drop = drop;
    return 0;
}

void mnp_zero(void *value) {
    const mnp_array *array = value;
    size_t bytes = (size_t)dtype_bytes(array->dtype);
    for (int axis = 0; axis < array->rank; axis++)
        bytes *= (size_t)array->shape[axis];
    if (bytes)
        memset(array->data, 0, bytes);
}

void mnp_retain(void *data) {
    if (data)
        header_of(data)->count++;
}

void mnp_release(void *data) {
    if (!data || --header_of(data)->count)
        return;
    if (header_of(data)->drop)
        header_of(data)->drop(data);
    free(header_of(data)->block);
}
