/* merge.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(merge)(int64_t n, const double *a, int64_t m, const double *b, double *r) {
    int64_t i = 0, j = 0;
    for (int64_t k = 0; k < n + m; k++)
        if (j >= m || (i < n && a[i] <= b[j])) {
            CHECK(i, n);
            r[k] = a[i++];
        } else {
            CHECK(j, m);
            r[k] = b[j++];
        }
    return 0;
}
