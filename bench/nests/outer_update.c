/* outer_update.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(outer_update)(int64_t n, int64_t m, const double *a, const double *x, const double *y, double *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = a[i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[i * m + j] += x[i] * y[j];
    return 0;
}
