/* matmul_operator.c: the straightforward C. */
#include "../naive.h"

int FUNCTION(matmul_operator)(int64_t n, int64_t p, const double *a, int64_t m, const double *b, double *c) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++) {
            double s = 0;
            for (int64_t k = 0; k < p; k++)
                s += a[i * p + k] * b[k * m + j];
            c[i * m + j] = s;
        }
    return 0;
}
