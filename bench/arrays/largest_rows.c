/* largest_rows.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(largest_rows)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        CHECK(0, m);
        r[i] = a[i * m];
        for (int64_t j = 1; j < m; j++)
            r[i] = a[i * m + j] > r[i] ? a[i * m + j] : r[i];
    }
    return 0;
}
