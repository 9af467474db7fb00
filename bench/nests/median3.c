/* median3.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(median3)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = a[i];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            double x = a[i * m + j - 1], y = a[i * m + j], z = a[i * m + j + 1];
            double low = MIN(x, y), high = MAX(x, y), middle = MIN(high, z);
            r[i * m + j] = MAX(low, middle);
        }
    return 0;
}
