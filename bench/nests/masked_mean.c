/* masked_mean.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(masked_mean)(int64_t n, int64_t m, const double *a, const uint8_t *keep, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        int64_t c = 0;
        for (int64_t j = 0; j < m; j++)
            if (keep[i * m + j] != 0) {
                s += a[i * m + j];
                c++;
            }
        r[i] = c > 0 ? s / (double)c : 0.0;
    }
    return 0;
}
