/* alloc.c: counted buffers. The count stands in a header of 64 bytes before the data, which is
 * therefore aligned to a cache line. */
#include "runtime.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 64 };

int dtype_bytes(int dtype) {
    static const int bytes[] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8};
    return bytes[dtype];
}

int mnp_alloc(void *out, int64_t bytes, int64_t zeroed) {
    void **data = out;
    if (bytes < 0 || bytes > INT64_MAX - 2 * HEADER_BYTES)
        return error_set("MemoryError", "an array of %lld bytes", (long long)bytes);
    size_t size = ((size_t)bytes + 2 * HEADER_BYTES - 1) / HEADER_BYTES * HEADER_BYTES;
    char *memory = aligned_alloc(HEADER_BYTES, size);
    if (!memory)
        return error_set("MemoryError", "out of memory for %lld bytes", (long long)bytes);
    *(int64_t *)(void *)memory = 1;
    *data = memory + HEADER_BYTES;
    if (zeroed)
        memset(*data, 0, (size_t)bytes);
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
        ++*(int64_t *)(void *)((char *)data - HEADER_BYTES);
}

void mnp_release(void *data) {
    if (data && --*(int64_t *)(void *)((char *)data - HEADER_BYTES) == 0)
        free((char *)data - HEADER_BYTES);
}
