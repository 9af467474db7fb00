/* deriche.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(deriche)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double y = 0;
        for (int64_t j = 0; j < m; j++) {
            y = 0.4 * a[i * m + j] + 0.6 * y;
            r[i * m + j] = y;
        }
        y = 0;
        for (int64_t j = m - 1; j >= 0; j--) {
            y = 0.4 * a[i * m + j] + 0.6 * y;
            r[i * m + j] += y;
        }
    }
    return 0;
}
