/* leapfrog2.c: the straightforward C. */
#include "../naive.h"

#include <stdlib.h>

int FUNCTION(leapfrog2)(int64_t n, int64_t m, const double *a, const double *b, int64_t steps, double *u) {
    double *v = malloc((size_t)(n * m) * sizeof *v);
    if (!v)
        return 1;
    for (int64_t i = 0; i < n * m; i++) {
        u[i] = a[i];
        v[i] = b[i];
    }
    for (int64_t step = 0; step < steps; step++) {
        for (int64_t i = 1; i < n - 1; i++)
            for (int64_t j = 1; j < m - 1; j++)
                v[i * m + j] += 0.1 * (u[(i - 1) * m + j] + u[(i + 1) * m + j] + u[i * m + j - 1] + u[i * m + j + 1] -
                                       4.0 * u[i * m + j]);
        for (int64_t i = 1; i < n - 1; i++)
            for (int64_t j = 1; j < m - 1; j++)
                u[i * m + j] += 0.5 * v[i * m + j];
    }
    free(v);
    return 0;
}
