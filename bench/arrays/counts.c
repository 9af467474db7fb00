/* counts.c: the straightforward C, which finds the largest first, as bincount does. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(counts)(int64_t n, const int64_t *a, int64_t *r) {
    int64_t size = 256;
    for (int64_t i = 0; i < n; i++) {
        if (a[i] < 0)
            return 1;
        size = MAX(size, a[i] + 1);
    }
    int64_t *counts = calloc((size_t)size, sizeof *counts);
    if (!counts)
        return 1;
    for (int64_t i = 0; i < n; i++) {
        CHECK(a[i], size);
        counts[a[i]]++;
    }
    for (int64_t i = 0; i < 256; i++)
        r[i] = counts[i];
    free(counts);
    return 0;
}
