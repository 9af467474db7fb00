/* spread_rows.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(spread_rows)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double s = 0, v = 0;
        for (int64_t j = 0; j < m; j++)
            s += a[i * m + j];
        s /= (double)m;
        for (int64_t j = 0; j < m; j++) {
            double d = a[i * m + j] - s;
            v += d * d;
        }
        r[i] = v / (double)m;
    }
    return 0;
}
