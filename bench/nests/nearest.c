/* nearest.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(nearest)(int64_t n, const double *x, int64_t m, const double *y, int64_t *r) {
    for (int64_t i = 0; i < n; i++) {
        double best = 1e300;
        r[i] = 0;
        for (int64_t j = 0; j < m; j++) {
            double p = x[2 * i] - y[2 * j], q = x[2 * i + 1] - y[2 * j + 1], d = p * p + q * q;
            if (d < best) {
                best = d;
                r[i] = j;
            }
        }
    }
    return 0;
}
