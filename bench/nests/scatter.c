/* scatter.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(scatter)(int64_t m, const double *a, const int64_t *at, int64_t n, double *r) {
    for (int64_t i = 0; i < n; i++)
        r[i] = 0;
    for (int64_t i = 0; i < m; i++) {
        int64_t k = at[i] < 0 ? at[i] + n : at[i];
        CHECK(k, n);
        r[k] += a[i];
    }
    return 0;
}
