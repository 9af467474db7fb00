/* heat3.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(heat3)(int64_t n, int64_t m, int64_t p, const double *a, double *u) {
    double *next = malloc((size_t)(n * m * p) * sizeof *next);
    if (!next)
        return 1;
    for (int64_t i = 0; i < n * m * p; i++)
        u[i] = a[i];
    for (int step = 0; step < 4; step++) {
        for (int64_t i = 1; i < n - 1; i++)
            for (int64_t j = 1; j < m - 1; j++)
                for (int64_t k = 1; k < p - 1; k++) {
                    const double *c = u + (i * m + j) * p + k;
                    next[(i * m + j) * p + k] =
                        *c + 0.1 * (c[-m * p] + c[m * p] + c[-p] + c[p] + c[-1] + c[1] - 6.0 * *c);
                }
        for (int64_t i = 1; i < n - 1; i++)
            for (int64_t j = 1; j < m - 1; j++)
                for (int64_t k = 1; k < p - 1; k++)
                    u[(i * m + j) * p + k] = next[(i * m + j) * p + k];
    }
    free(next);
    return 0;
}
