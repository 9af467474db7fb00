/* power.c: the straightforward C. */
#include <math.h>
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(power)(int64_t n, const double *a, const double *x, double *v) {
    double *t = malloc((size_t)n * sizeof *t);
    if (!t)
        return 1;
    for (int64_t i = 0; i < n; i++)
        v[i] = x[i];
    for (int step = 0; step < 10; step++) {
        double s = 0;
        for (int64_t i = 0; i < n; i++) {
            t[i] = 0;
            for (int64_t j = 0; j < n; j++)
                t[i] += a[i * n + j] * v[j];
        }
        for (int64_t i = 0; i < n; i++)
            s += t[i] * t[i];
        for (int64_t i = 0; i < n; i++)
            v[i] = t[i] / sqrt(s);
    }
    free(t);
    return 0;
}
