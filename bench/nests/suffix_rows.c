/* suffix_rows.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(suffix_rows)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = a[i];
    for (int64_t i = n - 2; i >= 0; i--)
        for (int64_t j = 0; j < m; j++)
            r[i * m + j] += r[(i + 1) * m + j];
    return 0;
}
