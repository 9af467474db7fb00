/* pool.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(pool)(const double *a, int64_t n, int64_t m, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            const double *p = a + 4 * i * m + 2 * j, *q = p + 2 * m;
            double x = MAX(p[0], p[1]), y = MAX(q[0], q[1]);
            r[i * m + j] = MAX(x, y);
        }
    return 0;
}
