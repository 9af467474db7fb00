/* integral_image.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(integral_image)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t j = 0; j < m; j++) {
            s += a[i * m + j];
            r[i * m + j] = i > 0 ? s + r[(i - 1) * m + j] : s;
        }
    }
    return 0;
}
