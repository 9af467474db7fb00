/* reversed_rows.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(reversed_rows)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[i * m + j] = a[(n - 1 - i) * m + m - 1 - j] + a[i * m + j];
    return 0;
}
