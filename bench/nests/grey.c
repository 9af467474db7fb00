/* grey.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(grey)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            const double *p = a + (i * m + j) * 3;
            r[i * m + j] = 0.3 * p[0] + 0.59 * p[1] + 0.11 * p[2];
        }
    return 0;
}
