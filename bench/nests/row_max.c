/* row_max.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(row_max)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        CHECK(0, m);
        r[i] = a[i * m];
        for (int64_t j = 1; j < m; j++)
            r[i] = MAX(r[i], a[i * m + j]);
    }
    return 0;
}
