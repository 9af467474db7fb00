/* covariance.c: the straightforward C. */
#include <stdlib.h>
#include "../naive.h"

int FUNCTION(covariance)(int64_t n, int64_t m, const double *a, double *c) {
    double *mean = calloc((size_t)m, sizeof *mean);
    if (!mean)
        return 1;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            mean[j] += a[i * m + j];
    for (int64_t j = 0; j < m; j++)
        mean[j] /= (double)n;
    for (int64_t p = 0; p < m; p++)
        for (int64_t q = 0; q < m; q++) {
            c[p * m + q] = 0;
            for (int64_t i = 0; i < n; i++)
                c[p * m + q] += (a[i * m + p] - mean[p]) * (a[i * m + q] - mean[q]);
        }
    free(mean);
    return 0;
}
