/* thomas.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(thomas)(int64_t n, const double *a, const double *b, const double *c, const double *d, double *x) {
    double *p = malloc(sizeof *p * (size_t)n);
    x[0] = d[0] / (b[0] + 4.0);
    p[0] = c[0] / (b[0] + 4.0);
    for (int64_t i = 1; i < n; i++) {
        double m = 1.0 / (b[i] + 4.0 - a[i] * p[i - 1]);
        p[i] = c[i] * m;
        x[i] = (d[i] - a[i] * x[i - 1]) * m;
    }
    for (int64_t i = n - 2; i >= 0; i--)
        x[i] -= p[i] * x[i + 1];
    free(p);
    return 0;
}
