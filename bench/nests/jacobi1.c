/* jacobi1.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(jacobi1)(int64_t n, const double *a, double *r) {
    double *u = malloc((size_t)n * sizeof *u), *v = malloc((size_t)n * sizeof *v);
    if (!u || !v)
        return 1;
    for (int64_t i = 0; i < n; i++)
        u[i] = v[i] = a[i];
    for (int step = 0; step < 50; step++) {
        for (int64_t i = 1; i < n - 1; i++)
            v[i] = 0.5 * (u[i - 1] + u[i + 1]);
        double *other = u;
        u = v;
        v = other;
    }
    for (int64_t i = 0; i < n; i++)
        r[i] = u[i];
    free(u);
    free(v);
    return 0;
}
