/* dilate.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(dilate)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n * m; i++)
        r[i] = a[i];
    for (int64_t i = 2; i < n - 2; i++)
        for (int64_t j = 2; j < m - 2; j++) {
            double x = a[i * m + j];
            for (int64_t p = -2; p < 3; p++)
                for (int64_t q = -2; q < 3; q++)
                    x = MAX(x, a[(i + p) * m + j + q]);
            r[i * m + j] = x;
        }
    return 0;
}
