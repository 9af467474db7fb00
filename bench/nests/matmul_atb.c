/* matmul_atb.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(matmul_atb)(int64_t p, int64_t n, const double *a, int64_t m, const double *b, double *c) {
    for (int64_t i = 0; i < n * m; i++)
        c[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            for (int64_t k = 0; k < p; k++)
                c[i * m + j] += a[k * n + i] * b[k * m + j];
    return 0;
}
