/* wrapped.c: the straightforward C. */
#include "../naive.h"

static inline int64_t around(int64_t a, int64_t b) {
    int64_t r = a % b;
    return r < 0 ? r + b : r;
}

int FUNCTION(wrapped)(int64_t n, int64_t m, const double *a, double *r) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            r[i * m + j] = 0.25 * (a[around(i - 1, n) * m + j] + a[around(i + 1, n) * m + j] +
                                   a[i * m + around(j - 1, m)] + a[i * m + around(j + 1, m)]);
    return 0;
}
