/* picked_rows.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(picked_rows)(int64_t n, int64_t m, const double *a, const int64_t *p, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            int64_t row = p[i] < 0 ? p[i] + n : p[i];
            CHECK(row, n);
            r[i * m + j] = a[row * m + j];
        }
    return 0;
}
