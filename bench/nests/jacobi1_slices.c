/* jacobi1_slices.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(jacobi1_slices)(int64_t n, const double *x, double *a) {
    double *next = malloc((size_t)n * sizeof *next);
    if (!next)
        return 1;
    for (int64_t i = 0; i < n; i++)
        a[i] = x[i];
    for (int step = 0; step < 50; step++) {
        for (int64_t i = 1; i < n - 1; i++)
            next[i] = (a[i - 1] + a[i + 1]) * 0.5;
        for (int64_t i = 1; i < n - 1; i++)
            a[i] = next[i];
    }
    free(next);
    return 0;
}
