/* matvec_columns.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(matvec_columns)(int64_t n, int64_t m, const double *a, const double *x, double *y) {
    for (int64_t i = 0; i < n; i++)
        y[i] = 0;
    for (int64_t j = 0; j < m; j++)
        for (int64_t i = 0; i < n; i++)
            y[i] += a[i * m + j] * x[j];
    return 0;
}
