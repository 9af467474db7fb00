/* smooth_columns.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(smooth_columns)(int64_t n, int64_t m, const double *a, double k, double *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = a[i];
    for (int64_t j = 0; j < m; j++)
        for (int64_t i = 1; i < n; i++)
            r[i * m + j] = r[(i - 1) * m + j] + k * (a[i * m + j] - r[(i - 1) * m + j]);
    return 0;
}
