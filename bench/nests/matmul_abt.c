/* matmul_abt.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(matmul_abt)(int64_t n, int64_t p, const double *a, int64_t m, const double *b, double *c) {
    for (int64_t i = 0; i < n * m; i++)
        c[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            for (int64_t k = 0; k < p; k++)
                c[i * m + j] += a[i * p + k] * b[j * p + k];
    return 0;
}
