/* diagonal_sums.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(diagonal_sums)(int64_t n, const double *a, double *r) {
    for (int64_t i = 0; i < 2 * n - 1; i++)
        r[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            r[i + j] += a[i * n + j];
    return 0;
}
