/* taken.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(taken)(int64_t n, const double *a, int64_t m, const int64_t *at, double *r) {
    for (int64_t i = 0; i < m; i++) {
        int64_t k = at[i] < 0 ? at[i] + n : at[i];
        CHECK(k, n);
        r[i] = a[k];
    }
    return 0;
}
