/* tridiagonal.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(tridiagonal)(int64_t n, const double *a, const double *b, const double *c, const double *d, double *x) {
    double *p = malloc((size_t)n * sizeof *p), q = 0, w = 0;
    if (!p)
        return 1;
    for (int64_t i = 0; i < n; i++) {
        double m = b[i] + 4.0 - a[i] * w;
        w = c[i] / m;
        q = (d[i] - a[i] * q) / m;
        p[i] = w;
        x[i] = q;
    }
    for (int64_t i = n - 2; i >= 0; i--)
        x[i] -= p[i] * x[i + 1];
    free(p);
    return 0;
}
