/* stencil7.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(stencil7)(int64_t n, int64_t m, int64_t p, const double *u, double *v) {
    for (int64_t i = 0; i < n * m * p; i++)
        v[i] = 0;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++)
            for (int64_t k = 1; k < p - 1; k++) {
                const double *c = u + (i * m + j) * p + k;
                v[(i * m + j) * p + k] = 0.5 * *c + 0.08 * (c[-m * p] + c[m * p] + c[-p] + c[p] + c[-1] + c[1]);
            }
    return 0;
}
