/* wave.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(wave)(int64_t n, const double *a, const double *b, double *r) {
    double *space = malloc((size_t)(3 * n) * sizeof *space), *before = space, *now = space + n, *after = now + n;
    if (!space)
        return 1;
    for (int64_t i = 0; i < n; i++) {
        before[i] = a[i];
        now[i] = b[i];
    }
    for (int step = 0; step < 20; step++) {
        for (int64_t i = 0; i < n; i++)
            after[i] = 0;
        for (int64_t i = 1; i < n - 1; i++)
            after[i] = 2.0 * now[i] - before[i] + 0.3 * (now[i - 1] - 2.0 * now[i] + now[i + 1]);
        double *free_one = before;
        before = now;
        now = after;
        after = free_one;
    }
    for (int64_t i = 0; i < n; i++)
        r[i] = now[i];
    free(space);
    return 0;
}
