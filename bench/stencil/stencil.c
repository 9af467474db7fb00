/* stencil.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(stencil)(int64_t n, int64_t m, const double *u, const double *c, double *v) {
    for (int64_t i = 0; i < n * m; i++)
        v[i] = 0;
    for (int64_t i = 1; i < n - 1; i++)
        for (int64_t j = 1; j < m - 1; j++) {
            const double *p = u + (i - 1) * m + j - 1, *q = p + m, *r = q + m;
            v[i * m + j] = c[0] * p[0] + c[1] * p[1] + c[2] * p[2] + c[3] * q[0] + c[4] * q[1] + c[5] * q[2] +
                           c[6] * r[0] + c[7] * r[1] + c[8] * r[2];
        }
    return 0;
}
