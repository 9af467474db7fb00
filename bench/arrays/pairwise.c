/* pairwise.c: the straightforward C. */
#include <math.h>
#include "../naive.h"

int FUNCTION(pairwise)(int64_t n, int64_t k, const double *x, int64_t m, const double *y, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double s = 0;
            for (int64_t l = 0; l < k; l++) {
                double d = x[i * k + l] - y[j * k + l];
                s += d * d;
            }
            r[i * m + j] = sqrt(s);
        }
    return 0;
}
