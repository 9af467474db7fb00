/* symmetric.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(symmetric)(int64_t n, int64_t m, const double *a, double *c) {
    for (int64_t i = 0; i < n * n; i++)
        c[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            for (int64_t k = 0; k < m; k++)
                c[i * n + j] += a[i * m + k] * a[j * m + k];
            c[j * n + i] = c[i * n + j];
        }
    return 0;
}
