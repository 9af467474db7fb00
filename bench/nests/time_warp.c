/* time_warp.c: the straightforward C. */
#include "../naive.h"

#include <math.h>

int FUNCTION(time_warp)(int64_t n, const double *a, int64_t m, const double *b, double *d) {
    int64_t w = m + 1;
    d[0] = 0;
    for (int64_t i = 1; i <= n; i++)
        d[i * w] = 1e300;
    for (int64_t j = 1; j <= m; j++)
        d[j] = 1e300;
    for (int64_t i = 1; i <= n; i++)
        for (int64_t j = 1; j <= m; j++) {
            double least = d[(i - 1) * w + j];
            least = MIN(d[i * w + j - 1], least);
            least = MIN(d[(i - 1) * w + j - 1], least);
            d[i * w + j] = fabs(a[i - 1] - b[j - 1]) + least;
        }
    return 0;
}
