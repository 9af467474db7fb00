/* spread_columns.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(spread_columns)(int64_t n, int64_t m, const double *a, double *r) {
    double *mean = calloc((size_t)m, sizeof *mean);
    if (!mean)
        return 1;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            mean[j] += a[i * m + j];
    for (int64_t j = 0; j < m; j++) {
        mean[j] /= (double)n;
        r[j] = 0;
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double d = a[i * m + j] - mean[j];
            r[j] += d * d;
        }
    for (int64_t j = 0; j < m; j++)
        r[j] /= (double)n;
    free(mean);
    return 0;
}
