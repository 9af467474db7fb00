/* largest_columns.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(largest_columns)(int64_t n, int64_t m, const double *a, double *r) {
    CHECK(0, n);
    for (int64_t j = 0; j < m; j++)
        r[j] = a[j];
    for (int64_t i = 1; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[j] = a[i * m + j] > r[j] ? a[i * m + j] : r[j];
    return 0;
}
