/* box_blur.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(box_blur)(int64_t n, int64_t m, const double *a, int64_t radius, double *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = 0;
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t j = 0; j < 2 * radius && j < m; j++)
            s += a[i * m + j];
        for (int64_t j = radius; j < m - radius; j++) {
            s += a[i * m + j + radius];
            r[i * m + j] = s / (double)(2 * radius + 1);
            s -= a[i * m + j - radius];
        }
    }
    return 0;
}
