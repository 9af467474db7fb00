/* vecmat.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(vecmat)(int64_t n, const double *x, int64_t m, const double *a, double *y) {
    for (int64_t j = 0; j < m; j++)
        y[j] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            y[j] += x[i] * a[i * m + j];
    return 0;
}
