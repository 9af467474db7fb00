/* matmul.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(matmul)(int64_t n, int64_t k, const double *a, int64_t m, const double *b, double *c) {
    for (int64_t i = 0; i < n * m; i++)
        c[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            for (int64_t l = 0; l < k; l++)
                c[i * m + j] += a[i * k + l] * b[l * m + j];
    return 0;
}
