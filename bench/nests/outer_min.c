/* outer_min.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(outer_min)(int64_t n, const double *x, int64_t m, const double *y, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double p = x[i] * y[j];
            r[i * m + j] = (p < 0.25 ? p : 0.25) + y[j];
        }
    return 0;
}
