/* row_dots.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(row_dots)(int64_t n, int64_t m, const double *a, const double *b, double *r) {
    for (int64_t i = 0; i < n; i++) {
        double s = 0;
        for (int64_t j = 0; j < m; j++)
            s += a[i * m + j] * b[i * m + j];
        r[i] = s;
    }
    return 0;
}
