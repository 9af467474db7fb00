/* matmul32.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(matmul32)(int64_t n, int64_t p, const float *a, int64_t m, const float *b, float *c) {
    for (int64_t i = 0; i < n * m; i++)
        c[i] = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            for (int64_t k = 0; k < p; k++)
                c[i * m + j] += a[i * p + k] * b[k * m + j];
    return 0;
}
